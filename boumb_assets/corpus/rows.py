"""From the mix to chat rows: the facts of a loop in words, a system message or none, and the loop as the answer."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Literal

import pyarrow as pa

from boumb_assets.contracts.loop_request import Language
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.system_prompts import PromptForm, system_prompt
from boumb_assets.corpus.answer_length import fragment_tokens
from boumb_assets.corpus.loop_facts import facts_of
from boumb_assets.corpus.transpose import pitches_of, transpose_content
from boumb_assets.prompts.facts import LoopFacts
from boumb_assets.prompts.reader import read_request
from boumb_assets.prompts.wording import loop_prompts, structure_prompt
from boumb_assets.theory.pitch import note_name
from boumb_assets.theory.scales import scale_classes

# How often a row has which system message. The studio's own message always comes with the studio's own system message.
FORMS: Final[dict[PromptForm, int]] = {"none": 2, "line": 1, "app": 1}
BATCH: Final = 1024  # rows of the mix that are Python objects at a time
# What a request for a structure says beside the emotion and the length, the fullest first.
ASKED: Final[dict[str, frozenset[str]]] = {
    "plan": frozenset(),
    "wishes": frozenset({"section_plan"}),
    "emotion": frozenset({"section_plan", "key", "tempo", "timeSignature", "form", "period"}),
}
USER: Final = "user"  # the kind of a prompt that somebody wrote, not we
SPLITS: Final = ("train", "validation", "test")

Message = dict[str, str]


@dataclass(frozen=True)
class RowSettings:
    """How rows are made of loops."""

    prompts_per_loop: int = 2
    seed: int = 0
    max_answer_tokens: int = 950
    count_tokens: Callable[[str], int] | None = None
    """Counts the tokens of an answer; None: an upper bound for any tokenizer that has the contract's fragments."""


@dataclass(frozen=True)
class TrainingRow:
    """One conversation, and where it comes from."""

    row_id: str
    split: str
    work_group: str
    loop_id: str
    dataset: str
    sha256: str
    contract: str
    messages: tuple[Message, ...]
    prompt: str
    language: str
    kind: str
    system: PromptForm
    role: str | None
    style: str | None
    transposition: int
    tokens: int
    rights: str


@dataclass(frozen=True)
class LeftOut:
    """A loop or a structure that gave no row."""

    loop_id: str
    reason: Literal["not_cleared", "answer_too_long", "out_of_range", "no_wording"]


def training_rows(mix: pa.Table, structures: pa.Table, settings: RowSettings) -> Iterator[TrainingRow | LeftOut]:
    """The rows of the mix, then those of the structures, in the order of the tables; what gives none is told too.

    ``mix``: loop_id, dataset, sha256, work_group, split, contract, content, role, style, bpm, key_root, scale, bars,
    density, swing, syncopation, lowest, highest, title, composer, rights_train, transpose (0: as it is) and rights, and
    where there is one ``asked``: the words of the user whom this very loop was the answer to.
    ``structures``: schema STRUCTURES with rights_train and rights; split and work_group are taken from there, from the
    mix's loops of the same file, or else drawn by the file's hash.
    """
    splits: dict[str, tuple[str, str]] = {}
    for loop in _records(mix):
        splits[loop["sha256"]] = (loop["work_group"], loop["split"])
        yield from _loop_rows(loop, settings)
    for structure in _records(structures):
        yield from _structure_rows(structure, splits, settings)


def _records(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=BATCH):
        yield from batch.to_pylist()


def _loop_rows(loop: Mapping[str, Any], settings: RowSettings) -> Iterator[TrainingRow | LeftOut]:
    if not loop["rights_train"]:
        yield LeftOut(loop["loop_id"], "not_cleared")
        return
    shift = int(loop["transpose"] or 0)
    content = transpose_content(loop["contract"], loop["content"], shift)
    if content is None:
        yield LeftOut(loop["loop_id"], "out_of_range")
        return
    tokens = _tokens(loop["contract"], content, settings)
    if tokens > settings.max_answer_tokens:
        yield LeftOut(loop["loop_id"], "answer_too_long")
        return
    facts = facts_of(loop, content, shift)
    key = f"{settings.seed}:{loop['loop_id']}:{shift}"
    prompts = _prompts(loop, facts, shift, _number(key), settings.prompts_per_loop)
    if not prompts:
        yield LeftOut(loop["loop_id"], "no_wording")
    for prompt in prompts:
        form = _form(f"{key}:{prompt.place}", prompt.kind == "app-message")
        system = system_prompt(facts.contract, form, prompt.language, _allowed_pitches(facts, content))
        yield TrainingRow(
            row_id=_id(f"{key}:{prompt.place}"),
            split=loop["split"],
            work_group=loop["work_group"],
            loop_id=loop["loop_id"],
            dataset=loop["dataset"],
            sha256=loop["sha256"],
            contract=loop["contract"],
            messages=_messages(system, prompt.text, content),
            prompt=prompt.text,
            language=prompt.language,
            kind=prompt.kind,
            system=form,
            role=loop["role"],
            style=loop["style"],
            transposition=shift,
            tokens=tokens,
            rights=str(loop.get("rights") or ""),
        )


@dataclass(frozen=True)
class _Said:
    """One prompt of a loop; ``place`` tells it from the loop's others."""

    place: str
    text: str
    language: Language
    kind: str


def _prompts(loop: Mapping[str, Any], facts: LoopFacts, shift: int, seed: int, count: int) -> list[_Said]:
    """``count`` wordings of what is known of the loop, and what a user asked for in their own words, if the loop is
    what they were given: in another key it is not. No text comes twice."""
    worded = [
        _Said(str(place), prompt.text, prompt.language, prompt.kind)
        for place, prompt in enumerate(loop_prompts(facts, seed, count))
    ]
    asked = str(loop.get("asked") or "")
    if not asked or shift != 0:
        return worded
    user = _Said(USER, asked, read_request(asked).language, USER)
    return [user, *(prompt for prompt in worded if prompt.text != asked)]


def _structure_rows(
    structure: Mapping[str, Any], splits: Mapping[str, tuple[str, str]], settings: RowSettings
) -> Iterator[TrainingRow | LeftOut]:
    name, content = structure["contract"], structure["content"]
    tokens = _tokens(name, content, settings)
    if not structure["rights_train"] or tokens > settings.max_answer_tokens:
        cleared = bool(structure["rights_train"])
        yield LeftOut(structure["structure_id"], "answer_too_long" if cleared else "not_cleared")
        return
    group, split = _split_of(structure, splits)
    request = MusicRequest.model_validate_json(structure["request"])
    for kind in list(ASKED)[: settings.prompts_per_loop]:
        asked = request.model_copy(update=dict.fromkeys(ASKED[kind]))
        prompt = structure_prompt(asked)
        key = f"{settings.seed}:{structure['structure_id']}:{kind}"
        form = _form(key, app=False)
        yield TrainingRow(
            row_id=_id(key),
            split=split,
            work_group=group,
            loop_id=structure["structure_id"],
            dataset=structure["dataset"],
            sha256=structure["sha256"],
            contract=name,
            messages=_messages(system_prompt(name, form, "en"), prompt, content),
            prompt=prompt,
            language="en",
            kind=kind,
            system=form,
            role=None,
            style=None,
            transposition=int(structure["transposition"]),
            tokens=tokens,
            rights=str(structure.get("rights") or ""),
        )


def _split_of(structure: Mapping[str, Any], splits: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Group and split of a structure: those of its file's loops, so that a piece never lies on both sides."""
    if structure.get("split") and structure.get("work_group"):
        return structure["work_group"], structure["split"]
    if structure["sha256"] in splits:
        return splits[structure["sha256"]]
    if structure["official_split"] in SPLITS:
        return structure["sha256"], structure["official_split"]
    # drawn as the SQL model `split` draws a group
    draw = int(hashlib.md5(f"split:{structure['sha256']}".encode(), usedforsecurity=False).hexdigest()[:8], 16) % 100
    return structure["sha256"], "test" if draw < 5 else "validation" if draw < 10 else "train"


def _allowed_pitches(facts: LoopFacts, content: str) -> tuple[str, ...]:
    """The notes of the scale over the octaves of the loop, as the studio lists them; none where the loop leaves it."""
    pitches = pitches_of(facts.contract, content)
    if not pitches or facts.root is None or facts.scale is None:
        return ()
    classes = scale_classes(facts.root, facts.scale)
    if any(pitch % 12 not in classes for pitch in pitches):
        return ()
    octaves = range(min(pitches) - min(pitches) % 12, max(pitches) - max(pitches) % 12 + 12)
    return tuple(note_name(pitch) for pitch in octaves if pitch % 12 in classes)


def _tokens(contract: str, content: str, settings: RowSettings) -> int:
    return settings.count_tokens(content) if settings.count_tokens else fragment_tokens(contract, content)


def _form(key: str, app: bool) -> PromptForm:
    return "app" if app else Random(_number(f"system:{key}")).choices(list(FORMS), list(FORMS.values()))[0]


def _messages(system: str | None, user: str, assistant: str) -> tuple[Message, ...]:
    first = ({"role": "system", "content": system},) if system else ()
    return (*first, {"role": "user", "content": user}, {"role": "assistant", "content": assistant})


def _number(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "little")


def _id(key: str) -> str:
    return hashlib.sha256(f"row:{key}".encode()).hexdigest()[:16]
