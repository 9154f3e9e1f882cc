"""The doors of training: base_model and lora_adapter."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa

from boumb_assets.contracts.registry import contract
from boumb_assets.corpus.jsonl import shard_files
from boumb_assets.corpus.rows_schema import learned_rows
from boumb_assets.lake.manifest import digest_of
from boumb_assets.lake.store import Lake
from boumb_assets.rights.second_look import refused_rows
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage, StageError
from boumb_assets.training.base_model import MAX_TEXTS, NANO, prepare_base
from boumb_assets.training.config import TrainConfig
from boumb_assets.training.data import answers_in_keys, sample_rows, texts_of
from boumb_assets.training.nano import NanoSettings
from boumb_assets.training.progress import TrainingError
from boumb_assets.training.trainer import train_lora

GPU: Final = {
    "dagster-k8s/config": '{"container_config":{"resources":{"limits":{"nvidia.com/gpu":"1"}}}}',
    "dagster-ray/config": '{"num_gpus":1}',
}
THREADS: Final = 2  # a fixed number: the sums, and so the bytes, do not depend on the machine's cores


def _train_rows(build: Build, folder: Path) -> Path:
    """A folder with links to the train shards of the variant's contracts: what the stand-alone trainer is given."""
    variant = build.settings.variant(build.key)
    paths = shard_files(build.lake.artefact("training_data"), "train", variant.contracts)
    if not paths:
        raise StageError(
            f"{build.key} has no row to train on: training_data holds none of {', '.join(variant.contracts)} in train. "
            "`boumb rights audit` says which data sets are cleared"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        (folder / path.name).symlink_to(path.resolve())
    return folder


def _make_base(build: Build) -> None:
    variant = build.settings.variant(build.key)
    base_key = digest_of([build.code, variant.base, variant.contracts])
    previous = build.commit.previous
    if variant.base != NANO and previous is not None and previous.facts.get("made_of") == base_key:
        build.commit.keep_artefact()  # a base that is loaded does not depend on the rows
        build.facts.update(previous.facts)
        return
    texts: list[str] = []
    prompts: list[str] = []
    if variant.base == NANO:
        rows = sample_rows(_train_rows(build, build.commit.scratch / "rows"), MAX_TEXTS, build.settings.training.seed)
        texts = answers_in_keys(rows, MAX_TEXTS, build.settings.training.seed)
        _, prompts = texts_of(rows)
    settings = NanoSettings(steps=build.settings.training.base_steps, seed=build.settings.training.seed)
    out = build.commit.workspace() / "model"
    try:
        report = prepare_base(
            variant.base, out, variant.contracts, texts, settings, _named(build, "base_model"), prompts
        )
    except TrainingError as error:
        raise StageError(str(error)) from error
    build.commit.adopt(out, "model")
    build.facts.update({
        "made_of": base_key,
        "base": report.base,
        "parameters": report.parameters,
        "vocabulary": report.vocabulary,
        "tokens_a_text": report.tokens_a_text,
    })  # fmt: skip
    if report.pretrained is not None:
        build.facts.update({"first_loss": report.pretrained.first_loss, "last_loss": report.pretrained.last_loss})


class _named:
    """Progress under the asset's name."""

    def __init__(self, build: Build, name: str) -> None:
        self._build, self._name = build, name

    def __call__(self, done: int, total: int, text: str) -> None:
        self._build.progress(done, total, f"{self._name}: {text}")


def _make_adapter(build: Build) -> None:
    training = build.settings.training
    variant = build.settings.variant(build.key)
    config = TrainConfig(
        base=build.lake.artefact("base_model", f"variant={build.key}"),
        data=_train_rows(build, build.commit.scratch / "rows"),
        out=build.commit.workspace() / "adapter",
        work=build.lake.home / "checkpoints" / build.key,  # outlives a run that is killed: the next one goes on from it
        steps=variant.lora_steps or training.lora_steps,
        seed=training.seed,
        max_tokens=build.settings.data.max_answer_tokens,
        threads=THREADS,
    )
    try:
        report = train_lora(config, _named(build, "lora_adapter"))
    except TrainingError as error:
        raise StageError(str(error)) from error
    build.commit.adopt(config.out, "adapter")
    build.commit.write("losses", _losses(build.key, report.losses))
    build.commit.write("trained_on", _trained_on(build))
    build.facts.update({
        "base": report.base, "steps": report.steps, "rows": report.rows, "rows_too_long": report.rows_too_long,
        "answer_tokens": report.answer_tokens, "trained_parameters": report.trained_parameters,
        "first_loss": report.first_loss, "last_loss": report.last_loss,
    })  # fmt: skip


def _trained_on(build: Build) -> pa.Table:
    """The files of the rows that the adapter, and a base model made from scratch, were given; how many rows of each."""
    rows = build.lake.read("training_data", "training_rows")
    learned = learned_rows(rows, build.settings.variant(build.key).contracts)
    files = (
        learned.group_by(["dataset", "sha256"])
        .aggregate([([], "count_all")])
        .sort_by([("dataset", "ascending"), ("sha256", "ascending")])
    )
    return pa.table({
        "variant": pa.array([build.key] * files.num_rows, pa.string()),
        "dataset": files["dataset"],
        "sha256": files["sha256"],
        "rows": files["count_all"],
    })  # fmt: skip


def _losses(variant: str, losses: tuple[float, ...]) -> pa.Table:
    steps = list(range(1, len(losses) + 1))
    return pa.table({
        "variant": pa.array([variant] * len(steps), pa.string()),
        "step": pa.array(steps, pa.int32()),
        "loss": pa.array(losses, pa.float64()),
    })  # fmt: skip


def _contracts(settings: Settings, key: str) -> Iterator[tuple[str, str]]:
    for name in settings.variant(key).contracts:
        yield f"contract {name}", contract(name).fingerprint()


def _base_extra(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    variant = settings.variant(key)
    steps = {"steps": str(settings.training.base_steps)} if variant.base == NANO else {}
    return {"base": variant.base, "seed": str(settings.training.seed), **steps, **dict(_contracts(settings, key))}


def _adapter_extra(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    variant = settings.variant(key)
    training = {
        "steps": variant.lora_steps or settings.training.lora_steps,
        "seed": settings.training.seed,
        "max_tokens": settings.data.max_answer_tokens,
    }
    return {"training": digest_of(training), **dict(_contracts(settings, key))}


TRAINER: Final = ("boumb_assets.training", "boumb_assets.contracts", "boumb_assets.theory")

BASE_MODEL: Final = Stage(
    name="base_model",
    make=_make_base,
    description=(
        "The model that the adapter starts from: `nano`, a small Qwen2 made from scratch and trained on sequences "
        "alone, or one of the hub; with the JSON-native vocabulary, whose text is the JSON itself."
    ),
    group="models",
    dimension="variant",
    deps=("training_data",),
    rooms=TRAINER,
    packages=("torch", "transformers", "tokenizers"),
    extra=_base_extra,
    guard=refused_rows,
    kinds=frozenset({"pytorch", "huggingface"}),
    op_tags=GPU,
)
LORA_ADAPTER: Final = Stage(
    name="lora_adapter",
    make=_make_adapter,
    description=(
        "The adapter that learns to follow prompts: LoRA, loss on the answer alone, by the stand-alone trainer."
    ),
    group="models",
    dimension="variant",
    deps=("base_model", "training_data"),
    rooms=TRAINER,
    packages=("torch", "transformers", "peft"),
    extra=_adapter_extra,
    guard=refused_rows,
    table="losses",
    constants="trained_on",
    kinds=frozenset({"pytorch", "huggingface"}),
    op_tags=GPU,
)
