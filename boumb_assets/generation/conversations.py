"""The conversation that a chat model is given for an ask."""

from collections.abc import Sequence

from boumb_assets.contracts.system_prompts import PromptForm, system_prompt
from boumb_assets.generation.asks import Ask
from boumb_assets.generation.pitches import allowed_pitches
from boumb_assets.prompts.reader import read_request
from boumb_assets.prompts.structure_message import structure_prompt
from boumb_assets.theory.pitch import NOTE_NAMES, note_name

Message = dict[str, str]


def conversation(ask: Ask, form: PromptForm, examples: Sequence[tuple[str, str]] = ()) -> list[Message]:
    """System message in ``form``, the examples as (prompt, answer) turns, and the user's message."""
    pitches = allowed_pitches(ask.request) if form == "app" else None
    names = [note_name(pitch) for pitch in sorted(pitches)] if pitches else []
    system = system_prompt(ask.contract, form, ask.language, names)
    messages = [{"role": "system", "content": system}] if system else []
    for prompt, answer in examples:
        messages += [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]
    return [*messages, {"role": "user", "content": user_message(ask)}]


def user_message(ask: Ask) -> str:
    """The prompt; in the studio's own form, with key and tempo, where those are known from elsewhere than its words; in
    AIRIA's form for a piece."""
    if ask.contract == "music-structure" and ask.music is not None:
        return structure_prompt(ask.music)
    request, said = ask.request, read_request(ask.prompt)
    if request.root is None or request.scale is None or (said.root, said.scale) == (request.root, request.scale):
        return ask.prompt
    return f"Context: {NOTE_NAMES[request.root]} {request.scale} {request.bpm or 120}BPM. Request: {ask.prompt}"
