"""The sensors: one that follows the edges of automation, one that compares levels."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from boumb_assets.lake.manifest import digest
from boumb_assets.lake.store import Lake
from boumb_assets.partitions import Dimension
from boumb_assets.rebuild import ORDER, stale
from boumb_assets.resources import Platform
from boumb_assets.stages import Stage

SECONDS = 30


def sensors_of(stages: Mapping[str, Stage], jobs: Sequence[Any]) -> list[dg.SensorDefinition]:
    """The platform's sensors, both off until someone turns them on in the UI."""
    by_dimension = dict(zip(ORDER, jobs, strict=True))

    @dg.sensor(name="stale_assets", jobs=list(jobs), minimum_interval_seconds=SECONDS)
    def stale_assets(
        context: dg.SensorEvaluationContext, platform: Platform
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        """Starts a run for each partition whose recorded inputs are not what its inputs are now.

        It compares levels, where automation conditions follow edges: files that came into a folder leave no event, and
        an edge that was lost (a daemon that was down, a run that was killed) is found here on the next tick. The run
        key is a digest of the wanted and the recorded inputs, so the same state never starts two runs, and a run that
        failed is not started again until something about its inputs changes.
        """
        settings = platform.settings()
        lake = Lake(settings.home)
        for dimension in ORDER:
            requests = list(_requests(stages, lake, settings, dimension, _keys(context, dimension), by_dimension))
            if requests:
                yield from requests
                return  # what comes later on the line is made of this
        yield dg.SkipReason("nothing is stale")

    automation = dg.AutomationConditionSensorDefinition(
        "changed_inputs", target=dg.AssetSelection.all(), minimum_interval_seconds=SECONDS
    )
    return [automation, stale_assets]


def _keys(context: dg.SensorEvaluationContext, dimension: Dimension | None) -> Sequence[str]:
    return context.instance.get_dynamic_partitions(dimension) if dimension else [""]


def _requests(
    stages: Mapping[str, Stage],
    lake: Lake,
    settings: Any,
    dimension: Dimension | None,
    keys: Sequence[str],
    jobs: Mapping[Dimension | None, Any],
) -> Iterator[dg.RunRequest]:
    for key in keys:
        found = stale(stages, lake, settings, dimension, key)
        if found:
            state = digest(key, *(f"{item.stage}:{item.state}" for item in found), _recorded(lake, found))
            yield dg.RunRequest(
                run_key=state,
                job_name=jobs[dimension].name,
                partition_key=key or None,
                asset_selection=[dg.AssetKey(item.stage) for item in found],
            )


def _recorded(lake: Lake, found: Sequence[Any]) -> str:
    """What the manifests say now, so that a state that comes back later is another state."""
    partitions = [(item.stage, f"{item.dimension}={item.key}" if item.dimension else "") for item in found]
    manifests = [lake.manifest(stage, partition) for stage, partition in partitions]
    return digest(*(f"{sorted(manifest.inputs.items())}" if manifest else "none" for manifest in manifests))
