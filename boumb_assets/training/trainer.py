"""The stand-alone LoRA trainer: rows and a base model in, an adapter out; no dagster, so it runs in a notebook too."""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boumb_assets.quiet import quiet_libraries
from boumb_assets.training.base_model import load_model, read_base_report
from boumb_assets.training.batches import by_count, padded
from boumb_assets.training.chat import IGNORED, Encoded, mark_answers
from boumb_assets.training.checkpoints import close_work, mark_complete, open_work, step_of
from boumb_assets.training.config import LARGE_RATE, NANO_RATE, REPORT, TrainConfig, TrainReport
from boumb_assets.training.data import data_version
from boumb_assets.training.encoding import RowEncoder, answer_tokens, draw_rows, in_turn
from boumb_assets.training.folders import folder_version, replacing, write_json
from boumb_assets.training.lora import save_adapter, with_adapter
from boumb_assets.training.nano import fixed_threads
from boumb_assets.training.progress import Progress, silent
from boumb_assets.training.tokenizer import save_tokenizer

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase, Trainer, TrainerCallback, TrainingArguments


def train_lora(config: TrainConfig, progress: Progress | None = None) -> TrainReport:
    """Trains an adapter and writes it to ``config.out``, with the tokenizer and ``report.json``.

    The loss is on the answers alone; rows that say how are in another key each time they are seen. The same
    configuration, rows and base give the same bytes on one kind of machine, also when the run was cut off: called
    again, it goes on from its last checkpoint. Raises TrainingError: no rows, no base, a template that marks no answer,
    nothing but rows that are too long.
    """
    tell = progress or silent
    tell(0, config.steps, "loading the base model")
    base = read_base_report(Path(config.base))
    nano = base is not None and base.pretrained is not None
    data = data_version(config.data)
    fingerprint = config.fingerprint(base_version(config.base), data)
    with fixed_threads(config.threads if config.threads is not None else int(nano)), quiet_libraries():
        model, tokenizer = load_model(config.base)
        mark_answers(tokenizer)
        encoder = RowEncoder(tokenizer, config.max_tokens, int(model.config.max_position_embeddings))
        rows, too_long = draw_rows(encoder, config)
        order = by_count([len(encoded.ids) for _, encoded in rows], config.batch_size, config.steps, config.seed)
        seen = in_turn(encoder, rows, chain.from_iterable(order), config.seed)
        _seed(config.seed)
        adapted = with_adapter(model, config.rank, config.dropout, base.trained_ids if base else ())
        rate = config.learning_rate or (NANO_RATE if nano else LARGE_RATE)
        work = config.work_folder()
        checkpoint = open_work(work, fingerprint)
        trainer = _trainer(adapted, _arguments(config, work, rate), seen, tokenizer)
        trainer.add_callback(_listener(config, tell))
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    losses = tuple(round(float(entry["loss"]), 6) for entry in trainer.state.log_history if "loss" in entry)
    tenth = max(1, len(losses) // 10)
    report = TrainReport(
        fingerprint=fingerprint,
        base=base.base if base else str(config.base),
        data=data,
        steps=config.steps,
        rows=len(rows),
        rows_too_long=too_long,
        tokens=sum(len(row.ids) for row in seen),
        answer_tokens=sum(answer_tokens(row) for row in seen),
        trained_parameters=sum(weights.numel() for weights in adapted.parameters() if weights.requires_grad),
        first_loss=round(sum(losses[:tenth]) / tenth, 4),
        last_loss=round(sum(losses[-tenth:]) / tenth, 4),
        losses=losses,
        resumed_from=step_of(checkpoint) if checkpoint else 0,
    )
    with replacing(config.out, REPORT) as folder:
        save_adapter(adapted, folder, report.base)
        save_tokenizer(tokenizer, folder)
        write_json(folder / REPORT, report.content())
    close_work(work)
    return report


def base_version(base: Path | str) -> str:
    """A digest of what a base folder holds; of a hub id, the id itself."""
    folder = Path(base)
    return folder_version(folder) if folder.is_dir() else str(base)


def collate(rows: Sequence[Encoded], padding: int) -> dict[str, "torch.Tensor"]:
    """One batch: ids, attention mask and labels, each (rows, width) int64, padded on the right to a multiple of 8."""
    import torch

    width = padded(max(len(row.ids) for row in rows))

    def stack(lines: Iterable[Sequence[int]], filler: int) -> torch.Tensor:
        return torch.tensor([[*line, *[filler] * (width - len(line))] for line in lines])

    return {
        "input_ids": stack((row.ids for row in rows), padding),
        "attention_mask": stack(([1] * len(row.ids) for row in rows), 0),
        "labels": stack((row.labels for row in rows), IGNORED),
    }


def _seed(seed: int) -> None:
    from transformers import set_seed

    set_seed(seed)


def _arguments(config: TrainConfig, work: Path, rate: float) -> "TrainingArguments":
    import torch
    from transformers import TrainingArguments

    gpu = torch.cuda.is_available()
    return TrainingArguments(
        output_dir=str(work),
        max_steps=config.steps,
        per_device_train_batch_size=config.batch_size,
        learning_rate=rate,
        lr_scheduler_type="cosine",
        warmup_steps=min(20, config.steps // 10),
        weight_decay=0.0,
        max_grad_norm=1.0,
        seed=config.seed,
        data_seed=config.seed,
        logging_steps=1,
        save_steps=config.save_every,
        save_total_limit=2,  # the one before stays until the new one is marked as whole
        use_cpu=not gpu,
        bf16=gpu and torch.cuda.is_bf16_supported(),
        dataloader_pin_memory=gpu,
        remove_unused_columns=False,
        report_to=[],
        disable_tqdm=True,
    )


def _trainer(
    model: Any, arguments: "TrainingArguments", rows: list[Encoded], tokenizer: "PreTrainedTokenizerBase"
) -> "Trainer":
    """A Trainer that takes ``rows`` in the order given: it was drawn already, and resuming is skipping ahead."""
    from torch.utils.data import SequentialSampler
    from transformers import PrinterCallback, Trainer

    class InOrder(Trainer):  # type: ignore[misc]
        def _get_train_sampler(self, train_dataset: Any = None) -> SequentialSampler:
            return SequentialSampler(rows)

    padding = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
    trainer = InOrder(model, arguments, train_dataset=rows, data_collator=lambda batch: collate(batch, padding))
    trainer.remove_callback(PrinterCallback)
    return trainer


def _listener(config: TrainConfig, tell: Progress) -> "TrainerCallback":
    from transformers import TrainerCallback

    class Listener(TrainerCallback):  # type: ignore[misc]
        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
            if logs and "loss" in logs:
                tell(state.global_step, config.steps, f"training the adapter, loss {float(logs['loss']):.2f}")

        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            mark_complete(config.work_folder(), state.global_step)

    return Listener()
