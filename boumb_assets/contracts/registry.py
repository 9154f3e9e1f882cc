"""The contracts by name, each with everything that is derived from it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from boumb_assets.contracts import grammar
from boumb_assets.contracts.base import ContractModel, JsonObject
from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.contracts.json_text import read_json
from boumb_assets.contracts.loop_grammars import drum_grammar, sequence_grammar, steps_grammar
from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.contracts.probes import probes
from boumb_assets.contracts.schema import json_schema, without_descriptions
from boumb_assets.contracts.sequence_text import drum_text_violations, sequence_text_violations
from boumb_assets.contracts.steps import Steps
from boumb_assets.contracts.structure_grammar import structure_grammar
from boumb_assets.contracts.violations import Violation, coded, model_violations
from boumb_assets.contracts.vocabulary import (
    drum_fragments,
    sequence_fragments,
    steps_fragments,
    structure_fragments,
)

TextRule = Callable[[str, Any], list[Violation]]


def _any_text(text: str, value: Any) -> list[Violation]:
    return []


@dataclass(frozen=True, slots=True)
class Contract:
    """What an app accepts, and all that follows from it."""

    name: str
    model: type[ContractModel]
    description: str
    rules: Callable[[], grammar.Rules]
    fragments: Callable[[], tuple[str, ...]]
    text_rule: TextRule = _any_text

    def json_schema(self) -> JsonObject:
        """The JSON schema, for servers that take one (Ollama's ``format``, OpenAI's ``response_format``)."""
        return json_schema(self.model)

    def schema_text(self) -> str:
        """The JSON schema as indented text."""
        return json.dumps(self.json_schema(), ensure_ascii=False, indent=2)

    def gbnf(self) -> str:
        """The grammar of its canonical text for llama.cpp."""
        return grammar.gbnf(self.rules())

    def lark(self) -> str:
        """The same for llguidance."""
        return grammar.lark(self.rules())

    def vocabulary(self) -> tuple[str, ...]:
        """The fragments of its canonical text that become tokens, each once, in a fixed order."""
        return self.fragments()

    def fingerprint(self) -> str:
        """16 hexadecimal digits that change with what the contract accepts or with its canonical text, and with
        nothing else: no wording of a description, no spelling of a grammar."""
        return _fingerprint(self)

    def parse(self, text: str) -> ContractModel:
        """The model of a JSON text; white space and the order of keys are free. Raises pydantic.ValidationError, a
        ValueError."""
        return self.model.model_validate_json(text)

    def violations(self, text: str) -> list[Violation]:
        """What is wrong with a JSON text for the app that reads it; empty if nothing. Never raises."""
        try:
            value = read_json(text, keep_digits=True)
        except ValueError as error:
            return [coded(error, otherwise="not_json")]
        return [*self.text_rule(text, value), *model_violations(text, self.model)]


CONTRACTS: Final[dict[str, Contract]] = {
    contract.name: contract
    for contract in (
        Contract(
            "boumb-sequence",
            BoumbSequence,
            "A melodic loop of BoumbApp as Tone.js transport times.",
            sequence_grammar,
            sequence_fragments,
            sequence_text_violations,
        ),
        Contract(
            "boumb-steps",
            Steps,
            "A two-bar melodic loop in the steps that BoumbApp's service reads.",
            steps_grammar,
            steps_fragments,
        ),
        Contract(
            "drum-pattern",
            DrumPattern,
            "Two bars of BoumbApp's drum machine.",
            drum_grammar,
            drum_fragments,
            drum_text_violations,
        ),
        Contract(
            "music-structure",
            MusicStructure,
            "The plan of a classical piece for AIRIA.",
            structure_grammar,
            structure_fragments,
        ),
    )
}


def contract(name: str) -> Contract:
    """The contract called ``name``. Raises ValueError with the names there are."""
    if name not in CONTRACTS:
        raise ValueError(f"{name!r} is no contract; there are {', '.join(CONTRACTS)}")
    return CONTRACTS[name]


@cache
def _fingerprint(of: Contract) -> str:
    verdicts = [of.parse(text).to_json() if not of.violations(text) else None for text in probes(of.name)]
    seen = [of.name, without_descriptions(of.json_schema()), verdicts]
    canonical = json.dumps(seen, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
