import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts import registry
from boumb_assets.contracts.base import ContractModel
from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.probes import probes
from boumb_assets.contracts.registry import CONTRACTS, Contract, contract
from boumb_assets_tests.contracts.models import MODELS, QUICK, drum_patterns
from boumb_assets_tests.contracts.schema_reader import follows

CONTRACT = pytest.mark.parametrize("name", CONTRACTS)


def test_an_unknown_contract_is_answered_with_the_known() -> None:
    with pytest.raises(ValueError, match="boumb-sequence, boumb-steps, drum-pattern, music-structure"):
        contract("boumb")


@CONTRACT
@QUICK
@given(data=st.data())
def test_a_random_model_is_valid_in_its_canonical_text(name: str, data: st.DataObject) -> None:
    model = data.draw(MODELS[name])
    assert contract(name).violations(model.to_json()) == []
    assert contract(name).parse(model.to_json()) == model


# Fingerprints


@CONTRACT
def test_probes_lie_on_both_sides_of_the_rules(name: str) -> None:
    verdicts = [not contract(name).violations(text) for text in probes(name)]
    assert verdicts.count(True) >= 10 and verdicts.count(False) >= 10


def test_fingerprints_differ_and_stay() -> None:
    prints = {name: one.fingerprint() for name, one in CONTRACTS.items()}
    assert len(set(prints.values())) == 4
    assert prints == {name: registry._fingerprint.__wrapped__(one) for name, one in CONTRACTS.items()}


def test_a_description_leaves_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = contract("boumb-sequence").fingerprint()
    assert replace(contract("boumb-sequence"), description="Other words.").fingerprint() == before


def test_a_rule_a_limit_and_a_text_form_change_it() -> None:
    class Unsorted(ContractModel):
        sequence: list[Any]

    class Spaced(BoumbSequence):
        def to_json(self) -> str:
            return json.dumps(self.model_dump())

    good = contract("boumb-sequence")
    others = [replace(good, model=Unsorted), replace(good, model=Spaced), replace(good, text_rule=registry._any_text)]
    assert len({one.fingerprint() for one in (good, *others)}) == 4


# Schemas


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from _nodes(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _nodes(value)


@CONTRACT
def test_schemas_hold_numbers_by_lists_and_have_no_titles_or_nulls(name: str) -> None:
    schema = json.loads(contract(name).schema_text())
    for node in _nodes(schema):
        assert not isinstance(node.get("title"), str) and node.get("type") != "null" and "anyOf" not in node
        if node.get("type") == "integer" and "enum" not in node:
            assert node.keys() >= {"minimum", "maximum"}
        if "velocity" in node and "type" in node["velocity"]:
            assert "enum" in node["velocity"]
        if node.get("type") == "object":
            assert node["additionalProperties"] is False


@CONTRACT
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_schema_accepts_canonical_texts(name: str, data: st.DataObject) -> None:
    assert _follows_schema(contract(name), data.draw(MODELS[name]).to_json())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("boumb-sequence", '{"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":666}]}'),
        ("boumb-steps", '{"notes":[{"pitch":"C2","start":0,"duration":1,"velocity":666}]}'),
        ("boumb-steps", '{"notes":[{"pitch":"C2","start":32,"duration":1,"velocity":66}]}'),
        ("drum-pattern", '{"clips":{"track-bass":[]}}'),
    ],
)
def test_a_schema_refuses_what_it_can_tell(name: str, text: str) -> None:
    assert not _follows_schema(contract(name), text)


def _follows_schema(one: Contract, text: str) -> bool:
    return follows(one.json_schema(), json.loads(text))


# Vocabularies


def _leftmost_longest(text: str, fragments: tuple[str, ...]) -> list[str]:
    """The text as a tokenizer with these added tokens cuts it; what lies between fragments in single characters."""
    longest_first = sorted(fragments, key=len, reverse=True)
    return re.findall("|".join(map(re.escape, longest_first)) + "|.", text, re.DOTALL)


@CONTRACT
def test_fragments_come_once_and_prose_has_none(name: str) -> None:
    vocabulary = contract(name).vocabulary()
    assert len(set(vocabulary)) == len(vocabulary)
    assert all('"' in fragment and any(mark in fragment for mark in ",:[]{}") for fragment in vocabulary)


@pytest.mark.parametrize(("name", "tokens"), [("boumb-sequence", 4), ("boumb-steps", 4), ("drum-pattern", 2)])
@QUICK
@given(data=st.data())
def test_a_loop_is_cut_into_fragments_alone(name: str, tokens: int, data: st.DataObject) -> None:
    everything = tuple(dict.fromkeys(fragment for one in CONTRACTS.values() for fragment in one.vocabulary()))
    text = data.draw(drum_patterns(fills=False) if name == "drum-pattern" else MODELS[name]).to_json()
    for vocabulary in (contract(name).vocabulary(), everything):
        pieces = _leftmost_longest(text, vocabulary)
        assert "".join(pieces) == text and all(len(piece) > 1 for piece in pieces)
    notes = text.count('"velocity"')
    tracks = text.count("track-")
    assert len(pieces) == 1 + tokens * notes + tracks


def test_the_vocabulary_of_a_sequence_is_that_of_four_bars() -> None:
    vocabulary = contract("boumb-sequence").vocabulary()
    assert len(vocabulary) == 1 + 108 + 64 + 6 + 20
    assert {'{"note":"F#1",', '"time":"3:3:3",', '"duration":"32n",', '"velocity":1.0}]}'} <= set(vocabulary)


@settings(max_examples=15, deadline=None)
@given(MODELS["music-structure"])
def test_a_structure_takes_far_fewer_pieces_than_characters(structure: ContractModel) -> None:
    text = structure.model_copy(update={"form": "", "character": "", "reasoning": None, "leitmotifs": None}).to_json()
    pieces = _leftmost_longest(text, contract("music-structure").vocabulary())
    assert "".join(pieces) == text and len(pieces) < len(text) / 2
