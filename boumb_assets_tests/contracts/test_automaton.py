import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.automaton import Automaton, DrumAutomaton, SequenceAutomaton, State
from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.contracts.registry import contract
from boumb_assets_tests.contracts.models import QUICK, drum_patterns, sequences

SEEDS = st.integers(0, 2**32)


def _walk(automaton: Automaton, seed: int) -> tuple[str, list[State]]:
    """A random text and the states on its way; each byte that may come is as likely."""
    choose = random.Random(seed)
    state, written, passed = automaton.start, bytearray(), [automaton.start]
    while not automaton.final(state):
        byte, state = choose.choice(sorted(automaton.next(state).items()))
        written.append(byte)
        passed.append(state)
    return written.decode(), passed


@st.composite
def _limited(draw: st.DrawFn) -> tuple[int, frozenset[int] | None, int | None, int | None]:
    pitches = st.none() | st.frozensets(st.integers(0, 127), min_size=1, max_size=5).filter(
        lambda drawn: any(12 <= pitch <= 119 for pitch in drawn)
    )
    limit = st.none() | st.integers(1, 4)
    return draw(st.sampled_from([1, 2, 4, 9])), draw(pitches), draw(limit), draw(limit)


@QUICK
@given(_limited(), SEEDS)
def test_every_walk_of_a_sequence_is_a_canonical_text_within_its_limits(
    limits: tuple[int, frozenset[int] | None, int | None, int | None], seed: int
) -> None:
    bars, pitches, max_notes, max_polyphony = limits
    automaton = SequenceAutomaton(bars, pitches, max_notes, max_polyphony)
    text, _ = _walk(automaton, seed)
    assert contract("boumb-sequence").violations(text) == []
    sequence = BoumbSequence.model_validate_json(text)
    assert sequence.to_json() == text and automaton.accepts(text)
    steps = [note.step for note in sequence.sequence]
    assert sequence.bars <= bars
    assert pitches is None or {note.pitch for note in sequence.sequence} <= pitches
    assert max_notes is None or len(steps) <= max_notes
    assert max_polyphony is None or max(steps.count(step) for step in steps) <= max_polyphony


@QUICK
@given(sequences(bars=4), st.integers(1, 4))
def test_a_sequence_is_accepted_where_it_is_within_the_limits_and_nowhere_else(
    sequence: BoumbSequence, limit: int
) -> None:
    text = sequence.to_json()
    steps = [note.step for note in sequence.sequence]
    pitches = {note.pitch for note in sequence.sequence}
    together = max(steps.count(step) for step in steps)
    assert SequenceAutomaton(4).accepts(text)
    assert SequenceAutomaton(limit).accepts(text) == (sequence.bars <= limit)
    assert SequenceAutomaton(4, max_notes=limit).accepts(text) == (len(steps) <= limit)
    assert SequenceAutomaton(4, max_polyphony=limit).accepts(text) == (together <= limit)
    assert SequenceAutomaton(4, pitches).accepts(text)
    assert not SequenceAutomaton(4, set(range(12, 120)) - {min(pitches)}).accepts(text)
    assert not SequenceAutomaton(4).accepts(text[:-1]) and not SequenceAutomaton(4).accepts(text + " ")


@QUICK
@given(sequences(bars=2), SEEDS)
def test_a_changed_sequence_is_accepted_only_if_the_contract_agrees(sequence: BoumbSequence, seed: int) -> None:
    choose = random.Random(seed)
    notes = [note.model_dump_json() for note in sequence.sequence]
    choose.shuffle(notes)
    shuffled = '{"sequence":[' + ",".join([*notes, *notes[: choose.randint(0, 1)]]) + "]}"
    text = sequence.to_json()
    at = choose.randrange(len(text))
    replaced = text[:at] + choose.choice('0123456789C#"n.:,]}') + text[at + 1 :]
    for changed in (shuffled, replaced, text[:at] + text[at + 1 :]):
        valid = not contract("boumb-sequence").violations(changed)
        canonical = valid and BoumbSequence.model_validate_json(changed).to_json() == changed
        enharmonic = canonical and any(name in changed for name in ('"E#', '"B#'))
        within = canonical and BoumbSequence.model_validate_json(changed).bars <= 2
        assert SequenceAutomaton(2).accepts(changed) == (within and not enharmonic), changed


@QUICK
@given(st.booleans(), SEEDS)
def test_every_walk_of_a_pattern_is_a_canonical_text(fills: bool, seed: int) -> None:
    text, _ = _walk(DrumAutomaton(fills), seed)
    assert contract("drum-pattern").violations(text) == []
    assert DrumPattern.model_validate_json(text).to_json() == text
    assert fills or "fill" not in text


@QUICK
@given(drum_patterns())
def test_every_pattern_is_accepted(pattern: DrumPattern) -> None:
    text = pattern.to_json()
    assert DrumAutomaton().accepts(text)
    assert DrumAutomaton(fills=False).accepts(text) == ("fill" not in text)
    assert not DrumAutomaton().accepts(text[:-1])


@settings(max_examples=10, deadline=None)
@given(_limited(), SEEDS)
def test_from_every_state_on_the_way_the_text_can_be_ended(
    limits: tuple[int, frozenset[int] | None, int | None, int | None], seed: int
) -> None:
    for automaton in (SequenceAutomaton(*limits), DrumAutomaton()):
        text, passed = _walk(automaton, seed)
        for at, state in enumerate(passed):
            assert automaton.final(state) != bool(automaton.next(state))
            ended = text.encode()[:at] + automaton.completion(state)
            assert automaton.accepts(ended.decode())
            assert len(automaton.completion(state)) <= 90  # one note, at most


def test_no_state_of_a_small_automaton_is_a_dead_end() -> None:
    automaton = SequenceAutomaton(1, {40, 47}, max_notes=2, max_polyphony=2)
    reached, waiting = {automaton.start}, [automaton.start]
    leads_to: dict[State, set[State]] = {}
    while waiting:
        state = waiting.pop()
        leads_to[state] = set(automaton.next(state).values())
        waiting += leads_to[state] - reached
        reached |= leads_to[state]
    ending = {state for state in reached if automaton.final(state)}
    while grown := {state for state in reached - ending if leads_to[state] & ending}:
        ending |= grown
    assert ending == reached and len(reached) > 1000


def test_a_note_above_may_share_the_step_and_any_other_comes_later() -> None:
    automaton = SequenceAutomaton(1, {40, 47})
    first = '{"sequence":[{"note":"%s","time":"0:3:%d","duration":"8n","velocity":0.9}'
    low_last, low_before, high_last = first % ("E2", 3), first % ("E2", 2), first % ("B2", 3)

    def may(begun: str, more: str) -> bool:
        return automaton.advance(automaton.start, (begun + more).encode()) is not None

    assert may(low_last, ',{"note":"B2","time":"0:3:3"') and not may(low_last, ',{"note":"E')
    assert may(low_before, ',{"note":"E2","time":"0:3:3"') and not may(low_before, ',{"note":"E2","time":"0:3:2"')
    assert may(high_last, "]}") and not may(high_last, ",")


def test_what_must_follow_is_told_at_once() -> None:
    automaton = SequenceAutomaton(2, {40})
    read, state = automaton.forced(automaton.start)
    assert read == b'{"sequence":[{"note":"E2","time":"'
    assert set(automaton.next(state)) == {ord("0"), ord("1")}
    end = automaton.advance(state, b'1:3:3","duration":"1n","velocity":0.1}')
    assert end is not None
    read, state = automaton.forced(end)
    assert read == b"]}" and automaton.final(state) and automaton.forced(state) == (b"", state)


def test_bytes_that_may_not_come_lead_nowhere() -> None:
    automaton = DrumAutomaton()
    assert automaton.advance(automaton.start, b'{"clips":{"track-snare":[{"time":"0:0:0"') is not None
    assert automaton.advance(automaton.start, b'{"clips":{}') is None
    assert automaton.advance(automaton.start, b"\xff") is None
    assert not automaton.accepts("\ud800")


@pytest.mark.parametrize(
    "wrong", [{"bars": 0}, {"bars": 10}, {"pitches": {11, 120}}, {"max_notes": 0}, {"max_polyphony": 0}]
)
def test_limits_that_leave_no_music_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"bars|pitch|note"):
        SequenceAutomaton(**wrong)  # type: ignore[arg-type]
