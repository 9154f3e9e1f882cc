"""The wording of batches: the same texts as one at a time, whatever the batch, and where the key stands in them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.prompts.columns import columns_of
from boumb_assets.prompts.draws import Draws
from boumb_assets.prompts.facts import LoopFacts
from boumb_assets.prompts.key_names import KEY_FORMS, SCALE_NAMES, key_names
from boumb_assets.prompts.phrase_book import templates
from boumb_assets.prompts.rendering import LANGUAGE_NAMES, PromptBatch, render_prompts
from boumb_assets.prompts.templates import KINDS
from boumb_assets.prompts.wording import word_loop
from boumb_assets_tests.prompts.loops import facts, seeds

BASS = LoopFacts(
    contract="boumb-sequence", role="bass", style="funk", root=9, scale="minor", bpm=100, mood="tense",
    instrument="slap bass", composer="Franz Schubert", articulation="legato", harmony="slow", period="romantic",
)  # fmt: skip


def _draws(count: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**64, count, dtype=np.uint64)


def _same(batch: PromptBatch, index: int, loop: LoopFacts, seed: int) -> None:
    prompt = word_loop(loop, seed)
    assert batch.prompt(index) == prompt.text
    assert LANGUAGE_NAMES[batch.language[index]] == prompt.language
    assert KINDS[batch.kind[index]] == prompt.kind
    assert batch.said(index) == prompt.claims


@settings(deadline=None)  # the first batch loads or compiles the machine code
@given(st.lists(facts, min_size=1, max_size=5), st.lists(seeds, min_size=1, max_size=20))
def test_a_batch_says_what_one_at_a_time_says(loops: list[LoopFacts], drawn: list[int]) -> None:
    row = np.array([seed // 2 % len(loops) for seed in drawn])
    batch = render_prompts(columns_of(loops), row, np.zeros(len(row)), np.array(drawn, np.uint64))
    assert len(batch) == len(drawn)
    for index, seed in enumerate(drawn):
        _same(batch, index, loops[row[index]], seed)


@settings(deadline=None)  # the first batch loads or compiles the machine code
@given(facts, seeds, st.integers(-11, 11))
def test_a_moved_loop_is_worded_in_its_new_key(loop: LoopFacts, seed: int, shift: int) -> None:
    columns = columns_of([loop])
    batch = render_prompts(columns, np.zeros(1), np.array([shift]), np.array([seed], np.uint64))
    middle = int(columns.lowest[0]) + shift
    moved = replace(
        loop,
        root=None if loop.root is None else (loop.root + shift) % 12,
        register="low" if middle < 48 else "high" if middle >= 72 else "mid",
    )
    _same(batch, 0, moved, seed)


@settings(deadline=None)  # the first batch loads or compiles the machine code
@given(st.lists(facts, min_size=1, max_size=5), seeds)
def test_the_key_stands_where_its_spans_say(loops: list[LoopFacts], seed: int) -> None:
    count = 40
    columns, row = columns_of(loops), np.arange(count) % len(loops)
    batch = render_prompts(columns, row, np.zeros(count), _draws(count, seed))
    for index in range(count):
        text = batch.prompt(index).encode()
        spans = [tuple(span) for span in batch.key_spans[index].tolist() if span[0] >= 0]
        assert bool(spans) == ("root" in batch.said(index))
        for start, stop, form in spans:
            names = key_names(form, int(columns.scale[row[index]]))
            assert text[start:stop].decode() == names[int(columns.root[row[index]])]
        assert all(start < stop for start, stop, _ in spans)
        if KINDS[batch.kind[index]] == "app-message":
            assert KEY_FORMS[spans[0][2]] == "studio"


def test_a_batch_larger_than_its_first_buffer_is_the_same() -> None:
    talkative = replace(BASS, composer="Élisabeth Jacquet de La Guerre", scale="pentatonic_minor", root=10)
    drawn = _draws(3000)
    batch = render_prompts(columns_of([talkative]), np.zeros(3000), np.zeros(3000), drawn)
    longest = np.argsort(-np.diff(batch.offsets))[:200]
    again = render_prompts(
        columns_of([talkative]), np.zeros(40 * 200), np.zeros(40 * 200), np.repeat(drawn[longest], 40)
    )
    assert len(again.text) > 96 * len(again), "the first buffer held them all: the test shows nothing"
    assert [again.prompt(40 * place) for place in range(200)] == [batch.prompt(index) for index in longest]


def test_every_template_is_used_and_its_number_tells_it() -> None:
    played = {"slap bass": "bass", "cello": "bass", "flute": "lead", "organ": "keys", "strings": "pad"}
    base = replace(BASS, genre="punk", syncopated=True, density="low", register="high")
    loops = [replace(base, role=role, instrument=instrument) for instrument, role in played.items()]  # type: ignore[arg-type]
    drums = LoopFacts(
        contract="drum-pattern", role="drums", style="house", genre="punk", bpm=120, density="high", swing=True
    )
    columns = columns_of([*loops, drums])
    batch = render_prompts(columns, np.arange(60_000) % 6, np.zeros(60_000), _draws(60_000))
    assert set(batch.template.tolist()) == set(range(len(templates())))
    for index in range(2000):
        template = templates()[batch.template[index]]
        assert template.language == LANGUAGE_NAMES[batch.language[index]]
        assert KINDS[batch.kind[index]] in (template.kind, "app-message")


def test_no_loops_no_prompts() -> None:
    assert len(render_prompts(columns_of([]), np.zeros(0), np.zeros(0), np.zeros(0))) == 0


def test_what_no_batch_can_word_is_refused() -> None:
    columns = columns_of([BASS])
    for row, shift in (([1], [0]), ([-1], [0]), ([0], [200]), ([0, 0], [0])):
        with pytest.raises(ValueError):
            render_prompts(columns, np.array(row), np.array(shift), np.zeros(1, np.uint64))
    for wrong in ({"role": 5}, {"scale": 14}, {"bpm": 30}, {"composer": 1}, {"density": 3}, {"instrument": 999}):
        with pytest.raises(ValueError):
            replace(columns, **{name: np.array([value]) for name, value in wrong.items()})  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        replace(columns, root=np.array([1, 2]))
    with pytest.raises(ValueError):
        replace(columns, composers=["x" * 41])
    with pytest.raises(ValueError):
        replace(columns, role=np.array([4]))  # drums in a key


def test_draws_are_those_of_splitmix64() -> None:
    draws = Draws(1234567)
    assert [draws.number() for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_names_of_keys() -> None:
    minor, major = SCALE_NAMES.index("minor"), SCALE_NAMES.index("major")
    by_form = {form: key_names(KEY_FORMS.index(form), minor) for form in KEY_FORMS}
    assert [by_form[form][3] for form in KEY_FORMS] == [
        "D# minor", "mi bémol mineur", "D# mineur", "D#m", "Eb minor", "E flat minor", "Ebm",
    ]  # fmt: skip
    assert key_names(KEY_FORMS.index("fr-solfege"), major)[6] == "fa dièse majeur"
    assert key_names(KEY_FORMS.index("fr-solfege"), SCALE_NAMES.index("blues"))[9] == "la, gamme blues"
    assert key_names(KEY_FORMS.index("en-short"), SCALE_NAMES.index("dorian"))[1] == "C# dorian"
    assert key_names(KEY_FORMS.index("en-letters"), SCALE_NAMES.index("pentatonic_major"))[10] == "Bb major pentatonic"
    for form, scale in ((7, 0), (-1, 0), (0, 14)):
        with pytest.raises(ValueError):
            key_names(form, scale)
