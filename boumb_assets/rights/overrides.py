"""What a person says of works against their declaration: a further row with a name, a date and a reason, never an
edit."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from boumb_assets.lake.journal import append_row, read_rows
from boumb_assets.lake.manifest import digest_of
from boumb_assets.rights.composers import normal_name
from boumb_assets.rights.declaration import LayerName
from boumb_assets.rights.licences import LicenceClass, read_licence

JOURNAL: Final = "rights/overrides.jsonl"
ID_CHARS: Final = 12
MAX_FILES: Final = 10_000
_SHOWN: Final = 3


class OverrideError(ValueError):
    """An override that says too little, too much, or nothing that can be read."""


def _said(text: str) -> str:
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if not plain:
        raise ValueError("is empty: an override has a name and a reason")
    return plain


def _one_licence(text: str) -> str:
    licence = read_licence(text)
    if licence.licence_class in (LicenceClass.PER_FILE, LicenceClass.UNKNOWN):
        raise ValueError(f"{licence.text} is no licence that an override can give; to deny, say deny")
    return licence.text


Words = Annotated[str, Field(max_length=2000), AfterValidator(_said)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Override(BaseModel):
    """One statement of a person about one layer of some works, or that they are not to be used, or that an earlier
    statement is withdrawn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    override_id: str = Field(default="", description="12 hex characters over all the rest.")
    date: dt.date
    by: Words = Field(description="Who says so.")
    reason: Words = Field(description="Why.")
    dataset: str | None = Field(default=None, max_length=40, description="Only in this data set; alone: all of it.")
    sha256: tuple[Sha256, ...] = Field(default=(), max_length=MAX_FILES, description="Of the files.")
    title: Words | None = Field(default=None, description="Works of this title, but for case, accents and spaces.")
    composer: Words | None = Field(default=None, description="Works of this composer, however the name is written.")
    layer: LayerName | None = Field(default=None, description="The layer that the licence is of.")
    licence: Annotated[str, AfterValidator(_one_licence)] | None = Field(
        default=None, description="What holds instead of what was declared."
    )
    holder: Words | None = Field(default=None, description="Who gave the licence.")
    evidence: Words | None = Field(default=None, description="Where that is written: an address, a file, a hash.")
    deny: bool = Field(default=False, description="Nothing may be done with them.")
    withdraws: str | None = Field(default=None, description="The id of the statement that no longer holds.")

    @field_validator("sha256")
    @classmethod
    def _ordered(cls, hashes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(hashes)))

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.licence is not None) + self.deny + (self.withdraws is not None) != 1:
            raise ValueError("an override gives a licence to one layer, or denies, or withdraws an earlier one")
        if (self.licence is None) != (self.layer is None):
            raise ValueError("a licence goes with the layer that it is of, and a layer with a licence")
        if (self.withdraws is None) == (self._target() is None):
            raise ValueError("an override names files, a title, a composer or a data set, unless it withdraws another")
        return self

    def _target(self) -> str | None:
        shown = ", ".join(one[:ID_CHARS] for one in self.sha256[:_SHOWN])
        more = f" and {len(self.sha256) - _SHOWN} more" if len(self.sha256) > _SHOWN else ""
        parts = {
            "file": f"{shown}{more}" if self.sha256 else None,
            "title": self.title,
            "composer": self.composer,
            "data set": self.dataset,
        }
        return ", ".join(f"{name} {value}" for name, value in parts.items() if value is not None) or None

    @property
    def sentence(self) -> str:
        """What it says, of what, who said it, when, and why."""
        if self.withdraws is not None:
            what = f"withdraws {self.withdraws}"
        elif self.deny:
            what = f"denies {self._target()}"
        else:
            what = f"says {self.licence} of the {self.layer} of {self._target()}"
        return f"{self.by} on {self.date.isoformat()} {what}: {self.reason}"

    def concerns(self, dataset: str) -> bool:
        """Whether it may match a file of that data set."""
        return self.withdraws is None and self.dataset in (None, dataset)


def add_override(
    home: Path,
    *,
    by: str,
    reason: str,
    dataset: str | None = None,
    sha256: Sequence[str] = (),
    title: str | None = None,
    composer: str | None = None,
    layer: LayerName | None = None,
    licence: str | None = None,
    deny: bool = False,
    holder: str | None = None,
    evidence: str | None = None,
    date: dt.date | None = None,
) -> Override:
    """Adds an override to the journal of ``home``, dated today unless ``date`` says otherwise, and gives it back.

    What is named together narrows: a title with a composer means the works of that composer which have that title. One
    that already holds is not written again. Raises OverrideError in one line for what does not fit.
    """
    said = {
        "by": by, "reason": reason, "dataset": dataset, "sha256": tuple(sha256), "title": title, "composer": composer,
        "layer": layer, "licence": licence, "deny": deny, "holder": holder, "evidence": evidence,
    }  # fmt: skip
    made = _made(said | {"date": date or dt.datetime.now(dt.UTC).date()})
    if made not in active_overrides(home):
        append_row(home / JOURNAL, made)
    return made


def withdraw_override(home: Path, override_id: str, *, by: str, reason: str, date: dt.date | None = None) -> Override:
    """Takes an override back, by a further row. Raises OverrideError where none of that id holds."""
    known = [one.override_id for one in active_overrides(home)]
    if override_id not in known:
        raise OverrideError(f"no override {override_id!r} holds; those that do: {', '.join(known) or 'none'}")
    made = _made({
        "by": by, "reason": reason, "withdraws": override_id, "date": date or dt.datetime.now(dt.UTC).date(),
    })  # fmt: skip
    append_row(home / JOURNAL, made)
    return made


def active_overrides(home: Path) -> tuple[Override, ...]:
    """The overrides that hold, in the order in which they were said; what was withdrawn is not among them.

    Raises JournalError for a row that cannot be read.
    """
    holding: dict[str, Override] = {}
    for row in read_rows(home / JOURNAL, Override):
        if row.withdraws is not None:
            holding.pop(row.withdraws, None)
        else:
            holding.setdefault(row.override_id, row)
    return tuple(holding.values())


def overrides_for(overrides: Iterable[Override], dataset: str) -> tuple[Override, ...]:
    """Those of ``overrides`` that may match a file of ``dataset``."""
    return tuple(one for one in overrides if one.concerns(dataset))


def overrides_digest(overrides: Iterable[Override]) -> str:
    """16 hex characters over what ``overrides`` say."""
    return digest_of([one.model_dump(mode="json") for one in overrides])


def same_title(left: str, right: str) -> bool:
    """Whether two titles are the same but for case, accents, punctuation and white space."""
    return normal_name(left) == normal_name(right)


def _made(said: dict[str, object]) -> Override:
    try:
        made = Override.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = "".join(f"{part}: " for part in first["loc"][:1])
        raise OverrideError(f"{where}{first['msg'].removeprefix('Value error, ')}") from None
    content = made.model_dump(mode="json", exclude={"override_id"})
    return made.model_copy(update={"override_id": digest_of(content)[:ID_CHARS]})
