"""The whole platform on one page: assets, checks, jobs, sensors, resources, executor."""

from typing import Any, Final

import dagster as dg

from boumb_assets.corpus import assets as corpus
from boumb_assets.corpus import checks as corpus_checks
from boumb_assets.evaluation import assets as evaluation
from boumb_assets.evaluation import checks as evaluation_checks
from boumb_assets.events import assets as events
from boumb_assets.events import checks as events_checks
from boumb_assets.few_shot import assets as few_shot
from boumb_assets.few_shot import checks as few_shot_checks
from boumb_assets.ingest import assets as ingest
from boumb_assets.ingest import checks as ingest_checks
from boumb_assets.release import assets as release
from boumb_assets.release import checks as release_checks
from boumb_assets.resources import Platform, executor
from boumb_assets.rights import assets as rights
from boumb_assets.rights import checks as rights_checks
from boumb_assets.sensors import sensors_of
from boumb_assets.settings import load_settings
from boumb_assets.sql_models import check_of, load_models, stage_of
from boumb_assets.stages import Stage, asset_of
from boumb_assets.training import assets as training
from boumb_assets.training import checks as training_checks

STAGES: Final[dict[str, Stage]] = {
    stage.name: stage
    for stage in (
        ingest.RAW_MIDI,
        events.MIDI_EVENTS,
        rights.RIGHTS_LEDGER,
        corpus.LOOPS,
        corpus.STRUCTURES,
        *(stage_of(model) for model in load_models()),
        corpus.TRAINING_DATA,
        corpus.TRAINING_DATA_CARD,
        few_shot.FEW_SHOT_LIBRARY,
        release.DATA_CARDS,
        training.BASE_MODEL,
        training.LORA_ADAPTER,
        evaluation.EVALUATION,
        release.HUB_RELEASE,
    )
}

ASSETS: Final = [asset_of(stage, STAGES) for stage in STAGES.values()]
CHECKS: Final = [
    *ingest_checks.CHECKS,
    *rights_checks.CHECKS,
    *events_checks.CHECKS,
    *corpus_checks.CHECKS,
    *few_shot_checks.CHECKS,
    *training_checks.CHECKS,
    *evaluation_checks.CHECKS,
    *release_checks.CHECKS,
    *(check_of(model) for model in load_models() if model.tests),
]
DATASET_STAGES: Final = [name for name, stage in STAGES.items() if stage.dimension == "dataset"]
VARIANT_STAGES: Final = [name for name, stage in STAGES.items() if stage.dimension == "variant"]
CORPUS_STAGES: Final = [name for name, stage in STAGES.items() if stage.dimension is None]


def _job(name: str, stages: list[str], description: str) -> Any:
    return dg.define_asset_job(name, dg.AssetSelection.assets(*stages), description=description)


JOBS: Final = [  # in the order of `rebuild.ORDER`
    _job("data_set", DATASET_STAGES, "One data set, from its files to loops and structures."),
    _job("corpus", CORPUS_STAGES, "The SQL models and the training data over all data sets."),
    _job("variant", VARIANT_STAGES, "One variant, from its base model to its release."),
]

defs = dg.Definitions(
    assets=ASSETS,
    asset_checks=CHECKS,
    jobs=JOBS,
    sensors=sensors_of(STAGES, JOBS),
    resources={"platform": Platform()},
    executor=executor(load_settings()),
)
