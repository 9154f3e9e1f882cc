"""A stage: what a door declares of its asset. From it come the Dagster asset, its fingerprint and its commit."""

import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import dagster as dg
import pyarrow as pa

from boumb_assets.automation import changed
from boumb_assets.lake.code import code_version
from boumb_assets.lake.journal import JournalError
from boumb_assets.lake.manifest import Manifest
from boumb_assets.lake.progress import report
from boumb_assets.lake.store import Commit, Lake, LakeFullError
from boumb_assets.partitions import PARTITIONS, Dimension, partition_name
from boumb_assets.resources import Platform
from boumb_assets.settings import Settings

OWNERS: Final = ["team:boumb"]
PREVIEW_ROWS: Final = 5
PREVIEW_CHARS: Final = 60
NOT_KEPT: Final = frozenset(["content", "request", "prompt", "asked", "sketch"])


class StageError(RuntimeError):
    """A stage cannot be made; the text says why and what to do."""


@dataclass(frozen=True)
class Build:
    """What a stage's function works with."""

    lake: Lake
    settings: Settings
    key: str
    commit: Commit
    code: str
    log: Callable[[str], None]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def threads(self) -> int:
        """Of a database: one where the settings want one worker, else two."""
        return min(2, self.settings.workers or 2)

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Tells how far the stage has come."""
        report(done, total, text)


@dataclass(frozen=True)
class Stage:
    """One asset of the line. ``make`` fills the commit; ``extra`` names inputs that are no assets: settings, files."""

    name: str
    make: Callable[[Build], None]
    description: str
    group: str
    dimension: Dimension | None = None
    deps: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    extra: Callable[[Lake, Settings, str], dict[str, str]] = lambda lake, settings, key: {}
    table: str = ""
    kinds: frozenset[str] = frozenset()
    op_tags: Mapping[str, str] = field(default_factory=dict)
    lineage: Callable[[Lake], dg.TableColumnLineage] | None = None
    constants: str = ""
    picture: str = ""
    """A file of its artefact that the UI shows: an SVG."""
    guard: Callable[[Lake, Settings, str], str | None] = lambda lake, settings, key: None
    """Why it must not be made of what there is, asked before each making; None if it may."""

    @property
    def code(self) -> str:
        """The version of the code that makes it."""
        return code_version((*self.rooms,), self.packages) + self.constants


def wanted_inputs(
    stage: Stage, stages: Mapping[str, Stage], lake: Lake, settings: Settings, key: str
) -> dict[str, str]:
    """What ``stage`` would be made of now: its code, the data version of each dep, and its extra inputs.

    Raises StageError when a dep was never made.
    """
    inputs = {"code": stage.code, **stage.extra(lake, settings, key)}
    for name in stage.deps:
        dep = stages[name]
        same = dep.dimension is not None and dep.dimension == stage.dimension
        partitions = [partition_name(dep.dimension, key)] if same else lake.partitions(name)
        for partition in partitions:
            manifest = lake.manifest(name, partition)
            if manifest is None:
                raise StageError(f"{stage.name} needs {name} {partition}, which was not made yet: run `boumb run`")
            inputs[f"{name} {partition}".strip()] = manifest.data_version
        if not partitions and dep.dimension is None:
            raise StageError(f"{stage.name} needs {name}, which was not made yet: run `boumb run`")
    return inputs


@dataclass(frozen=True)
class Outcome:
    """What became of a stage."""

    manifest: Manifest
    seconds: float
    built: bool


def run_stage(
    stage: Stage, stages: Mapping[str, Stage], lake: Lake, settings: Settings, key: str, log: Callable[[str], None]
) -> Outcome:
    """Makes one partition of a stage what its inputs say, or finds that it is so already."""
    start = time.perf_counter()
    partition = partition_name(stage.dimension, key)
    with lake.writing(stage.name, partition, log) as commit:
        inputs = wanted_inputs(stage, stages, lake, settings, key)
        if commit.previous is not None and not commit.previous.stale_reasons(inputs):
            return Outcome(commit.previous, time.perf_counter() - start, built=False)
        refused = stage.guard(lake, settings, key)
        if refused is not None:
            raise StageError(f"{stage.name} is not made: {refused}")
        build = Build(lake, settings, key, commit, inputs["code"], log)
        stage.make(build)
        manifest = commit.commit(inputs, build.facts)
    return Outcome(manifest, time.perf_counter() - start, built=True)


def asset_of(stage: Stage, stages: Mapping[str, Stage]) -> dg.AssetsDefinition:
    """The Dagster asset of a stage."""

    @dg.asset(
        name=stage.name,
        description=stage.description,
        group_name=stage.group,
        kinds=set(stage.kinds),
        owners=OWNERS,
        code_version=stage.code,
        partitions_def=PARTITIONS[stage.dimension],
        deps=[_dep(stage, stages[name]) for name in stage.deps],
        automation_condition=changed(),
        op_tags=dict(stage.op_tags),
        pool=f"lake_{stage.group}" if stage.dimension is None else None,
        retry_policy=dg.RetryPolicy(max_retries=1, delay=1),
    )
    def _asset(context: dg.AssetExecutionContext, platform: Platform) -> dg.MaterializeResult[None]:
        settings = platform.settings()
        lake = Lake(settings.home)
        key = context.partition_key if stage.dimension else ""
        try:
            outcome = run_stage(stage, stages, lake, settings, key, context.log.info)
        except (StageError, LookupError, LakeFullError, JournalError) as error:
            raise dg.Failure(description=str(error), allow_retries=False) from error
        return dg.MaterializeResult(
            data_version=dg.DataVersion(outcome.manifest.data_version),
            metadata=metadata_of(stage, lake, outcome),
        )

    return _asset


def _dep(stage: Stage, dep: Stage) -> dg.AssetDep:
    crossing = stage.dimension is not None and dep.dimension is not None and stage.dimension != dep.dimension
    return dg.AssetDep(dep.name, partition_mapping=dg.AllPartitionMapping()) if crossing else dg.AssetDep(dep.name)


def metadata_of(stage: Stage, lake: Lake, outcome: Outcome) -> dict[str, Any]:
    """What the UI shows of a materialisation: rows, columns, a preview, where it lies, and the stage's own figures."""
    manifest = outcome.manifest
    folder = lake.folder(stage.name, manifest.partition)
    known: dict[str, Any] = {
        "path": dg.MetadataValue.path(str(folder)),
        "bytes": manifest.bytes,
        "files": len(manifest.files),
        "seconds": round(outcome.seconds, 3),
        "rebuilt": outcome.built,
    }
    if stage.table:
        columns = manifest.tables.get(stage.table, {})
        known["dagster/row_count"] = manifest.rows(stage.table)
        known["dagster/column_schema"] = dg.TableSchema([dg.TableColumn(name, kind) for name, kind in columns.items()])
        known["preview"] = dg.MetadataValue.md(preview(lake, manifest, stage.table))
    if stage.picture:
        svg = b64encode((lake.artefact(stage.name, manifest.partition) / stage.picture).read_bytes()).decode("ascii")
        known["picture"] = dg.MetadataValue.md(f"![{stage.name}](data:image/svg+xml;base64,{svg})")
    if stage.lineage is not None:
        known["dagster/column_lineage"] = stage.lineage(lake)
    for name, value in manifest.facts.items():
        known[name] = dg.MetadataValue.json(value) if isinstance(value, dict | list) else value
    return known


def preview(lake: Lake, manifest: Manifest, table: str) -> str:
    """The first rows of a table as Markdown. It is kept in Dagster's history, so it shows no music and no words of
    anybody: those have to go when they are taken down."""
    import pyarrow.parquet as pq

    paths = lake.paths(manifest, table)
    if not paths:
        return "no rows"
    batch = next(pq.ParquetFile(paths[0]).iter_batches(batch_size=PREVIEW_ROWS), None)
    if batch is None or batch.num_rows == 0:
        return "no rows"
    rows: pa.Table = pa.Table.from_batches([batch])
    names = [name for name in rows.column_names if name not in NOT_KEPT]
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    for row in rows.to_pylist():
        cells = (str("" if row[name] is None else row[name]) for name in names)
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    short = text if len(text) <= PREVIEW_CHARS else text[: PREVIEW_CHARS - 1] + "…"
    return short.replace("|", "\\|").replace("\n", " ")
