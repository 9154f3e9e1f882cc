"""The catalogue of known data sets: where each lies, its true terms by layer, and our decision in words."""

import re
from functools import cache
from importlib.resources import as_file, files
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from boumb_assets.lake.names import check_name
from boumb_assets.rights.declaration import (
    Dataset,
    DeclarationError,
    Sentence,
    Statement,
    Terms,
    absolute_source,
    read_plain_yaml,
    source_kind,
)

FOLDER: Final = "known"
_CHECKED: Final = frozenset(["archive", "https"])
_REPOSITORY: Final = re.compile(r"(?:https://(?:codeload\.)?(github)\.com/|(hf)://datasets/)([^/]+/[^/@]+)")


class KnownDataset(BaseModel):
    """A data set as the catalogue knows it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: Sentence
    homepage: str = Field(pattern=r"^https://\S+$")
    source: str | None = Field(default=None, description="Its address; none where a copy has to be got by hand.")
    checksum: str | None = Field(default=None, description="Of its archive, as published; none where it is not known.")
    terms: Terms
    attribution: Sentence | None = None
    citation: Sentence | None = None
    statements: tuple[Statement, ...] = ()
    note: Sentence = Field(description="Our decision and why, and what could not be verified.")

    @field_validator("name")
    @classmethod
    def _safe_name(cls, name: str) -> str:
        return check_name("data set", name)

    @model_validator(mode="after")
    def _can_be_declared(self) -> Self:
        dataset_of_known(self, self.source or f"/{self.name}")
        return self


def known_datasets() -> dict[str, KnownDataset]:
    """The catalogue by name, in order."""
    return dict(_catalogue())


def known_at(source: str) -> KnownDataset | None:
    """The known data set that lies at an address, under whatever name, at any revision of its repository.
    None for another address, and for a copy on this machine."""
    place = _place(source)
    return next((known for known in known_datasets().values() if known.source and _place(known.source) == place), None)


def _place(address: str) -> str:
    repository = _REPOSITORY.match(address)
    return "/".join(filter(None, repository.groups() if repository else [address])).lower()


def dataset_of_known(known: KnownDataset, source: str | None = None, checksum: str | None = None) -> Dataset:
    """The declaration of a known data set, from its own address or from a copy at ``source``.

    The published checksum is of the published archive: it goes with the catalogue's own address, and with an archive
    that is given, unless ``checksum`` says another. Raises ValueError where no source is public and none was given.
    """
    where = source if source is not None else known.source
    if where is None:
        raise ValueError(
            f"{known.name} has no address that it could be fetched from: see {known.homepage}, then "
            f"`boumb dataset add {known.name} FOLDER` says where your copy lies"
        )
    published = known.checksum if source_kind(where) in _CHECKED else None
    return Dataset(
        name=known.name,
        source=absolute_source(where),
        checksum=checksum or published,
        title=known.title,
        homepage=known.homepage,
        citation=known.citation,
        note=known.note,
        terms=known.terms,
        attribution=known.attribution,
        statements=known.statements,
    )


@cache
def _catalogue() -> tuple[tuple[str, KnownDataset], ...]:
    entries = []
    with as_file(files("boumb_assets.rights") / FOLDER) as folder:
        for path in sorted(folder.glob("*.yaml")):
            try:
                known = KnownDataset.model_validate(read_plain_yaml(path))
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False, include_context=False)[0]
                raise DeclarationError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
            entries.append((known.name, known))
    return tuple(entries)
