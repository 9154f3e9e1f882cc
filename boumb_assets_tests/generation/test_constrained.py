from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.registry import contract
from boumb_assets.generation.automata import AnyText, automaton_of, cheapest_end, closing, walk
from boumb_assets.generation.constrained import ConstrainedDecoder, choose, constrained_generate
from boumb_assets_tests.generation.models import KINDS, Kind, model, tokenizer

ASK = [{"role": "user", "content": "Basse funky"}]


@cache
def decoder(kind: Kind) -> ConstrainedDecoder:
    return ConstrainedDecoder(model(kind), tokenizer(kind))


@pytest.mark.parametrize("name", ["boumb-sequence", "drum-pattern"])
@pytest.mark.parametrize("kind", KINDS)
def test_random_weights_write_only_what_the_contract_accepts(kind: Kind, name: str) -> None:
    automaton = automaton_of(name, 2, None)
    for seed in range(8):
        made = decoder(kind).generate(ASK, automaton, temperature=1.5, top_p=1.0, seed=seed, max_tokens=400)
        parsed = contract(name).parse(made.text)
        assert parsed.to_json() == made.text
        assert len(made.tokens) <= 400 and made.notes >= 1
        written = "".join(str(tokenizer(kind).decode([index])) for index in made.tokens)
        if kind != "sentencepiece":  # whose decoder drops a leading space of every text
            assert written == made.text


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 60), st.sampled_from(["boumb-sequence", "drum-pattern"]))
def test_any_budget_ends_in_whole_notes(seed: int, budget: int, name: str) -> None:
    made = decoder("fragments").generate(
        ASK, automaton_of(name, 2, None), temperature=3.0, seed=seed, max_tokens=budget
    )
    assert contract(name).parse(made.text).to_json() == made.text
    assert len(made.tokens) <= budget


def test_a_budget_closes_after_the_last_whole_note() -> None:
    automaton = automaton_of("boumb-sequence", 2, None)
    made = (decoder("fragments").generate(ASK, automaton, temperature=3.0, seed=seed) for seed in range(100))
    seed, free = next((seed, text) for seed, text in enumerate(made) if text.notes > 4)
    assert not free.closed_early
    cut = decoder("fragments").generate(ASK, automaton, temperature=3.0, seed=seed, max_tokens=15)
    assert cut.closed_early
    assert cut.notes == 3 and len(cut.tokens) == 13  # 1 + 4 a note; the last one ends the text
    whole, part = BoumbSequence.model_validate_json(free.text), BoumbSequence.model_validate_json(cut.text)
    assert part.sequence == whole.sequence[:3]


@pytest.mark.parametrize("kind", KINDS)
def test_a_budget_without_room_for_a_note_is_refused_with_what_is_needed(kind: Kind) -> None:
    with pytest.raises(ValueError, match="are needed"):
        decoder(kind).generate(ASK, automaton_of("boumb-sequence", 2, None), max_tokens=3)


def test_a_first_note_that_got_too_long_is_finished_the_short_way() -> None:
    """Random weights spell with single bytes; the tokenizer's own tokens would have needed a fraction."""
    made = decoder("byte-level").generate(ASK, automaton_of("boumb-sequence", 2, None), seed=1, max_tokens=40)
    assert made.notes == 1 and len(made.tokens) <= 40
    contract("boumb-sequence").parse(made.text)


def test_a_prompt_that_fills_the_context_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        decoder("fragments").generate([5] * 2048, automaton_of("boumb-sequence", 2, None))


def test_pitches_outside_the_scale_are_never_written() -> None:
    scale = frozenset(pitch for pitch in range(36, 60) if pitch % 12 in (0, 3, 5, 7, 10))
    automaton = automaton_of("boumb-sequence", 4, scale)
    for seed in range(6):
        made = decoder("fragments").generate(ASK, automaton, temperature=2.0, seed=seed)
        assert {note.pitch for note in BoumbSequence.model_validate_json(made.text).sequence} <= scale


def test_a_note_costs_four_tokens_of_the_json_vocabulary_whatever_the_weights() -> None:
    made = decoder("fragments").generate(ASK, automaton_of("boumb-sequence", 2, None), temperature=3.0, seed=2)
    assert len(made.tokens) == 4 * made.notes + 1
    own = tokenizer("fragments")(made.text, add_special_tokens=False)["input_ids"]
    assert list(made.tokens) == own


def test_certain_bytes_are_written_without_the_model() -> None:
    made = decoder("byte-level").generate(ASK, automaton_of("boumb-sequence", 2, None), seed=3)
    assert made.passes + made.forced_tokens == len(made.tokens)
    assert made.forced_tokens > 0.4 * len(made.tokens)


def test_a_seed_gives_one_text_and_other_seeds_others() -> None:
    automaton = automaton_of("boumb-sequence", 2, None)
    texts = [decoder("fragments").generate(ASK, automaton, seed=seed).text for seed in (1, 1, 2, 3)]
    assert texts[0] == texts[1] and len(set(texts)) == 3
    again = constrained_generate(model("fragments"), tokenizer("fragments"), ASK, automaton, seed=1)
    assert again.text == texts[0]


def test_temperature_nought_does_not_depend_on_the_seed() -> None:
    automaton = automaton_of("drum-pattern", 2, None)
    assert len({decoder("fragments").generate(ASK, automaton, temperature=0, seed=s).text for s in range(4)}) == 1


def test_the_cache_changes_nothing() -> None:
    """The same tokens when the whole text goes through the model anew for every one of them."""
    import torch

    automaton = automaton_of("boumb-sequence", 2, None)
    network, words = model("fragments"), tokenizer("fragments")
    made = decoder("fragments").generate(ASK, automaton, temperature=0)
    ids = [int(i) for i in words.apply_chat_template(ASK, add_generation_prompt=True, return_dict=True)["input_ids"]]
    vocabulary = decoder("fragments")._vocabulary
    written: list[int] = []
    state = automaton.start
    while not automaton.final(state):
        pairs = vocabulary.allowed(automaton, state)
        with torch.inference_mode():
            scores = network(input_ids=torch.tensor([ids + written])).logits[0, -1]
        index, state = max(pairs, key=lambda pair: float(scores[pair[0]]))
        written.append(index)
    assert tuple(written) == made.tokens


def test_without_an_automaton_the_text_is_free_and_ends_within_its_budget() -> None:
    made = decoder("byte-level").generate(ASK, AnyText(), temperature=1.0, seed=4, max_tokens=50)
    assert 0 < len(made.tokens) <= 50
    assert automaton_of("music-structure", 2, None).final(0)


def test_closing_texts_of_the_contracts() -> None:
    sequence, drums = automaton_of("boumb-sequence", 2, None), automaton_of("drum-pattern", 2, None)
    note = b'{"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9}'
    assert closing(sequence, walk(sequence, sequence.start, note)) == b"]}"
    assert closing(sequence, walk(sequence, sequence.start, note[:-4])) is None
    hit = b'{"clips":{"track-kick":[{"time":"0:0:0","note":"C4","duration":"16n","velocity":0.9}'
    assert closing(drums, walk(drums, drums.start, hit)) == b"]}}"
    for cut in range(0, len(note), 7):
        whole = note[:cut] + cheapest_end(sequence, walk(sequence, sequence.start, note[:cut]))
        contract("boumb-sequence").parse(whole.decode())


@given(
    st.lists(st.floats(-30, 30), min_size=1, max_size=12), st.floats(0.05, 3), st.floats(0.05, 1), st.integers(0, 99)
)
def test_a_choice_lies_in_the_nucleus(logits: list[float], temperature: float, top_p: float, seed: int) -> None:
    scores = np.array(logits)
    index = choose(scores, temperature, top_p, np.random.default_rng(seed))
    weights = np.exp((scores - scores.max()) / temperature)
    weights /= weights.sum()
    assert weights[weights > weights[index] + 1e-12].sum() < top_p + 1e-9
    assert choose(scores, 0, top_p, np.random.default_rng(seed)) == int(scores.argmax())


def test_choices_follow_their_weights() -> None:
    rng = np.random.default_rng(0)
    draws = [choose(np.log(np.array([0.5, 0.3, 0.2])), 1.0, 1.0, rng) for _ in range(4000)]
    assert np.bincount(draws, minlength=3) / 4000 == pytest.approx([0.5, 0.3, 0.2], abs=0.03)


def test_scores_that_are_no_numbers_are_never_chosen() -> None:
    rng = np.random.default_rng(0)
    assert choose(np.array([np.nan, 0.0, -np.inf]), 1.0, 1.0, rng) == 1
    with pytest.raises(ValueError, match="finite"):
        choose(np.array([np.nan, np.inf]), 1.0, 1.0, rng)
