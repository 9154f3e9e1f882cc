"""What a person declares of a data set: where it lies, and by what right it may be used, layer by layer."""

import re
from pathlib import Path, PurePath
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from boumb_assets.lake.manifest import write_atomically
from boumb_assets.lake.names import check_name
from boumb_assets.rights.licences import LicenceClass, read_licence

MAX_YAML_BYTES: Final = 1 << 16
MAX_YAML_DEPTH: Final = 10
BUILTIN: Final = "builtin:"
BUILTIN_SOURCES: Final = frozenset(["builtin:demo"])
HUB: Final = "hf://datasets/"
HTTPS: Final = "https://"
APP_LOG: Final = "app-log:"
ARCHIVE_SUFFIXES: Final = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")

LayerName = Literal["composition", "encoding", "performance", "generator"]
LAYERS: Final[tuple[LayerName, ...]] = ("composition", "encoding", "performance", "generator")
SourceKind = Literal["builtin", "folder", "archive", "https", "hub", "app-log"]
LicenceText = Annotated[str, AfterValidator(lambda text: read_licence(text).text)]
Sentence = Annotated[str, Field(min_length=1, max_length=2000)]
_HUB_SOURCE: Final = re.compile(
    r"hf://datasets/[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}(@[\w.-]{1,100})?(/[\w. ()+-]+)*"
)
_HTTPS_SOURCE: Final = re.compile(
    r"https://[A-Za-z0-9.-]+(:\d{1,5})?/[!-~]+"
)  # no user and no password before the host

_OPENING: Final = (
    yaml.FlowSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.BlockMappingStartToken,
)
_CLOSING: Final = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)


class DeclarationError(ValueError):
    """A declaration that cannot be read or does not exist; the text says which and what to do."""


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Layer(_Declared):
    """The rights in one layer of a work."""

    licence: LicenceText = Field(
        default="unknown",
        description="An SPDX expression, or one of public-domain, traditional, own, machine-made, per-file, none, "
        "unknown.",
    )
    holder: Sentence | None = Field(default=None, description="Who holds the rights, or gave the licence.")
    evidence: Sentence | None = Field(default=None, description="Where that is written: an address, a file, a hash.")


class Terms(_Declared):
    """The layers of a piece in a MIDI file: the song, its transcription or typesetting, the playing recorded in it, and
    the terms of the model that wrote it, where one did. A licence of one says nothing of another."""

    composition: Layer = Field(default=Layer(), description="The song itself.")
    encoding: Layer = Field(default=Layer(), description="The work of making the file.")
    performance: Layer = Field(default=Layer(), description="The playing, where a person's was recorded.")
    generator: Layer = Field(
        default=Layer(licence="none"), description="The model that wrote it, where one did: the terms of its answers."
    )


class Statement(_Declared):
    """A further statement about one layer, where the sources disagree; the stricter counts."""

    licence: LicenceText
    where: Sentence = Field(description="The document that says so, as README or LICENSE.md.")
    layer: LayerName = "encoding"


class AppLog(_Declared):
    """How an app's log becomes a data set: what of it is taken, and by whose leave."""

    rating_at_least: int = Field(
        default=8, ge=1, le=10, description="Answers rated lower are left out, as unrated ones."
    )
    consent: Literal["each", "all"] = Field(
        default="each",
        description="each: only what carries `consent: true` in the log; all: every user of the app agreed, as "
        "consent_evidence says.",
    )
    consent_evidence: Sentence | None = Field(default=None, description="Where the users' agreement is written.")

    @model_validator(mode="after")
    def _says_where(self) -> "AppLog":
        if self.consent == "all" and self.consent_evidence is None:
            raise ValueError("consent: all needs consent_evidence, which says where the users agreed")
        return self


class Dataset(_Declared):
    """A data set as its owner declares it."""

    name: str = Field(description="1 to 40 of a-z, 0-9, hyphen and underscore, a letter first.")
    source: str = Field(
        min_length=1,
        max_length=4096,
        description="An absolute folder or archive, https://..., hf://datasets/OWNER/NAME[@REVISION][/PATH], "
        "app-log:FOLDER, or builtin:demo.",
    )
    checksum: str | None = Field(
        default=None,
        pattern=r"^(sha256:[0-9a-f]{64}|md5:[0-9a-f]{32})$",
        description="Of the archive, as its makers publish it.",
    )
    title: Sentence | None = Field(default=None, description="What its makers call it.")
    homepage: str | None = Field(default=None, max_length=500, pattern=r"^https://\S+$")
    citation: Sentence | None = Field(default=None, description="The paper to cite.")
    note: Sentence | None = Field(default=None, description="What was found of its rights, for a person to read.")
    app_log: AppLog | None = Field(default=None, description="For an app's log: what of it is taken.")
    terms: Terms = Terms()
    attribution: Sentence | None = Field(default=None, description="The credit that its makers ask for.")
    statements: tuple[Statement, ...] = Field(default=(), max_length=20)

    @field_validator("name")
    @classmethod
    def _safe_name(cls, name: str) -> str:
        return check_name("data set", name)

    @field_validator("source")
    @classmethod
    def _known_source(cls, source: str) -> str:
        if source.startswith(BUILTIN):
            if source not in BUILTIN_SOURCES:
                raise ValueError(f"{source!r} is not built in; known: {', '.join(sorted(BUILTIN_SOURCES))}")
        elif source.startswith(HUB):
            if not _HUB_SOURCE.fullmatch(source) or ".." in source:
                raise ValueError(f"{source!r} is no data set of a hub: hf://datasets/OWNER/NAME[@REVISION][/PATH]")
        elif "://" in source and "@" in source.split("://", 1)[1].split("/", 1)[0]:
            raise ValueError("a name or password stands before the host: such an address is not kept; give it without")
        elif source.startswith(HTTPS):
            if not _HTTPS_SOURCE.fullmatch(source) or not is_archive(source):
                raise ValueError(f"{source!r} is no address of an archive ({' '.join(ARCHIVE_SUFFIXES)})")
        elif "://" in source:
            raise ValueError(f"{source!r}: only https:// and hf://datasets/ are read from a network")
        elif "\0" in source or not PurePath(source.removeprefix(APP_LOG)).is_absolute():
            raise ValueError(f"{source!r} is no absolute path: a relative one would mean another place to each process")
        return source

    @model_validator(mode="after")
    def _fits(self) -> "Dataset":
        if (self.app_log is not None) != (self.kind == "app-log"):
            raise ValueError("app_log goes with a source app-log:FOLDER, and with no other")
        if self.checksum is not None and self.kind not in ("archive", "https"):
            raise ValueError("checksum is of an archive, and the source is none")
        return self

    @property
    def kind(self) -> SourceKind:
        """What kind of source it is."""
        return source_kind(self.source)

    @property
    def terms_that_count(self) -> Terms:
        """The terms; those of an app's log with an unknown generator where they say that there was none, as a model
        wrote its answers."""
        if self.kind == "app-log" and read_licence(self.terms.generator.licence).licence_class is LicenceClass.NONE:
            return self.terms.model_copy(update={"generator": Layer()})
        return self.terms


def source_kind(source: str) -> SourceKind:
    """The kind of a source that is written as a declaration writes it."""
    prefixes: dict[str, SourceKind] = {BUILTIN: "builtin", HUB: "hub", HTTPS: "https", APP_LOG: "app-log"}
    for prefix, kind in prefixes.items():
        if source.startswith(prefix):
            return kind
    return "archive" if is_archive(source) else "folder"


def is_archive(source: str) -> bool:
    """Whether a path or an address ends as an archive does."""
    return source.lower().endswith(ARCHIVE_SUFFIXES)


def absolute_source(source: str) -> str:
    """A source as a declaration has it: a path made absolute from the working directory, an address as it is."""
    if "://" in source or source.startswith(BUILTIN):
        return source
    prefix = APP_LOG if source.startswith(APP_LOG) else ""
    return prefix + str(Path(source.removeprefix(prefix)).expanduser().resolve())


def declarations_folder(home: Path) -> Path:
    """Where the declarations of one home lie, a file each."""
    return home / "datasets"


def load_declarations(home: Path) -> dict[str, Dataset]:
    """The declared data sets by name, in order. One that cannot be read is left out, so that the others can be used;
    `declaration_problems` says what is wrong with it."""
    return _read_all(home)[0]


def load_declaration(home: Path, name: str) -> Dataset:
    """One declared data set. Raises DeclarationError where there is none, or where it cannot be read."""
    path = _path(home, name)
    if not path.is_file():
        raise _undeclared(home, name)
    return read_declaration(path)


def declaration_problems(home: Path) -> dict[str, str]:
    """What is wrong with each declaration that `load_declarations` leaves out, by file name."""
    return _read_all(home)[1]


def save_declaration(home: Path, dataset: Dataset) -> Path:
    """Writes one declaration, in one step, over an earlier one of that name; the file's path."""
    path = _path(home, dataset.name)
    values = dataset.model_dump(mode="json", exclude_none=True)
    text = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=110)
    if len(text.encode()) > MAX_YAML_BYTES:
        raise DeclarationError(f"the declaration of {dataset.name} is larger than {MAX_YAML_BYTES} bytes: shorten it")
    write_atomically(path, text.encode())
    return path


def remove_declaration(home: Path, name: str) -> None:
    """Forgets one declaration. Raises DeclarationError where there is none, naming those that there are."""
    try:
        _path(home, name).unlink()
    except FileNotFoundError:
        raise _undeclared(home, name) from None


def read_declaration(path: Path) -> Dataset:
    """One declaration. Raises DeclarationError in one line: too large, no YAML, a field that does not fit, a name that
    is not the file's."""
    try:
        dataset = Dataset.model_validate(read_plain_yaml(path))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise DeclarationError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from None
    if dataset.name != path.stem:
        raise DeclarationError(f"{path}: says name: {dataset.name}; rename the file or the data set")
    return dataset


def _path(home: Path, name: str) -> Path:
    return declarations_folder(home) / f"{check_name('data set', name)}.yaml"


def _undeclared(home: Path, name: str) -> DeclarationError:
    known = ", ".join(load_declarations(home)) or "none yet"
    return DeclarationError(
        f"no data set {name!r} is declared; known: {known}. `boumb dataset add {name} FOLDER` adds it"
    )


def _read_all(home: Path) -> tuple[dict[str, Dataset], dict[str, str]]:
    found: dict[str, Dataset] = {}
    problems: dict[str, str] = {}
    for path in sorted(declarations_folder(home).glob("*.yaml")):
        if path.name.startswith("."):
            continue
        try:
            found[path.stem] = read_declaration(path)
        except DeclarationError as error:
            problems[path.name] = str(error)
    return found, problems


def read_plain_yaml(path: Path) -> Any:
    """The values of a small, plain YAML file. Raises DeclarationError in one line."""
    try:
        with path.open("rb") as handle:
            data = handle.read(MAX_YAML_BYTES + 1)
        if len(data) > MAX_YAML_BYTES:
            raise DeclarationError(f"{path}: larger than {MAX_YAML_BYTES} bytes: that is no declaration")
        text = data.decode("utf-8")
        if not _is_plain(text):
            raise DeclarationError(f"{path}: YAML aliases (*name) and deep nesting are not read: write it out")
        return yaml.safe_load(text)
    except OSError as error:
        raise DeclarationError(f"{path}: cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise DeclarationError(f"{path}: no YAML: {' '.join(str(error).split())[:200]}") from None


def _is_plain(text: str) -> bool:
    """Whether a YAML text has no aliases, which make a small text a huge value, and is not nested deeply, which takes
    the parser quadratic time. Raises yaml.YAMLError."""
    depth = 0
    for token in yaml.scan(text):
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > MAX_YAML_DEPTH or isinstance(token, yaml.AliasToken):
            return False
    return True
