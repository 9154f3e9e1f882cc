"""Where a file went, and what a thing was made of: files, loops, rows, adapters, releases, followed both ways."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import duckdb

from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect, literal, view_statements
from boumb_assets.rights.takedowns import active_takedowns

MIN_PREFIX: Final = 6


@dataclass(frozen=True)
class Trace:
    """One thing and all that it is tied to, upwards to its files and downwards to what was released."""

    found_as: tuple[str, ...]
    """What the identifier named: file, loop, structure, row, adapter, release; more than one where several begin so."""
    files: list[dict[str, Any]] = field(default_factory=list)
    loops: list[dict[str, Any]] = field(default_factory=list)
    structures: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    adapters: list[dict[str, Any]] = field(default_factory=list)
    releases: list[dict[str, Any]] = field(default_factory=list)
    takedowns: list[dict[str, Any]] = field(default_factory=list)


def trace(lake: Lake, identifier: str) -> Trace:
    """Follows ``identifier``: the first characters (six at least) of a file's sha256, of the id of a loop, a structure
    or a row, or of a release's version; or a variant's name.

    Of a file, what was made of it; of anything else, the files it was made of, and what those became in its place.
    Raises ValueError for what is too short, LookupError for what the lake does not know.
    """
    released = _released(lake)
    variants = {name for name, _, _ in released} | {
        name.removeprefix("variant=") for name in lake.partitions("lora_adapter")
    }
    if identifier not in variants and len(identifier) < MIN_PREFIX:
        raise ValueError(f"give at least the first {MIN_PREFIX} characters of what is traced, or a variant's name")
    with connect(lake) as connection:
        query = _Query(connection, frozenset(view_statements(lake)))
        found = query.named(identifier)
        if identifier in variants:
            found["adapter"] = query.files_of_adapter(identifier)
        versions = [(name, files) for name, version, files in released if version.startswith(identifier)]
        if versions:
            found["release"] = sorted({sha256 for _, files in versions for sha256 in files})
        if not any(found.values()):
            raise LookupError(
                f'nothing in the lake begins with {identifier!r}: `boumb sql "select sha256, path from raw_midi"` '
                "lists the files"
            )
        hashes = sorted({sha256 for of_kind in found.values() for sha256 in of_kind})
        query.keep(hashes)
        files = query.files()
        query.narrow(
            identifier, "files" if found["file"] else "models" if versions or identifier in variants else "one"
        )
        return Trace(
            found_as=tuple(kind for kind, of_kind in found.items() if of_kind),
            files=files,
            loops=query.loops(),
            structures=query.structures(),
            rows=query.rows(),
            adapters=query.adapters(),
            releases=[
                {"variant": name, "version": version, "files": len(set(files) & set(hashes))}
                for name, version, files in released
                if set(files) & set(hashes)
            ],
            takedowns=_takedowns(lake, files),
        )


class _Query:
    """The questions, each over the tables that are there."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: frozenset[str]) -> None:
        self._connection, self._tables = connection, tables
        self._scope: Literal["files", "models", "one"] = "files"

    def named(self, identifier: str) -> dict[str, list[str]]:
        """The files' sha256 by what ``identifier`` is the beginning of."""
        questions = {
            "file": ("raw_midi", "select distinct sha256 from raw_midi where starts_with(sha256, ?)"),
            "loop": ("loops", "select distinct sha256 from loops where starts_with(loop_id, ?)"),
            "structure": ("structures", "select distinct sha256 from structures where starts_with(structure_id, ?)"),
            "row": ("training_rows", "select distinct sha256 from training_rows where starts_with(row_id, ?)"),
        }
        return {
            kind: [str(row["sha256"]) for row in self._select(statement, [identifier], table)]
            for kind, (table, statement) in questions.items()
        }

    def files_of_adapter(self, variant: str) -> list[str]:
        """The files that an adapter learned from."""
        rows = self._select("select distinct sha256 from trained_on where variant = ?", [variant], "trained_on")
        return [str(row["sha256"]) for row in rows]

    def keep(self, hashes: Sequence[str]) -> None:
        """Sets the files that the further questions are about."""
        self._connection.execute(
            "create or replace temp table wanted as select unnest(?::varchar[]) as sha256", [hashes]
        )

    def files(self) -> list[dict[str, Any]]:
        """The files with their decision."""
        return self._select(
            "select raw.dataset, raw.path, raw.sha256, raw.title, raw.composer, ledger.train, ledger.rule, "
            "ledger.reason, ledger.obligations, ledger.takedown from raw_midi as raw semi join wanted using (sha256) "
            "left join rights_ledger as ledger using (dataset, path, sha256) order by all",
            [],
            "raw_midi",
            "rights_ledger",
        )

    def narrow(self, identifier: str, scope: Literal["files", "models", "one"]) -> None:
        """Sets the loops and rows that are told: all of the files; of a model none, as they are too many; or those that
        ``identifier`` names, and what they are tied to."""
        if not self._tables.issuperset({"training_rows"}):
            rows = "select '' as row_id, '' as loop_id where false"
        else:
            rows = "select row_id, loop_id from training_rows semi join wanted using (sha256)"
        conditions = {
            "files": "true",
            "models": "false",
            "one": "starts_with(row_id, getvariable('named')) or starts_with(loop_id, getvariable('named'))",
        }
        self._connection.execute(f"set variable named = {literal(identifier)}")
        self._connection.execute(f"create or replace temp table wanted_rows as {rows} where {conditions[scope]}")
        self._scope = scope

    def loops(self) -> list[dict[str, Any]]:
        """The loops that were cut from them."""
        return self._answers("loops", "loop_id", "loop_id, dataset, sha256, contract, role, style, track, start_bar")

    def structures(self) -> list[dict[str, Any]]:
        """The structures that were derived from them."""
        return self._answers("structures", "structure_id", "structure_id, dataset, sha256, contract")

    def rows(self) -> list[dict[str, Any]]:
        """The rows that were written of them."""
        columns = "row_id, dataset, sha256, loop_id, split, shard, line, contract, language, rights"
        return self._select(
            f"select {columns} from training_rows where row_id in (select row_id from wanted_rows) order by all",
            [],
            "training_rows",
        )

    def adapters(self) -> list[dict[str, Any]]:
        """The adapters that learned from them."""
        return self._select(
            "select variant, count(distinct sha256) as files, sum(rows)::bigint as rows from trained_on "
            "semi join wanted using (sha256) group by variant order by variant",
            [],
            "trained_on",
        )

    def _answers(self, table: str, name: str, columns: str) -> list[dict[str, Any]]:
        """The loops or structures of the files, or those that are named or have a row that is."""
        conditions = {
            "files": "true",
            "models": "false",
            "one": f"starts_with({name}, getvariable('named')) or {name} in (select loop_id from wanted_rows)",
        }
        return self._select(
            f"select {columns} from {table} semi join wanted using (sha256) where {conditions[self._scope]} "
            "order by all",
            [],
            table,
        )

    def _select(self, statement: str, values: Sequence[Any], *tables: str) -> list[dict[str, Any]]:
        if not self._tables.issuperset(tables):
            return []
        result = self._connection.execute(statement, list(values))
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _released(lake: Lake) -> list[tuple[str, str, list[str]]]:
    """Variant, version and the files' sha256 of every release in the lake."""
    found = []
    for partition in lake.partitions("hub_release"):
        folder = lake.artefact("hub_release", partition)
        version = json.loads((folder / "release.json").read_text(encoding="utf-8"))["version"]
        sources = json.loads((folder / "training_data" / "manifest.json").read_text(encoding="utf-8"))["files"]
        hashes = [str(source["sha256"]) for source in sources]
        found.append((partition.removeprefix("variant="), str(version), hashes))
    return found


def _takedowns(lake: Lake, files: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The takedowns that name the files, or that the ledger found to hold their title, composer or notes."""
    hashes = {file["sha256"] for file in files}
    found = {file.get("takedown") for file in files}
    return [
        {"takedown_id": one.takedown_id, "date": str(one.date), "by": one.by, "reason": one.reason}
        for one in active_takedowns(lake.home)
        if one.takedown_id in found or hashes & set(one.sha256)
    ]
