"""The curated library: one reviewable file an example, written by hand, ours (CC0)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, cast

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from boumb_assets.contracts.loop_request import Role, Style
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.contracts.registry import contract
from boumb_assets.render.notes import Content, perform
from boumb_assets.rights.takedowns import Takedown, active_takedowns, print_index, takedowns_digest
from boumb_assets.theory.pitch import pitch_class_of
from boumb_assets.theory.scales import normalise_scale
from boumb_assets.theory.work_print import WorkPrint, work_print

FOLDER: Final = "library"


class LibraryError(ValueError):
    """A file of the library that does not fit; the text names it and says why."""


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    item_id: str = Field(description="The file's name without its suffix.")
    title: str = Field(min_length=1, max_length=80)
    why: str = Field(min_length=20, max_length=400, description="What a learner should hear in it.")
    licence: Literal["CC0-1.0"]


class LibraryLoop(_Item):
    """A loop of the studio."""

    style: Style
    role: Role
    root: str | None = Field(description="The name of the root; None for drums.")
    scale: str | None
    bpm: int = Field(ge=40, le=220)
    contract: Literal["boumb-sequence", "drum-pattern"]
    text: str = Field(description="The canonical text of its content.")

    @field_validator("root")
    @classmethod
    def _root_is_a_note(cls, value: str | None) -> str | None:
        if value is not None:
            pitch_class_of(value)
        return value

    @field_validator("scale")
    @classmethod
    def _scale_is_known(cls, value: str | None) -> str | None:
        return None if value is None else normalise_scale(value)

    @property
    def root_class(self) -> int | None:
        """Pitch class of the root, 0..11."""
        return None if self.root is None else pitch_class_of(self.root)


class LibraryStructure(_Item):
    """A structure of the classical generator, with the request that it answers."""

    request: MusicRequest
    structure: MusicStructure

    @cached_property
    def text(self) -> str:
        """The canonical text of the structure."""
        return self.structure.to_json()


@dataclass(frozen=True)
class Library:
    """All examples, sorted by name."""

    loops: tuple[LibraryLoop, ...]
    structures: tuple[LibraryStructure, ...]


@cache
def load_library() -> Library:
    """The library. Raises LibraryError for a file that does not fit, with its name."""
    return Library(
        loops=tuple(_loop(name, values) for name, values in _read("loops")),
        structures=tuple(_structure(name, values) for name, values in _read("structures")),
    )


def library_of(home: Path) -> Library:
    """The library without what was taken down in ``home`` by now. Raises LibraryError, and JournalError for takedowns
    that cannot be read."""
    return _library_of(home, takedowns_digest(home))


@lru_cache(maxsize=2)
def _library_of(home: Path, takedowns: str) -> Library:
    return available_library(active_takedowns(home))


def available_library(takedowns: Sequence[Takedown]) -> Library:
    """The library without the examples whose notes one of ``takedowns`` holds: ours, but the same music as a work that
    somebody asked to take out."""
    library, taken = load_library(), print_index(takedowns)
    if not len(taken):
        return library
    return Library(
        loops=tuple(item for item in library.loops if taken.match(item_print(item)) is None),
        structures=tuple(item for item in library.structures if taken.match(item_print(item)) is None),
    )


def item_print(item: LibraryLoop | LibraryStructure) -> WorkPrint:
    """The print of an example's notes, as it is played."""
    content = item.structure if isinstance(item, LibraryStructure) else contract(item.contract).parse(item.text)
    played = perform(cast(Content, content))
    drums = np.array([voice.is_drum for voice in played.voices], np.bool_)
    return work_print(played.onset_s * played.bpm / 60 * 4, played.pitch, drums[played.voice])


def _read(kind: str) -> list[tuple[str, dict[str, Any]]]:
    folder = files(__package__) / FOLDER / kind
    found = sorted((path for path in folder.iterdir() if path.name.endswith(".json")), key=lambda path: path.name)
    return [(path.name.removesuffix(".json"), json.loads(path.read_text(encoding="utf-8"))) for path in found]


def _loop(name: str, values: dict[str, Any]) -> LibraryLoop:
    try:
        text = json.dumps(values.pop("content"), separators=(",", ":"))
        canonical = contract(values["contract"]).parse(text).to_json()
        return LibraryLoop(item_id=name, text=canonical, **values)
    except (ValueError, KeyError, TypeError) as error:
        raise LibraryError(f"few_shot/library/loops/{name}.json: {error}") from error


def _structure(name: str, values: dict[str, Any]) -> LibraryStructure:
    try:
        request = MusicRequest.model_validate_json(json.dumps(values.pop("request")))
        structure = MusicStructure.model_validate_json(json.dumps(values.pop("content")))
        return LibraryStructure(item_id=name, request=request, structure=structure, **values)
    except (ValueError, KeyError, TypeError) as error:
        raise LibraryError(f"few_shot/library/structures/{name}.json: {error}") from error
