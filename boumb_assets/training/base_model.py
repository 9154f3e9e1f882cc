"""The base model of a variant: made from scratch, or loaded and taught the JSON vocabulary."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from boumb_assets.quiet import quiet_libraries
from boumb_assets.training.chat import mark_answers
from boumb_assets.training.folders import folder_version, replacing, write_json
from boumb_assets.training.nano import NanoSettings, Pretrained, nano_model, pretrain
from boumb_assets.training.progress import Progress, TrainingError, silent
from boumb_assets.training.tokenizer import add_json_vocabulary, check_round_trip, nano_tokenizer, save_tokenizer
from boumb_assets.training.vocabulary import fragments

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

NANO: Final = "nano"
BASE_REPORT: Final = "base_report.json"
ROUND_TRIPS: Final = 256
MAX_TEXTS: Final = 20_000
HUB_TIMEOUT_S: Final = 10


@dataclass(frozen=True)
class BaseReport:
    """What a base model is: written beside its weights, and read by the trainer."""

    base: str  # `nano`, the hub id, or the last part of the path
    contracts: tuple[str, ...]
    vocabulary: int  # tokens, the added ones included
    trained_ids: tuple[int, ...]  # the rows of the embedding that LoRA trains along
    parameters: int
    tokens_a_text: float  # mean over the texts; 0 without texts
    pretrained: Pretrained | None  # None for a base that was loaded
    fingerprint: str  # of all that it was made of


def prepare_base(
    base: str,
    out: Path,
    contracts: Sequence[str],
    texts: Sequence[str],
    settings: NanoSettings | None = None,
    progress: Progress = silent,
    prompts: Iterable[str] = (),
) -> BaseReport:
    """Writes the base model to ``out``: safetensors and tokenizer, as AutoModelForCausalLM reads them, and a report.

    ``base`` is `nano` (made from scratch, trained on ``texts``, canonical contents, alone; ``prompts`` only help the
    tokenizer to its words), a hub id, or a path. The same arguments give the same bytes, and an ``out`` that was made
    of them stays as it is. Raises TrainingError: no such model, no texts for `nano`, a tokenizer that does not give
    texts back, an ``out`` that is something else; ValueError: an unknown contract.
    """
    settings = settings or NanoSettings()
    texts, prompts = _bounded(texts, settings.seed), tuple(prompts)
    fingerprint = _fingerprint(base, contracts, (*texts, *prompts), settings)
    earlier = read_base_report(out)
    if earlier is not None and earlier.fingerprint == fingerprint:
        progress(1, 1, f"{earlier.base} was ready")
        return earlier
    with replacing(out, BASE_REPORT) as folder, quiet_libraries():
        pretrained: Pretrained | None = None
        if base == NANO:
            model, tokenizer, pretrained = _from_scratch(contracts, texts, prompts, settings, progress)
            # Pre-training saw no prompt: the rows of words are as they were drawn, so LoRA trains all rows along.
            trained_ids = list(range(len(tokenizer)))
        else:
            progress(0, 1, f"loading {base}")
            model, tokenizer = load_model(base)
            mark_answers(tokenizer)
            trained_ids = add_json_vocabulary(tokenizer, model, contracts)
        check_round_trip(tokenizer, texts[:ROUND_TRIPS])
        model.save_pretrained(folder)
        save_tokenizer(tokenizer, folder)
        report = BaseReport(
            base=_name(base),
            contracts=tuple(contracts),
            vocabulary=len(tokenizer),
            trained_ids=tuple(trained_ids),
            parameters=int(model.num_parameters()),
            tokens_a_text=_tokens_a_text(tokenizer, texts[:ROUND_TRIPS]),
            pretrained=pretrained,
            fingerprint=fingerprint,
        )
        write_json(folder / BASE_REPORT, asdict(report))
    progress(1, 1, f"{report.base} is ready")
    return report


def _bounded(texts: Sequence[str], seed: int) -> tuple[str, ...]:
    """``texts``, or as many of them, drawn from the seed, as pre-training can use: its time has to stay bounded."""
    if len(texts) <= MAX_TEXTS:
        return tuple(texts)
    drawn = np.random.default_rng(seed).permutation(len(texts))[:MAX_TEXTS]
    return tuple(texts[index] for index in sorted(drawn.tolist()))


def _fingerprint(base: str, contracts: Sequence[str], texts: Iterable[str], settings: NanoSettings) -> str:
    source = folder_version(Path(base)) if Path(base).is_dir() else base
    versions = {name: version(name) for name in ("tokenizers", "torch", "transformers")}
    digest = hashlib.sha256(json.dumps([source, fragments(contracts), asdict(settings), versions]).encode())
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    return digest.hexdigest()[:16]


def _name(base: str) -> str:
    return Path(base).resolve().name if base != NANO and Path(base).is_dir() else base


def _from_scratch(
    contracts: Sequence[str], texts: Sequence[str], prompts: Iterable[str], settings: NanoSettings, progress: Progress
) -> tuple["PreTrainedModel", "PreTrainedTokenizerBase", Pretrained]:
    if not texts:
        raise TrainingError("the nano base is trained from scratch and there are no texts to train it on")
    tokenizer = nano_tokenizer([*prompts, *texts], contracts)
    model = nano_model(tokenizer, settings)
    model.generation_config.eos_token_id = [tokenizer.eos_token_id, tokenizer.pad_token_id]
    return model, tokenizer, pretrain(model, tokenizer, texts, settings, progress)


def load_model(base: str | Path) -> tuple["PreTrainedModel", "PreTrainedTokenizerBase"]:
    """The model and the tokenizer of a path or a hub id; safetensors only, and no code of strangers.

    A hub that does not answer leaves what was downloaded earlier. Raises TrainingError when there is neither.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = Path(base).is_dir()
    unreachable = None if folder else _unreachable(str(base))
    local = folder or unreachable is not None
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(base), local_files_only=local, trust_remote_code=False)
        model = AutoModelForCausalLM.from_pretrained(
            str(base), local_files_only=local, trust_remote_code=False, use_safetensors=True
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        reason = unreachable or _first_line(error)
        where = (
            "the folder holds no model that can be loaded" if folder else "it is no folder here, and the hub gave none"
        )
        raise TrainingError(
            f"no base model {str(base)!r}: {where} ({reason}). Give `{NANO}`, a path, or a hub id with the network up"
        ) from error
    return model, tokenizer


def _unreachable(name: str) -> str | None:
    """Why the hub does not give the model ``name``, None when it does. Asked once: the loaders would ask ten times,
    and wait longer each time."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

    try:
        HfApi().model_info(name, timeout=HUB_TIMEOUT_S)
    except (HfHubHTTPError, HFValidationError, OfflineModeIsEnabled, OSError) as error:
        return _first_line(error)
    except (
        Exception
    ) as error:  # the error of the HTTP library, which is another one in each version of the hub's client
        return f"no answer from the hub: {_first_line(error)}"
    return None


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def read_base_report(folder: Path) -> BaseReport | None:
    """The report beside a prepared base; None where there is none. Raises TrainingError when it is no report."""
    path = folder / BASE_REPORT
    if not path.is_file():
        return None
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        pretrained = Pretrained(**raw["pretrained"]) if raw["pretrained"] else None
        lists = {name: tuple(raw[name]) for name in ("contracts", "trained_ids")}
        return BaseReport(**{**raw, **lists, "pretrained": pretrained})
    except (ValueError, TypeError, KeyError) as error:
        raise TrainingError(f"{path} cannot be read ({error}): prepare the base model again") from error


def _tokens_a_text(tokenizer: "PreTrainedTokenizerBase", texts: Sequence[str]) -> float:
    if not texts:
        return 0.0
    lengths = [len(ids) for ids in tokenizer(list(texts), add_special_tokens=False)["input_ids"]]
    return round(sum(lengths) / len(lengths), 2)
