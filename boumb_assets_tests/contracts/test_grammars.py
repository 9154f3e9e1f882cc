import json
import re
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts import grammar
from boumb_assets.contracts.automaton import Automaton, DrumAutomaton, SequenceAutomaton
from boumb_assets.contracts.grammar import Characters, Repeat, Rule, Rules, Text, choice, optional, sequence
from boumb_assets.contracts.probes import probes
from boumb_assets.contracts.registry import CONTRACTS, contract
from boumb_assets_tests.contracts.models import MODELS

llguidance = pytest.importorskip("llguidance", reason="grammars are run by llguidance: pip install llguidance")
from llguidance.gbnf_to_lark import gbnf_to_lark  # noqa: E402

CONTRACT = pytest.mark.parametrize("name", CONTRACTS)
FORM = pytest.mark.parametrize("form", ["lark", "gbnf"])


@cache
def _compiled(name: str, form: str) -> Any:
    """The grammar, in llguidance; GBNF goes through its own converter, written by others than ours."""
    one = contract(name)
    text = one.lark() if form == "lark" else gbnf_to_lark(one.gbnf())
    return _matcher(text)


def _matcher(lark: str) -> Any:
    matcher = llguidance.LLMatcher(llguidance.LLTokenizer("byte"), llguidance.LLMatcher.grammar_from_lark(lark))
    assert not matcher.get_error(), matcher.get_error()
    return matcher


def _accepts(compiled: Any, text: str) -> bool:
    matcher = compiled.deep_copy()
    tokens = list(text.encode())
    return bool(matcher.validate_tokens(tokens) == len(tokens) and matcher.consume_tokens(tokens)) and bool(
        matcher.is_accepting()
    )


@FORM
@CONTRACT
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_grammar_accepts_every_canonical_text(name: str, form: str, data: st.DataObject) -> None:
    text = data.draw(MODELS[name]).to_json()
    assert _accepts(_compiled(name, form), text)
    assert not _accepts(_compiled(name, form), text[:-1])
    assert not _accepts(_compiled(name, form), text.replace(":", ": ", 1))


# What no context-free grammar reasonably holds, and what is valid without being canonical.
_HELD_ELSEWHERE = {"note_twice", "not_sorted", "too_many_measures", "one_note_motif", "text_too_long"}


@FORM
@CONTRACT
def test_a_grammar_refuses_every_probe_that_the_contract_refuses(name: str, form: str) -> None:
    refused = 0
    for text in probes(name):
        codes = {violation.code for violation in contract(name).violations(text)}
        if codes and not codes <= _HELD_ELSEWHERE:
            assert not _accepts(_compiled(name, form), text), text
            refused += 1
    assert refused >= 15


@FORM
def test_time_never_goes_back_in_a_sequence_nor_past_four_bars(form: str) -> None:
    compiled = _compiled("boumb-sequence", form)
    note = '{{"note":"C2","time":"{}","duration":"8n","velocity":0.9}}'
    for times, good in [
        (("0:0:0", "0:0:1", "3:3:3"), True), (("0:1:0", "0:0:3"), False), (("1:0:0", "0:3:3"), False),
        (("3:3:3", "3:3:2"), False), (("4:0:0",), False), (("2:0:0", "2:0:0"), True),
    ]:  # fmt: skip
        text = '{"sequence":[' + ",".join(note.format(time) for time in times) + "]}"
        assert _accepts(compiled, text) is good, times


@FORM
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_grammar_and_automaton_of_the_drum_machine_are_one_language(form: str, seed: int) -> None:
    text = _random_text(DrumAutomaton(), seed)
    for changed in _mutations(text, seed):
        assert _accepts(_compiled("drum-pattern", form), changed) == DrumAutomaton().accepts(changed), changed


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_grammar_of_a_sequence_accepts_whatever_the_automaton_does(seed: int) -> None:
    assert _accepts(_compiled("boumb-sequence", "lark"), _random_text(SequenceAutomaton(bars=4), seed))


def _random_text(automaton: Automaton, seed: int) -> str:
    state, written = automaton.start, bytearray()
    while not automaton.final(state):
        edges = sorted(automaton.next(state).items())
        byte, state = edges[seed % 1009 % len(edges)]
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64 >> 1
        written.append(byte)
    return written.decode()


def _mutations(text: str, seed: int) -> list[str]:
    at = seed % len(text)
    digits = re.sub(r"\d", lambda match: str((int(match[0]) + 1) % 10), text[at : at + 5])
    return [text, text[:at] + text[at + 1 :], text[:at] + digits + text[at + 5 :], text.replace("kick", "snare", 1)]


@CONTRACT
def test_gbnf_has_a_rule_a_line_and_every_rule_it_names(name: str) -> None:
    lines = contract(name).gbnf().splitlines()
    assert lines[0].startswith("root ::= ")
    heads = [line.partition(" ::= ")[0] for line in lines]
    assert len(set(heads)) == len(heads) and all(re.fullmatch(r"[a-z][a-z0-9-]*", head) for head in heads)
    named: set[str] = set()
    for line in lines:
        body = line.partition(" ::= ")[2]
        assert body and "\\n" not in body.replace("\\\\n", "")
        bare = re.sub(r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|\{\d+,\d*\}', " ", body)
        named |= set(re.findall(r"[a-z][a-z0-9-]*", bare))
    assert named <= set(heads)
    assert set(heads) - named == {"root"}


def test_both_notations_of_every_part() -> None:
    rules: Rules = {
        "start": sequence('a"\\', Rule("WORD"), optional("b", Rule("rest"))),
        "WORD": sequence(choice("x.", Characters("[yz]")), Repeat(Characters("[0-9]"), 1, None), "/"),
        "rest": Repeat(choice("c", Rule("WORD")), 2, 3),
    }
    assert grammar.gbnf(rules).splitlines() == [
        'root ::= "a\\"\\\\" word ("b" rest)?',
        'word ::= ("x." | [yz]) [0-9]+ "/"',
        'rest ::= ("c" | word){2,3}',
    ]
    assert grammar.lark(rules).splitlines() == [
        'start: "a\\"\\\\" WORD ("b" rest)?',
        r"WORD: /(x\.|[yz])[0-9]+\//",
        'rest: ("c" | WORD){2,3}',
    ]
    for text, good in [('a"\\x.1/', True), ('a"\\y1/bcx.2/', True), ('a"\\y1/bc', False), ('a"\\x11/', False)]:
        assert _accepts(_matcher(grammar.lark(rules)), text) is good


def test_a_sequence_of_texts_is_one_text() -> None:
    assert sequence("a", "b", Text("c")) == Text("abc")


def test_prose_of_any_alphabet_fits_a_structure() -> None:
    good = json.loads(next(iter(probes("music-structure"))))
    good["character"] = 'été, "забвение" \\ 静けさ\n\t\u0001 😀'
    model = contract("music-structure").parse(json.dumps(good))
    assert _accepts(_compiled("music-structure", "lark"), model.to_json())
