"""From rows to a model, without the platform: the base model, the adapter, and both merged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from boumb_assets.training.base_model import MAX_TEXTS, prepare_base, read_base_report
from boumb_assets.training.config import TrainConfig, TrainReport
from boumb_assets.training.data import answers_in_keys, sample_rows, texts_of
from boumb_assets.training.lora import merge_adapter
from boumb_assets.training.nano import NanoSettings
from boumb_assets.training.progress import Progress, TrainingError, silent
from boumb_assets.training.trainer import train_lora


@dataclass(frozen=True)
class Trained:
    """Where things lie after a run, and its report."""

    base: Path
    adapter: Path
    model: Path | None
    report: TrainReport


def train(
    config: TrainConfig,
    contracts: Sequence[str],
    nano: NanoSettings | None = None,
    merge: bool = False,
    progress: Progress = silent,
) -> Trained:
    """Trains an adapter into ``config.out/adapter``. A ``config.base`` that was not prepared yet, `nano`, a hub id or a
    path, is prepared into ``config.out/base`` first, from the answers in the data; ``merge`` adds ``config.out/model``,
    one plain model. Raises TrainingError; ValueError for an unknown contract."""
    prepared = Path(config.base)
    if not prepared.is_dir() or read_base_report(prepared) is None:
        rows = sample_rows(config.data, MAX_TEXTS, config.seed, config.in_keys)
        answers = answers_in_keys(rows, MAX_TEXTS, config.seed)
        _, questions = texts_of(rows)
        prepared = config.out / "base"
        prepare_base(str(config.base), prepared, contracts, answers, nano, progress, questions)
    if (config.out / "base").is_file() or config.out.is_file():
        raise TrainingError(f"{config.out} is a file: give a folder")
    adapter = config.out / "adapter"
    report = train_lora(replace(config, base=prepared, out=adapter), progress)
    model = config.out / "model" if merge else None
    if model is not None:
        progress(0, 1, "merging the adapter")
        merge_adapter(prepared, adapter, model)
        progress(1, 1, "merged")
    return Trained(prepared, adapter, model, report)
