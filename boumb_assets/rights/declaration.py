"""What a person declares of a data set: where it lies, and by what right it may be used, layer by layer."""

from pathlib import Path, PurePath
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from boumb_assets.lake.manifest import write_atomically
from boumb_assets.lake.names import check_name
from boumb_assets.rights.licences import read_licence

MAX_YAML_BYTES: Final = 1 << 16
MAX_YAML_DEPTH: Final = 10
BUILTIN: Final = "builtin:"
BUILTIN_SOURCES: Final = frozenset(["builtin:demo"])

LayerName = Literal["composition", "encoding", "performance"]
LicenceText = Annotated[str, AfterValidator(lambda text: read_licence(text).text)]
Sentence = Annotated[str, Field(min_length=1, max_length=2000)]

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
        description="An SPDX expression, or one of public-domain, traditional, own, machine-made, none, unknown.",
    )
    holder: Sentence | None = Field(default=None, description="Who holds the rights, or gave the licence.")
    evidence: Sentence | None = Field(default=None, description="Where that is written: an address, a file, a hash.")


class Terms(_Declared):
    """The layers of a piece in a MIDI file: the song, its transcription or typesetting, and the playing recorded in it.
    A licence of one says nothing of another."""

    composition: Layer = Field(default=Layer(), description="The song itself.")
    encoding: Layer = Field(default=Layer(), description="The work of making the file.")
    performance: Layer = Field(default=Layer(), description="The playing, where a person's was recorded.")


class Statement(_Declared):
    """A further statement about one layer, where the sources disagree; the stricter counts."""

    licence: LicenceText
    where: Sentence = Field(description="The document that says so, as README or LICENSE.md.")
    layer: LayerName = "encoding"


class Dataset(_Declared):
    """A data set as its owner declares it."""

    name: str = Field(description="1 to 40 of a-z, 0-9, hyphen and underscore, a letter first.")
    source: str = Field(min_length=1, max_length=4096, description="An absolute folder, or builtin:demo.")
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
        elif "\0" in source or not PurePath(source).is_absolute():
            raise ValueError(
                f"{source!r} is no absolute folder: a relative one would mean another place to each process"
            )
        return source


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
        dataset = Dataset.model_validate(_read_yaml(path))
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


def _read_yaml(path: Path) -> Any:
    """The values of a small, plain YAML file."""
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
