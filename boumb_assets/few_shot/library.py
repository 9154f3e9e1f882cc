"""The curated library: one reviewable file an example, written by hand, ours (CC0)."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from boumb_assets.contracts.loop_request import Role, Style
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.contracts.registry import contract
from boumb_assets.theory.pitch import pitch_class_of
from boumb_assets.theory.scales import normalise_scale

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

    @property
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
