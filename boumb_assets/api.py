"""The platform as functions, without dagster: convert, generate, read, validate, render."""

import hashlib
import os
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from boumb_assets.contracts.loop_request import Role
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.registry import CONTRACTS, contract
from boumb_assets.contracts.steps import steps_from_sequence
from boumb_assets.contracts.validation import Violation
from boumb_assets.contracts.validation import validate as validate
from boumb_assets.generation.asks import ask_for
from boumb_assets.generation.chain import Answer
from boumb_assets.generation.chain import generate as _generate
from boumb_assets.generation.model_providers import ModelProvider
from boumb_assets.generation.providers import Provider, RulesProvider
from boumb_assets.lake.store import Lake
from boumb_assets.prompts.reader import ReadRequest
from boumb_assets.prompts.reader import read_request_with_confidence as read
from boumb_assets.settings import load_settings

__all__ = [
    "Converted", "ReadRequest", "convert", "generate", "providers", "read", "render", "validate", "which_contract",
]  # fmt: skip

MELODIC: Final = frozenset({"boumb-sequence", "boumb-steps"})
MAX_MIDI_BYTES: Final = 32 << 20


@dataclass(frozen=True)
class Converted:
    """One loop, or one structure, that a MIDI file holds."""

    contract: str
    content: str
    path: str
    track: int | None = None
    start_bar: int | None = None
    bars: int | None = None
    role: str | None = None
    bpm: float | None = None
    key_root: int | None = None
    scale: str | None = None
    loss: float | None = None
    score: float | None = None


def convert(path: str | Path, wanted: str | None = None) -> list[Converted]:
    """The loops of a MIDI file, the best first (MIDI_to_BoumbAppJSON), or with ``music-structure`` its structure.

    ``wanted`` is a contract; None takes every loop, drums too. Raises FileNotFoundError, and ValueError with the typed
    reason when the file cannot be read, or with what was missing when it holds nothing of that kind.
    """
    from boumb_assets.events.extract import FileTask, extract_files

    if wanted is not None:
        contract(wanted)
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    if path.stat().st_size > MAX_MIDI_BYTES:
        raise ValueError(f"{path} is larger than {MAX_MIDI_BYTES >> 20} MiB")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    read = extract_files([FileTask(str(path), path.name, sha256)], "file")
    for row in read.rejected.to_pylist():
        raise ValueError(f"{path}: {row['reason']}: {row['detail']}")
    found = _structures(read) if wanted == "music-structure" else _loops(read, wanted)
    if not found:
        raise ValueError(_nothing(path, wanted, read.files.to_pylist()[0]))
    return found


def _loops(read: Any, wanted: str | None) -> list[Converted]:
    from boumb_assets.corpus.loops import cut_loops

    rows = cut_loops(read.events, read.files).table.to_pylist()
    own = "boumb-sequence" if wanted == "boumb-steps" else wanted
    rows = [row for row in rows if own in (None, row["contract"]) and (wanted != "boumb-steps" or row["bars"] == 2)]
    rows.sort(key=lambda row: (-row["score"], row["track"], row["start_bar"], row["bars"]))
    names = ("path", "track", "start_bar", "bars", "role", "bpm", "key_root", "scale", "loss", "score")
    return [
        Converted(wanted or row["contract"], _as_wanted(row["content"], wanted), **{name: row[name] for name in names})
        for row in rows
    ]


def _as_wanted(content: str, wanted: str | None) -> str:
    if wanted != "boumb-steps":
        return content
    from boumb_assets.contracts.boumb_sequence import BoumbSequence

    return steps_from_sequence(BoumbSequence.model_validate_json(content)).to_json()


def _structures(read: Any) -> list[Converted]:
    from boumb_assets.corpus.structures import derive_structures

    rows = derive_structures(read.events, read.files).table.to_pylist()
    return [Converted("music-structure", row["content"], row["path"]) for row in rows]


def _nothing(path: Path, wanted: str | None, facts: dict[str, Any]) -> str:
    kind = wanted or "loop"
    if facts["grid"] != "score":
        return f"{path}: no {kind}: it is played freely ({facts['grid']}), and a {kind} needs written bars"
    if wanted != "music-structure" and facts["metre"] != "4/4":
        return f"{path}: no {kind}: it is in {facts['metre']}, the studio plays 4/4; try --contract music-structure"
    return f"{path}: no {kind} that stands alone was found in {facts['notes']} notes"


def generate(
    prompt: str,
    *,
    contract: str | None = None,
    provider: str = "auto",
    bars: Literal[2, 4] | None = None,
    seed: int = 0,
    home: str | Path | None = None,
    variant: str | None = None,
    music: MusicRequest | None = None,
    **wishes: Any,
) -> Answer:
    """Music for a prompt in French or English, valid by its contract.

    ``provider`` is auto (fine-tuned, then few-shot, then rules), ft, base, few-shot, rules, ollama:MODEL or
    openai:MODEL; a provider that is named must answer itself, else NoAnswerError says why. ``wishes`` are fields of
    LoopRequest (root, scale, bpm, role, style, density) that win over the words.
    Raises ValueError for a provider or contract that is not known.
    """
    ask = ask_for(prompt, contract=contract, bars=bars, seed=seed, music=music, **wishes)
    return _generate(ask, providers(provider, home, variant), rules_last=provider in ("auto", "rules"))


def providers(name: str, home: str | Path | None = None, variant: str | None = None) -> list[Provider]:
    """The providers that a name stands for. Raises LookupError where a model was not made yet, ValueError for an
    unknown name."""
    settings = load_settings()
    folder = Path(home) if home is not None else settings.home
    chosen = variant or settings.default_variants()[0]
    kind, _, model = name.partition(":")
    if name == "auto":
        found = [provider for kind in ("ft", "few-shot") if (provider := _local(kind, folder, chosen)) is not None]
        if variant is not None and not found:
            raise LookupError(f"no model of {variant} in {folder}: `boumb run --variant {variant}` makes it")
        return found
    if name == "rules":
        return [RulesProvider()]
    if kind in ("ft", "base", "few-shot") and not model:
        one = _local(kind, folder, chosen)
        if one is None:
            raise LookupError(f"no model of {chosen} in {folder}: `boumb run --variant {chosen}` makes it")
        return [one]
    if kind in ("ollama", "openai") and model:
        return [_remote(kind, model)]
    raise ValueError(f"{name!r} is no provider: auto, ft, base, few-shot, rules, ollama:MODEL or openai:MODEL")


def _local(kind: str, home: Path, variant: str) -> Provider | None:
    lake = Lake(home)
    try:
        base = lake.artefact("base_model", f"variant={variant}")
        adapter = lake.artefact("lora_adapter", f"variant={variant}") if kind == "ft" else None
    except LookupError:
        return None
    return _loaded(kind, home, str(base), None if adapter is None else str(adapter))


@cache
def _loaded(kind: str, home: Path, base: str, adapter: str | None) -> Provider:
    """One provider a model, so that several calls load it once."""
    if kind == "few-shot":
        from boumb_assets.few_shot.library import library_of
        from boumb_assets.generation.examples import library_examples

        # Asked each time: what is taken down while a server runs is no example any more.
        return ModelProvider(
            Path(base), name="few-shot", examples=lambda ask: library_examples(ask, library=library_of(home))
        )
    return ModelProvider(Path(base), None if adapter is None else Path(adapter), name=kind)


def _remote(kind: str, model: str) -> Provider:
    from boumb_assets.generation.remote_providers import OllamaProvider, OpenAIProvider

    if kind == "ollama":
        host = os.environ.get("OLLAMA_HOST") or os.environ.get("OLLAMA_BASE_URL")
        return OllamaProvider(model, host) if host else OllamaProvider(model)
    base = os.environ.get("OPENAI_BASE_URL")
    return OpenAIProvider(model, base) if base else OpenAIProvider(model)


def which_contract(text: str) -> str:
    """The contract whose shape a JSON text has, by its keys; boumb-sequence where none fits."""
    for name, key in (("drum-pattern", '"clips"'), ("boumb-steps", '"notes"'), ("music-structure", '"sections"')):
        if key in text[:4096] and name in CONTRACTS:
            return name
    return "boumb-sequence"


def render(
    content: str | bytes,
    form: Literal["mid", "wav", "png", "txt"],
    bpm: float | None = None,
    role: Role | None = None,
    title: str = "",
) -> bytes:
    """A JSON text of any contract, or the bytes of a MIDI file, as MIDI, sound, picture or a picture in letters.

    Raises ValueError for what is neither, with the first violation.
    """
    from boumb_assets.render.midi import to_midi_bytes
    from boumb_assets.render.midi_reading import performance_from_midi
    from boumb_assets.render.picture import piano_roll_png
    from boumb_assets.render.sound import to_wav_bytes
    from boumb_assets.render.text_roll import piano_roll_text

    heard: Any
    if isinstance(content, bytes):
        heard = performance_from_midi(content)
    else:
        name = which_contract(content)
        violations = validate(content, name)
        if violations:
            raise ValueError(f"no valid {name}: {_sentence(violations[0])}")
        heard = contract(name).parse(content)
    if form == "mid":
        return to_midi_bytes(heard, bpm, role)
    if form == "wav":
        return to_wav_bytes(heard, bpm, role=role)
    if form == "png":
        return piano_roll_png(heard, title, bpm, role)
    return piano_roll_text(heard, bpm=bpm, role=role).encode()


def _sentence(violation: Violation) -> str:
    return " ".join(str(part) for part in asdict(violation).values() if part)
