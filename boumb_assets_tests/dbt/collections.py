"""Files with their loops as the tables that the SQL models read, and a database that runs the models on them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import pyarrow as pa

from boumb_assets.sql_models import load_models, make_rows

BANDS: Final = 16
SOURCES: Final = {
    "loops": pa.schema([
        ("loop_id", pa.string()), ("dataset", pa.string()), ("sha256", pa.string()), ("path", pa.string()),
        ("fingerprint", pa.string()), ("contract", pa.string()), ("role", pa.string()), ("style", pa.string()),
        ("score", pa.float32()), ("notes", pa.int32()), ("near", pa.list_(pa.uint64())),
    ]),
    "file_facts": pa.schema([
        ("dataset", pa.string()), ("path", pa.string()), ("sha256", pa.string()), ("notes", pa.int32()),
        ("fingerprint", pa.string()), ("title", pa.string()), ("composer", pa.string()),
        ("official_split", pa.string()), ("status", pa.string()), ("duration_s", pa.float64()),
        ("bpm", pa.float32()), ("metre", pa.string()), ("grid", pa.string()), ("key_root", pa.int8()),
        ("key_mode", pa.string()),
    ]),
    "raw_midi": pa.schema([
        ("dataset", pa.string()), ("path", pa.string()), ("sha256", pa.string()), ("bytes", pa.int64()),
        ("title", pa.string()), ("composer", pa.string()), ("composer_died", pa.int32()), ("style", pa.string()),
        ("asked", pa.string()),
    ]),
    "rights_ledger": pa.schema([
        ("dataset", pa.string()), ("sha256", pa.string()), ("path", pa.string()), ("train", pa.bool_()),
        ("redistribute", pa.bool_()), ("obligations", pa.string()), ("rule", pa.string()), ("reason", pa.string()),
        ("takedown", pa.string()),
    ]),
}  # fmt: skip


@dataclass(frozen=True)
class Loop:
    """One loop: the name of its notes, and how many of its bands are its own alone, or the names of its bands."""

    notes_of: str
    own_bands: int = 0
    score: float = 0.5
    notes: int = 10
    role: str = "bass"
    style: str | None = "funk"
    bands: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        return self.notes_of + "~" * self.own_bands

    @property
    def near(self) -> list[int]:
        """Its hashes: of loops that differ in their own bands the others are the same."""
        names = self.bands or [self.notes_of] * (BANDS - self.own_bands) + [self.fingerprint] * self.own_bands
        digests = (hashlib.blake2b(f"{name}/{band}".encode(), digest_size=8) for band, name in enumerate(names))
        return [int.from_bytes(digest.digest(), "little") for digest in digests]


@dataclass(frozen=True)
class File:
    """One file; what is not said is its own alone, or nothing."""

    sha256: str
    loops: tuple[Loop, ...] = ()
    dataset: str = "a"
    music: str | None = None
    composer: str | None = None
    title: str | None = None
    official: str | None = None
    style: str | None = None
    asked: str | None = None
    cleared: bool = True
    takedown: str | None = None
    path: str | None = None

    @property
    def at(self) -> dict[str, str]:
        return {"dataset": self.dataset, "path": self.path or f"{self.sha256}.mid", "sha256": self.sha256}


def own(name: str, count: int = 3) -> tuple[Loop, ...]:
    """Loops that nobody else has."""
    return tuple(Loop(f"{name}-{number}") for number in range(count))


def tables(files: Iterable[File]) -> dict[str, list[dict[str, Any]]]:
    """The rows of the sources; of a file that was taken down there are no notes."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in SOURCES}
    for file in files:
        found["raw_midi"].append({
            **file.at, "bytes": 1, "style": file.style, "asked": file.asked, "title": file.title,
            "composer": file.composer,
        })  # fmt: skip
        found["rights_ledger"].append({
            **file.at, "train": file.cleared, "redistribute": True, "rule": "r", "reason": "because",
            "takedown": file.takedown,
        })  # fmt: skip
        if file.takedown is not None:
            continue
        found["file_facts"].append({
            **file.at, "notes": 50, "fingerprint": file.music or f"music of {file.sha256}", "title": file.title,
            "composer": file.composer, "official_split": file.official,
        })  # fmt: skip
        found["loops"] += [
            {
                **file.at, "loop_id": f"{file.dataset}/{file.sha256}/{number}", "fingerprint": loop.fingerprint,
                "contract": "drum-pattern" if loop.role == "drums" else "boumb-sequence", "role": loop.role,
                "style": loop.style, "score": loop.score, "notes": loop.notes, "near": loop.near,
            }
            for number, loop in enumerate(file.loops)
        ]  # fmt: skip
    return found


class Warehouse:
    """A database that the models are made in, again and again; what they remember stays."""

    def __init__(self, *names: str) -> None:
        """``names``: the models that are wanted, with what they are made of; none: all of them."""
        self.connection = duckdb.connect(config={"threads": 1})
        self.models = in_order(names)
        self._made = False

    def run(self, files: Iterable[File], **variables: Any) -> "Warehouse":
        """Makes the models of these files."""
        for name, rows in tables(files).items():
            self._keep(name, pa.Table.from_pylist(rows, SOURCES[name]))
        for model in self.models:
            known = {name: value for name, value in variables.items() if name in model.variables}
            self._keep(model.name, make_rows(self.connection, model, known, again=self._made))
        self._made = True
        return self

    def _keep(self, name: str, rows: pa.Table) -> None:
        self.connection.register("rows_of", rows)
        self.connection.execute(f'create or replace table "{name}" as from rows_of')
        self.connection.unregister("rows_of")

    def rows(self, statement: str) -> list[Any]:
        return self.connection.execute(statement).fetchall()

    def splits(self) -> dict[str, str | None]:
        """The split of each file that is there, None where it is left out."""
        return dict(self.rows("select sha256, split from file_splits where left_out is distinct from 'gone'"))

    def failing(self) -> dict[str, int]:
        """The tests of schema.yml that do not pass, with the rows that fail."""
        found = {
            f"{model.name}.{test.name}": self.rows(f"select count(*) from ({test.failing})")[0][0]
            for model in self.models
            for test in model.tests
        }
        return {name: count for name, count in found.items() if count}


def in_order(names: Iterable[str] = ()) -> list[Any]:
    """Models after those that they are made of: these and theirs, or all."""
    models = {model.name: model for model in load_models()}
    done: dict[str, Any] = {}

    def visit(name: str) -> None:
        for dep in models[name].deps:
            if dep in models and dep not in done:
                visit(dep)
        done[name] = models[name]

    for name in tuple(names) or models:
        if name not in done:
            visit(name)
    return list(done.values())


def moved(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> set[str]:
    """Files that changed their side; to be left out is no side."""
    return {name for name in before.keys() & after.keys() if len({before[name], after[name]} - {None}) > 1}
