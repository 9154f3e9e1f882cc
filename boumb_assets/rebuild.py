"""What `boumb run` does: which assets are stale and why, then one Dagster run a partition, in the line's order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import dagster as dg

from boumb_assets.lake.manifest import digest_of
from boumb_assets.lake.store import Lake
from boumb_assets.partitions import Dimension, partition_name
from boumb_assets.settings import Settings
from boumb_assets.stages import Stage, StageError, wanted_inputs

ORDER: Final[tuple[Dimension | None, ...]] = ("dataset", None, "variant")
QUIET: Final = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Stale:
    """One asset (and partition) that is not what its inputs would make."""

    stage: str
    dimension: Dimension | None
    key: str
    why: str
    state: str = field(default="", compare=False)  # a digest of the wanted inputs


@dataclass(frozen=True)
class Line:
    """What a run did with one asset."""

    stage: str
    key: str
    rows: int | None
    seconds: float
    rebuilt: bool
    path: str
    why: str = ""


@dataclass
class Report:
    """What `run` did."""

    lines: list[Line] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    failed_checks: list[str] = field(default_factory=list)


def topological(stages: Mapping[str, Stage]) -> list[Stage]:
    """The stages, each after its deps. Raises ValueError for a circle."""
    done: dict[str, Stage] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"the assets {' -> '.join((*above, name))} are a circle")
        if name not in done:
            for dep in stages[name].deps:
                visit(dep, (*above, name))
            done[name] = stages[name]

    for name in stages:
        visit(name, ())
    return list(done.values())


def stale(
    stages: Mapping[str, Stage],
    lake: Lake,
    settings: Settings,
    dimension: Dimension | None,
    key: str,
    recorded: Callable[[str, str], bool] = lambda name, key: True,
) -> list[Stale]:
    """The stale assets of one partition, in the order of the line: those whose inputs differ from the ones recorded,
    and those after them, which may turn out to be the same once their deps are made.

    ``recorded`` says whether Dagster knows a materialisation of asset and key.
    """
    found: dict[str, Stale] = {}
    for stage in topological(stages):
        if stage.dimension != dimension:
            continue
        above = [dep for dep in stage.deps if dep in found]
        why, state = _reason(stage, stages, lake, settings, key)
        if above:
            why = f"after {', '.join(above)}"
        elif not why and not recorded(stage.name, key):
            why = "not recorded in Dagster"
        if why:
            found[stage.name] = Stale(stage.name, dimension, key, why, state)
    return list(found.values())


def _reason(stage: Stage, stages: Mapping[str, Stage], lake: Lake, settings: Settings, key: str) -> tuple[str, str]:
    """Why the partition is stale by itself (empty if it is not), and a digest of the inputs that it would have."""
    manifest = lake.manifest(stage.name, partition_name(stage.dimension, key))
    try:
        inputs = wanted_inputs(stage, stages, lake, settings, key)
    except StageError as error:
        return str(error) if manifest is not None else "never made", ""
    reasons = ["never made"] if manifest is None else manifest.stale_reasons(inputs)
    return ", ".join(reasons), digest_of(inputs)


def recorded_in(instance: dg.DagsterInstance, stages: Mapping[str, Stage]) -> Callable[[str, str], bool]:
    """Whether the instance has a materialisation of an asset's partition."""
    partitions: dict[str, set[str]] = {}

    def known(name: str, key: str) -> bool:
        asset = dg.AssetKey(name)
        if not key:
            return instance.get_latest_materialization_event(asset) is not None
        if name not in partitions:
            partitions[name] = set(instance.get_materialized_partitions(asset))
        return key in partitions[name]

    return known


def sync_partitions(instance: dg.DagsterInstance, datasets: Iterable[str], variants: Iterable[str]) -> None:
    """Makes the instance's data sets those that are declared, and adds the variants."""
    wanted = set(datasets)
    known = set(instance.get_dynamic_partitions("dataset"))
    if wanted - known:
        instance.add_dynamic_partitions("dataset", sorted(wanted - known))
    for name in sorted(known - wanted):
        instance.delete_dynamic_partition("dataset", name)
    missing = set(variants) - set(instance.get_dynamic_partitions("variant"))
    if missing:
        instance.add_dynamic_partitions("variant", sorted(missing))


def plan(datasets: Sequence[str], variants: Sequence[str]) -> Iterator[tuple[Dimension | None, str]]:
    """The partitions of a run, in the order of the line."""
    keys: dict[Dimension | None, Sequence[str]] = {"dataset": datasets, None: [""], "variant": variants}
    for dimension in ORDER:
        for key in keys[dimension]:
            yield dimension, key


def run(
    definitions: dg.Definitions,
    stages: Mapping[str, Stage],
    settings: Settings,
    instance: dg.DagsterInstance,
    datasets: Sequence[str],
    variants: Sequence[str],
    select: str | None = None,
    announce: Callable[[str, str, Sequence[Stale]], None] = lambda dimension, key, stale: None,
    done: Callable[[Line], None] = lambda line: None,
) -> Report:
    """Materialises what is stale. A data set that fails does not stop the others; an unpartitioned asset that fails
    stops the variants, which are made of it."""
    lake = Lake(settings.home)
    job = definitions.resolve_implicit_global_asset_job_def()
    wanted = _selection(stages, select)
    report = Report()
    for dimension, key in plan(datasets, variants):
        if dimension == "variant" and any(not failure.startswith("dataset ") for failure in report.failed):
            break
        todo = [
            item
            for item in stale(stages, lake, settings, dimension, key, recorded_in(instance, stages))
            if item.stage in wanted
        ]
        announce(dimension or "", key, todo)
        if todo:
            _execute(job, instance, dimension, key, todo, report, done)
    return report


def _selection(stages: Mapping[str, Stage], select: str | None) -> set[str]:
    """The selected asset and all that it is made of."""
    if select is None:
        return set(stages)
    if select not in stages:
        raise ValueError(f"{select!r} is no asset; known: {', '.join(sorted(stages))}")
    found: set[str] = set()
    todo = [select]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(stages[name].deps)
    return found


def _execute(
    job: Any,
    instance: dg.DagsterInstance,
    dimension: Dimension | None,
    key: str,
    todo: Sequence[Stale],
    report: Report,
    done: Callable[[Line], None],
) -> None:
    result = job.execute_in_process(
        run_config=QUIET,
        instance=instance,
        partition_key=key or None,
        asset_selection=[dg.AssetKey(item.stage) for item in todo],
        raise_on_error=False,
        tags={"boumb/why": "; ".join(f"{item.stage}: {item.why}" for item in todo)[:500]},
    )
    why = {item.stage: item.why for item in todo}
    for event in result.get_asset_materialization_events():
        line = _line(event.materialization, key, why)
        report.lines.append(line)
        done(line)
    where = f"{dimension} {key}" if dimension else "assets"
    for evaluation in result.get_asset_check_evaluations():
        if not evaluation.passed:
            text = evaluation.description or "see the check in the UI"
            report.failed_checks.append(f"{where}: {evaluation.asset_key.path[-1]}.{evaluation.check_name}: {text}")
    for event in result.all_events:
        if event.is_step_failure:
            report.failed.append(f"{where}: {event.step_key}: {_cause(event.step_failure_data.error)}")


def _line(materialization: Any, key: str, why: Mapping[str, str]) -> Line:
    metadata = {name: value.value for name, value in materialization.metadata.items()}
    name = materialization.asset_key.path[-1]
    rows = metadata.get("dagster/row_count")
    return Line(
        stage=name,
        key=key,
        rows=None if rows is None else int(rows),
        seconds=float(metadata.get("seconds", 0)),
        rebuilt=bool(metadata.get("rebuilt", True)),
        path=str(metadata.get("path", "")),
        why=why.get(name, ""),
    )


def _cause(error: Any) -> str:
    """The innermost cause of a step's failure, in one line."""
    while error is not None and error.cause is not None:
        error = error.cause
    return " ".join(str(error.message).split()) if error is not None else "no error was recorded"
