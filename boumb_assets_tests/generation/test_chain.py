import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.contracts.registry import CONTRACTS, contract
from boumb_assets.contracts.steps import Steps
from boumb_assets.contracts.validation import validate
from boumb_assets.generation.asks import ask_for
from boumb_assets.generation.chain import NoAnswerError, generate
from boumb_assets.generation.providers import ProviderError, ProviderUnavailableError, RulesProvider
from boumb_assets_tests.generation.fakes import SEQUENCE, Scripted

ASK = ask_for("basse funk", seed=5)


def test_a_valid_answer_is_taken_as_it_is() -> None:
    answer = generate(ASK, [Scripted("first", SEQUENCE), Scripted("second", SEQUENCE)])
    assert (answer.text, answer.provider, answer.contract) == (SEQUENCE, "first", "boumb-sequence")
    assert [(attempt.error, attempt.repaired) for attempt in answer.attempts] == [(None, ())]


def test_an_answer_that_is_nearly_right_is_repaired() -> None:
    flat = SEQUENCE.replace("C2", "Db2").replace("0.9", "0.93")
    answer = generate(ASK, [Scripted("chatty", f"Here is your loop:\n```json\n{flat}\n```")])
    assert answer.text == SEQUENCE.replace("C2", "C#2")
    assert answer.attempts[-1].repaired and answer.attempts[-1].error is None


def test_a_bad_answer_is_asked_for_again_with_another_seed_and_then_the_next_provider() -> None:
    deaf, shy, good = (
        Scripted("deaf", "no"),
        Scripted("shy", ProviderError("busy"), SEQUENCE),
        Scripted("good", SEQUENCE),
    )
    answer = generate(ASK, [deaf, shy, good])
    assert answer.provider == "shy" and not good.asks
    assert [ask.seed for ask in deaf.asks] == [5, 6]
    assert [attempt.provider for attempt in answer.attempts] == ["deaf", "deaf", "shy", "shy"]
    assert answer.attempts[2].error == "busy" and answer.attempts[3].error is None


def test_a_provider_that_is_not_there_is_asked_once() -> None:
    missing = Scripted("missing", ProviderUnavailableError("no model"))
    answer = generate(ASK, [missing])
    assert len(missing.asks) == 1 and answer.provider == "rules"


def test_whatever_a_provider_raises_there_is_an_answer() -> None:
    answer = generate(ASK, [Scripted("broken", ZeroDivisionError()), Scripted("deep", RecursionError("deep"))])
    assert answer.provider == "rules"
    assert answer.attempts[0].error == "ZeroDivisionError"


def test_without_the_rules_the_attempts_say_what_was_wrong() -> None:
    with pytest.raises(NoAnswerError, match="deaf: "):
        generate(ASK, [Scripted("deaf", "no")], rules_last=False)


def test_notes_beyond_the_bars_asked_for_are_cut() -> None:
    long = BoumbSequence.of([Note.on_grid(step, 36, 2, 0.9) for step in (0, 30, 32, 63)]).to_json()
    answer = generate(ASK, [Scripted("long", long)])
    assert [note.step for note in BoumbSequence.model_validate_json(answer.text).sequence] == [0, 30]
    assert answer.attempts[-1].repaired == ("dropped a note beyond the bars asked for (2 times)",)
    late = BoumbSequence.of([Note.on_grid(40, 36, 2, 0.9)]).to_json()
    answer = generate(ASK, [Scripted("late", late)])
    assert answer.provider == "late" and answer.attempts[-1].repaired == ("moved the loop to its first bar",)
    assert [note.step for note in BoumbSequence.model_validate_json(answer.text).sequence] == [8]


def test_what_is_not_in_the_key_asked_for_is_moved_into_it() -> None:
    outside = BoumbSequence.of([Note.on_grid(step, pitch, 2, 0.9) for step, pitch in ((0, 36), (4, 37))]).to_json()
    answer = generate(ask_for("basse en do majeur"), [Scripted("free", outside)])
    assert [note.pitch for note in BoumbSequence.model_validate_json(answer.text).sequence] == [36, 36]
    assert answer.attempts[-1].repaired == ("moved a note into the key or range asked for",)


def test_steps_are_asked_for_as_a_sequence_and_converted() -> None:
    provider = Scripted("sequence", SEQUENCE)
    answer = generate(ask_for("basse", contract="boumb-steps"), [provider])
    assert provider.asks[0].contract == "boumb-sequence"
    assert json.loads(answer.text) == {"notes": [{"pitch": "C2", "start": 0, "duration": 2, "velocity": 114}]}
    Steps.model_validate_json(answer.text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.sampled_from(list(CONTRACTS)), st.integers(0, 10**6), st.sampled_from(["rien", ""]))
def test_there_always_is_a_valid_answer(prompt: str, name: str, seed: int, junk: str) -> None:
    ask = ask_for(prompt, contract=name, seed=seed)
    answer = generate(ask, [Scripted("junk", junk)])
    assert answer.provider == "rules" and answer.contract == name
    assert validate(answer.text, name) == []
    assert contract(name).parse(answer.text).to_json() == answer.text
    assert answer == generate(ask, [Scripted("junk", junk), RulesProvider()])


@pytest.mark.parametrize("style", ["house", "techno", "trap", "ambient", "bossa", "dub"])
def test_a_melodic_ask_never_gets_drums(style: str) -> None:
    for seed in range(5):
        answer = generate(ask_for(style, contract="boumb-sequence", seed=seed), [])
        assert validate(answer.text, "boumb-sequence") == []
