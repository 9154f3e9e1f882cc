"""The apps' chat messages: which call it is, and what it asks for."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.contracts.steps import Steps
from boumb_assets.contracts.system_prompts import SYSTEM_PROMPTS
from boumb_assets.contracts.validation import repair
from boumb_assets.generation.asks import DEFAULT_TEMPERATURE, Ask, ask_for
from boumb_assets.generation.chain import Answer
from boumb_assets.prompts.reader import read_request
from boumb_assets.serving.analysis import Analysis
from boumb_assets.serving.fitting import fitted
from boumb_assets.serving.piece_message import is_piece_message, read_piece_message
from boumb_assets.serving.requests import ChatBody, ChatMessage
from boumb_assets.theory.pitch import pitch_of

Call = Literal["analysis", "steps", "piece", "refinement", "loop"]

_ANALYSIS_USER: Final = re.compile(r"\s*User Request:\s*", re.IGNORECASE)
_CONTEXT: Final = re.compile(r"\s*Context: ?[A-Ga-g][#b]? ", re.IGNORECASE)
_PITCH_LIST: Final = re.compile(r"\[\s*((?:['\"]?[A-G][#b]?[0-8]['\"]?\s*,?\s*){1,128})\]")
_MOST_OBJECTS: Final = 64
_PITCH: Final = re.compile(r"[A-G][#b]?[0-8]")
_PROJECT_KEY: Final = re.compile(r"\bkey\b[^A-G\n]{0,40}\b([A-G][#b]?)[ ,]{1,2}([A-Za-z_]{3,24}(?: [a-z]{3,16})?)")


@dataclass(frozen=True)
class Conversation:
    """The messages of a call, apart: what the system says, and what the user said last."""

    system: str
    user: str

    @classmethod
    def of(cls, messages: Sequence[ChatMessage]) -> "Conversation":
        """Of the messages of a call; without one of the user's the last message counts as his."""
        system = "\n".join(message.content for message in messages if message.role == "system")
        users = [message.content for message in messages if message.role == "user"]
        return cls(system, users[-1] if users else messages[-1].content)


def call_of(conversation: Conversation) -> Call:
    """Which call of which app it is. The studio's analysis and music calls differ in what the system asks for; AIRIA
    gives an emotion line by line, or a draft to refine; all else is a prompt for a loop."""
    if _CONTEXT.match(conversation.user):
        return "steps"
    if _ANALYSIS_USER.match(conversation.user) or (
        "octave_range" in conversation.system and "scale_type" in conversation.system
    ):
        return "analysis"
    if _draft(conversation.user) is not None:
        return "refinement"
    return "piece" if is_piece_message(conversation.user) else "loop"


def reply(
    body: ChatBody, seed: int, answer: Callable[[Ask], Answer], analyse: Callable[[LoopRequest, int], Analysis]
) -> str:
    """The content of the assistant's message: one JSON object. Raises ValueError for what cannot be asked."""
    conversation = Conversation.of(body.messages)
    given = body.options.temperature if body.options else None
    temperature = DEFAULT_TEMPERATURE if given is None else given
    call = call_of(conversation)
    if call == "analysis":
        return _analysis(conversation, seed, analyse)
    if call == "steps":
        ask = ask_for(conversation.user, contract="boumb-steps", seed=seed, temperature=temperature)
        return fitted(Steps.model_validate_json(answer(ask).text), named_pitches(conversation.system)).to_json()
    if call == "refinement":
        draft = _draft(conversation.user)
        if draft is not None:
            return draft
    if call in ("piece", "refinement"):
        music = read_piece_message(conversation.user)
        return answer(
            ask_for("", contract="music-structure", music=music, seed=seed, temperature=temperature, language="en")
        ).text
    return answer(
        ask_for(conversation.user, contract=_contract_said(conversation.system), seed=seed, temperature=temperature)
    ).text


def named_pitches(system: str) -> frozenset[int]:
    """The MIDI numbers of the bracketed list of pitches in a system message; empty where there is none."""
    match = _PITCH_LIST.search(system)
    return frozenset(pitch_of(name) for name in _PITCH.findall(match[1])) if match else frozenset()


def _analysis(conversation: Conversation, seed: int, analyse: Callable[[LoopRequest, int], Analysis]) -> str:
    """The parameters of the prompt; the project's key, where the system names it, for what the prompt leaves open."""
    prompt = _ANALYSIS_USER.sub("", conversation.user, count=1)
    request = read_request(prompt)
    key = _PROJECT_KEY.search(conversation.system)
    if key:
        project = read_request(f"Context: {key[1]} {key[2]} 120BPM. Request: ")
        request = request.model_copy(
            update={
                "root": project.root if request.root is None else request.root,
                "scale": project.scale if request.scale is None else request.scale,
            }
        )
    return json.dumps(analyse(request, seed).as_json(), separators=(",", ":"))


def _draft(user: str) -> str | None:
    """The structure that a message gives to be refined, made right by the contract's rules; None where there is none
    that could be."""
    start, decoder = user.find("{"), json.JSONDecoder()
    for _ in range(_MOST_OBJECTS):  # a section plan may come before the draft
        if start < 0:
            return None
        try:
            value, end = decoder.raw_decode(user, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            if isinstance(value, dict) and "sections" in value and "key" in value:
                return repair(user[start:end], "music-structure").text
        start = user.find("{", end)
    return None


def _contract_said(system: str) -> str | None:
    """The contract whose system message opens the conversation, if one of ours does."""
    return next((name for (name, _, _), text in SYSTEM_PROMPTS.items() if text == system.strip()), None)
