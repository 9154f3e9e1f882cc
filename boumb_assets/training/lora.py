"""The adapter: low-rank matrices on every linear layer, and the rows of new tokens."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boumb_assets.quiet import quiet_libraries
from boumb_assets.training.base_model import load_model
from boumb_assets.training.folders import replacing, write_json
from boumb_assets.training.tokenizer import save_tokenizer

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel


def with_adapter(model: "PreTrainedModel", rank: int, dropout: float, trained_ids: Sequence[int]) -> "PeftModel":
    """``model`` under LoRA (Hu et al. 2021) with scale 2: on all linear layers but the output, and, of the embedding,
    on the rows ``trained_ids`` alone. An output layer that is not tied to the embedding has its rows trained too."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        lora_dropout=dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
        trainable_token_indices=_rows(model, trained_ids),
    )
    return get_peft_model(model, config)


def _rows(model: "PreTrainedModel", ids: Sequence[int]) -> dict[str, list[int]] | None:
    if not ids:
        return None
    named = {module: name for name, module in model.named_modules()}
    embedding, output = model.get_input_embeddings(), model.get_output_embeddings()
    layers = [embedding]
    if output is not None and output.weight is not embedding.weight:
        layers.append(output)
    return {named[layer]: list(ids) for layer in layers}


def save_adapter(model: "PeftModel", folder: Path, base: str) -> None:
    """Writes the adapter so that equal weights are equal bytes: peft writes sets in the order of their hashes, the
    path of the base as it lay here, and a model card that is not ours."""
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    path = folder / "adapter_config.json"
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    config["base_model_name_or_path"] = base
    for name in ("target_modules", "exclude_modules", "modules_to_save"):
        if isinstance(config.get(name), list):
            config[name] = sorted(config[name])
    write_json(path, config)


def merge_adapter(base: Path, adapter: Path, out: Path) -> None:
    """Writes ``base`` with ``adapter`` merged into its weights to ``out``: one plain model for any runtime.

    ``base`` is the folder that the adapter was trained on: an adapter with new rows fits no other. Raises TrainingError
    without a base there, or when ``out`` is something else.
    """
    from peft import PeftModel

    with replacing(out, "config.json") as folder, quiet_libraries():
        model, tokenizer = load_model(base)
        merged = PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
        merged.save_pretrained(folder)
        save_tokenizer(tokenizer, folder)
        for extra in ("README.md", "adapter_config.json"):
            (folder / extra).unlink(missing_ok=True)
        shutil.copyfile(adapter / "report.json", folder / "report.json")
