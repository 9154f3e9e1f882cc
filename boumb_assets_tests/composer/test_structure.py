import json
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.composer.development import (
    augmentation,
    closing,
    diminution,
    inversion,
    ornamented,
    retrograde,
    sequence,
)
from boumb_assets.composer.figures import Figure, filled, new_figure, seeded_figures, within_range
from boumb_assets.composer.forms import FORM_PLANS, form_plan, known_form, letters_in
from boumb_assets.composer.home_key import key_from, related_key
from boumb_assets.composer.progression import agreement, functions_of, progression_of, returning
from boumb_assets.composer.section_plan import requested_sections
from boumb_assets.composer.structure import compose_structure
from boumb_assets.contracts.harmony_rules import cadence_endings, check_progression, is_minor
from boumb_assets.contracts.measures import shared_out
from boumb_assets.contracts.music_request import FORMS, MusicRequest
from boumb_assets.contracts.music_structure import KEYS, TIME_SIGNATURES, MusicStructure, bar_quarters, total_measures

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "name": SCALARS | st.sampled_from(["A", "B", "A'", "Trio"]),
        "measures": SCALARS | st.integers(1, 200),
        "key": SCALARS | st.sampled_from(KEYS),
        "cadence": SCALARS | st.sampled_from(["HC", "PAC", "DC", "PICARDY", "IAC"]),
    },
)
PLAN = (
    st.lists(ENTRY | SCALARS, max_size=14)
    | st.fixed_dictionaries({"sections": st.lists(ENTRY, max_size=5)})
    | st.dictionaries(st.text(max_size=12), ENTRY, max_size=5)
)


def requests() -> st.SearchStrategy[MusicRequest]:
    return st.builds(
        MusicRequest,
        valence=st.floats(-1, 1),
        arousal=st.floats(0, 1),
        focus=st.floats(0, 1),
        duration=st.floats(20, 420),
        motif_tags=st.lists(st.text(max_size=40), max_size=24),
        key=st.none() | st.sampled_from(["C major", "f# minor", "ré mineur", "Eb", "auto", "e"]) | st.text(max_size=8),
        form=st.none() | st.sampled_from([*FORMS, "RONDO", "auto", "free", "AABA", "a-b-a-c-a"]) | st.text(max_size=8),
        period=st.none() | st.sampled_from(["baroque", "classical", "romantic", "modern", "ars nova"]),
        tempo=st.none() | st.floats(40, 220),
        timeSignature=st.none() | st.sampled_from(TIME_SIGNATURES),
        instrumentation=st.none() | st.lists(st.text(max_size=60), max_size=8),
        motif_seed=st.none() | st.lists(st.integers(1, 14), max_size=12),
        rhythm_seed=st.none() | st.lists(st.floats(0.25, 4), max_size=12),
        section_plan=st.none() | PLAN | st.dictionaries(st.text(max_size=5), JSON, max_size=3),
        emotional_arc=st.none()
        | st.lists(SCALARS, max_size=6)
        | st.dictionaries(st.text(max_size=5), JSON, max_size=3),
        humanize=st.none() | st.dictionaries(st.sampled_from(["rubato", "velocityCurve", "peakBoost"]), SCALARS),
    )


@given(requests(), st.integers())
@settings(max_examples=80, deadline=None)
def test_any_request_gets_a_valid_structure_of_the_length_it_asks_for(request: MusicRequest, seed: int) -> None:
    structure = compose_structure(request, seed)
    assert structure == compose_structure(request, seed)
    assert MusicStructure.model_validate_json(structure.to_json()) == structure
    assert structure.fits(request.duration)
    assert structure.tempo == int(structure.tempo)
    for section in structure.sections:
        bar = bar_quarters(structure.timeSignature)
        assert all(sum(motif.rhythm) == bar for motif in section.melody.motifs), "a motif fills its measure"
    if request.timeSignature is not None:
        assert structure.timeSignature == request.timeSignature
    if request.tempo is not None:
        assert abs(structure.tempo - request.tempo) <= 0.5


def test_a_section_plan_is_followed() -> None:
    plan: list[Any] = [
        {"name": "Lament", "measures": 8, "key": "d minor", "cadence": "HC"},
        {"name": "Hope", "measures": 12, "key": "F major", "cadence": "DC"},
        {"name": "Lament", "measures": 8, "key": "d minor", "cadence": "PICARDY"},
    ]
    duration = 28 * 4 * 60 / 84
    request = MusicRequest(section_plan=plan, tempo=84, timeSignature="4/4", duration=duration)
    structure = compose_structure(request, 5)
    said = [{"name": s.name, "measures": s.measures, "key": s.key, "cadence": s.cadence} for s in structure.sections]
    assert said == plan
    assert (structure.key, structure.form) == ("d minor", "ABA")
    first, _, last = structure.sections
    assert first.melody.motifs[0] == last.melody.motifs[0], "the theme returns"


def test_measures_of_a_plan_are_refitted_to_the_duration() -> None:
    plan: list[Any] = [{"name": "A", "measures": 8}, {"name": "B", "measures": 16}]
    structure = compose_structure(MusicRequest(section_plan=plan, tempo=120, timeSignature="4/4", duration=96), 5)
    assert [section.measures for section in structure.sections] == [16, 32]


def test_seeds_become_the_first_motif() -> None:
    request = MusicRequest(motif_seed=[5, 4, 3, 1], rhythm_seed=[1, 0.5, 0.5, 2], timeSignature="4/4", form="ABA")
    motif = compose_structure(request, 2).sections[0].melody.motifs[0]
    assert (motif.degrees, motif.rhythm) == ([5, 4, 3, 1], [1, 0.5, 0.5, 2])


@pytest.mark.parametrize("form", FORMS)
def test_each_form_has_its_sections_and_returns_to_its_theme_in_the_home_key(form: str) -> None:
    structure = compose_structure(MusicRequest(form=form, key="e minor"), 9)
    assert structure.form == form
    assert [section.name for section in structure.sections] == [idea.name for idea in FORM_PLANS[form]]
    assert structure.sections[0].key == structure.sections[-1].key == "e minor"
    assert len({section.key for section in structure.sections}) > 1
    assert structure.sections[-1].cadence in ("PAC", "PICARDY")


def test_emotion_speaks() -> None:
    calm = compose_structure(MusicRequest(valence=-0.8, arousal=0.1), 4)
    wild = compose_structure(MusicRequest(valence=0.8, arousal=0.9), 4)
    assert is_minor(calm.key) and not is_minor(wild.key)
    assert calm.tempo < wild.tempo
    assert calm.sections[0].dynamics in ("pp", "p", "mp") and wild.sections[0].dynamics in ("f", "ff")
    assert calm.character != wild.character


def test_an_emotional_arc_shapes_the_dynamics() -> None:
    arc: list[Any] = [{"arousal": 0}, {"arousal": 0.5}, {"arousal": 1}]
    plan: list[Any] = [{"name": name, "measures": 8} for name in "ABC"]
    structure = compose_structure(MusicRequest(emotional_arc=arc, section_plan=plan), 1)
    assert [section.dynamics for section in structure.sections] == ["pp", "mp", "f"]


@given(st.integers(4, 32), st.sampled_from(KEYS), st.integers())
def test_progressions_reach_their_cadence_without_standing_still(chords: int, key: str, seed: int) -> None:
    for cadence in cadence_endings(is_minor(key)):
        progression = progression_of(chords, key, cadence, Random(seed))  # type: ignore[arg-type]
        assert len(progression) == chords == len(functions_of(progression))
        check_progression(progression, key, cadence)
        assert all(a != b for a, b in pairwise(progression))


@given(st.integers(4, 32), st.sampled_from(KEYS), st.integers())
def test_chords_lead_on_and_do_not_fall_back(chords: int, key: str, seed: int) -> None:
    backwards = {
        ("V", "ii"), ("V", "IV"), ("ii", "I"), ("vii", "ii"), ("vii", "IV"), ("v", "iv"), ("v", "II"), ("v", "vii"),
    }  # fmt: skip
    progression = progression_of(chords, key, "PAC", Random(seed))
    assert not backwards & set(pairwise(progression))


def test_a_progression_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="PICARDY"):
        progression_of(8, "C major", "PICARDY", Random(0))
    with pytest.raises(ValueError, match="3 chords"):
        progression_of(3, "C major", "PAC", Random(0))


FIGURES = st.builds(
    lambda metre, arousal, valence, seed: new_figure(metre, arousal, valence, Random(seed)),
    st.sampled_from(TIME_SIGNATURES), st.floats(0, 1), st.floats(-1, 1), st.integers(),
)  # fmt: skip


def moves(degrees: tuple[int, ...]) -> list[int]:
    return [b - a for a, b in pairwise(degrees)]


@given(FIGURES, st.integers(-6, 6))
def test_transformations_are_what_they_are_called(figure: Figure, steps: int) -> None:
    bar = sum(figure.rhythm)
    assert moves(sequence(figure, steps).degrees) == moves(figure.degrees)
    assert moves(inversion(figure).degrees) == [-move for move in moves(figure.degrees)]
    assert moves(retrograde(figure).degrees) == [-move for move in moves(figure.degrees)][::-1]
    assert sequence(figure, steps).rhythm == inversion(figure).rhythm == retrograde(figure).rhythm[::-1]
    slow = augmentation(figure)
    assert [sum(measure.rhythm) for measure in slow] == [bar, bar]
    sung = [degree for measure in slow for degree in measure.degrees]
    assert [a for a, b in pairwise([*sung, 0]) if a != b] == [a for a, b in pairwise([*figure.degrees, 0]) if a != b]
    quick = diminution(figure, steps)
    if quick != figure:
        half = len(figure.degrees)
        assert quick.rhythm == tuple(value / 2 for value in figure.rhythm) * 2
        assert moves(quick.degrees[:half]) == moves(quick.degrees[half:]) == moves(figure.degrees)
    for cadence, rests in (("PAC", (1, 8)), ("HC", (2, 5, 7, 9, 12, 14)), ("DC", (1, 3, 8, 10))):
        closed = closing(figure, cadence)  # type: ignore[arg-type]
        assert closed.degrees[-1] in rests and closed.degrees[0] == figure.degrees[0] and closed.rhythm == figure.rhythm
        assert len(closed.degrees) < 5 or abs(moves(closed.degrees)[-1]) <= 2
    for changed in (figure, *slow, quick, sequence(figure, steps), inversion(figure), ornamented(figure, steps > 0)):
        assert sum(changed.rhythm) == bar
        changed.motif()  # the contract accepts it


@given(st.lists(st.integers(-20, 30), min_size=1, max_size=12))
def test_degrees_move_together_into_the_range(degrees: list[int]) -> None:
    moved = within_range(degrees)
    assert all(1 <= degree <= 14 for degree in moved)
    if max(degrees) - min(degrees) < 14:
        assert moves(moved) == moves(tuple(degrees))


@given(
    st.lists(st.integers(1, 14), max_size=12),
    st.lists(st.floats(0.25, 4), max_size=12),
    st.sampled_from(TIME_SIGNATURES),
)
def test_seeds_fill_measures(degrees: list[int], rhythm: list[float], metre: str) -> None:
    figures = seeded_figures(degrees, rhythm, metre, new_figure(metre, 0.5, 0, Random(1)))
    assert 1 <= len(figures) <= 2
    for figure in figures:
        assert sum(figure.rhythm) == bar_quarters(metre)
        assert 2 <= len(figure.motif().degrees) <= 12
    said = [degree for figure in figures for degree in figure.degrees]
    assert said[: len(degrees)] == degrees[: len(said)]
    assert not rhythm or sum(filled(rhythm, 4.0)) == 4


def test_a_seed_longer_than_a_measure_goes_on_in_the_second_motif() -> None:
    request = MusicRequest(
        motif_seed=[1, 2, 3, 4, 5, 6, 7, 8], rhythm_seed=[1] * 8, timeSignature="4/4", form="ABA", duration=60
    )
    for seed in range(8):
        first, second, *_ = compose_structure(request, seed).sections[0].melody.motifs
        assert first.degrees == [1, 2, 3, 4] and first.rhythm == second.rhythm == [1, 1, 1, 1]
        assert second.degrees[:3] == [5, 6, 7]  # the last tone may come to rest


def is_turn_of(figure: Figure, theme: Figure) -> set[str]:
    """Which transformations of ``theme`` make ``figure``, but for its last tone, which may close."""
    halved = tuple(value / 2 for value in theme.rhythm)
    slow = [measure.rhythm for measure in augmentation(theme)]
    up, size = moves(theme.degrees), len(theme.degrees)
    turns = set()
    if figure.rhythm == theme.rhythm and size > 2:
        if moves(figure.degrees)[:-1] == up[:-1]:
            turns.add("sequence" if figure.degrees[0] != theme.degrees[0] else "statement")
        if moves(figure.degrees)[:-1] == [-move for move in up][:-1]:
            turns.add("inversion")
    if figure.rhythm == halved * 2 and moves(figure.degrees[:size]) == up:
        turns.add("diminution")
    if figure.rhythm in slow and figure.rhythm != theme.rhythm:
        turns.add("augmentation")
    return turns


@pytest.mark.parametrize("form", FORMS)
def test_the_theme_is_developed_across_the_sections(form: str) -> None:
    found: dict[str, int] = {}
    for seed in range(30):
        request = MusicRequest(form=form, timeSignature="4/4", motif_seed=[1, 2, 4, 3], rhythm_seed=[1] * 4, tempo=100)
        structure = compose_structure(request, seed)
        theme = Figure((1, 2, 4, 3), (1.0,) * 4)
        turns = {
            turn
            for section in structure.sections
            for motif in section.melody.motifs
            for turn in is_turn_of(Figure(tuple(motif.degrees), tuple(motif.rhythm)), theme)
        }
        assert "statement" in turns and len(turns) >= 2
        for turn in turns:
            found[turn] = found.get(turn, 0) + 1
    assert found["sequence"] >= 20
    wanted = {"inversion", "diminution"} | ({"augmentation"} if form in ("theme-variation", "sonata") else set())
    assert all(found.get(turn, 0) >= 5 for turn in wanted), found


@given(requests(), st.integers())
@settings(max_examples=40, deadline=None)
def test_the_last_measure_of_a_section_comes_to_rest(request: MusicRequest, seed: int) -> None:
    rests = {"PAC": {1}, "PICARDY": {1}, "HC": {2, 5, 7}, "DC": {1, 3}}
    for section in compose_structure(request, seed).sections:
        place = (section.measures - 1) % len(section.melody.motifs)
        if place:
            assert (section.melody.motifs[place].degrees[-1] - 1) % 7 + 1 in rests[section.cadence]


def test_a_theme_comes_back_with_its_harmony() -> None:
    for seed in range(10):
        first, _, last = compose_structure(MusicRequest(form="ABA", duration=96, timeSignature="4/4"), seed).sections
        shared = min(len(first.chordProgression), len(last.chordProgression)) - 3
        assert first.chordProgression[:shared] == last.chordProgression[:shared]
        assert first.melody.motifs[0] == last.melody.motifs[0]


@given(st.integers(4, 32), st.integers(4, 32), st.sampled_from(KEYS), st.sampled_from(KEYS), st.integers())
def test_a_returning_progression_fits_its_key_and_cadence(a: int, b: int, home: str, key: str, seed: int) -> None:
    model = progression_of(a, home, "PAC", Random(seed))
    for cadence in cadence_endings(is_minor(key)):
        progression = returning(model, b, key, cadence, Random(seed))  # type: ignore[arg-type]
        assert len(progression) == b
        check_progression(progression, key, cadence)
        assert all(one != two for one, two in pairwise(progression))


def test_the_chords_suit_the_melody_better_than_chance() -> None:
    chosen, chance = [], []
    for seed in range(60):
        section = compose_structure(MusicRequest(timeSignature="4/4", key="C major"), seed).sections[0]
        melody = [Figure(tuple(motif.degrees), tuple(motif.rhythm)) for motif in section.melody.motifs]
        other = progression_of(len(section.chordProgression), "C major", section.cadence, Random(seed))
        chosen.append(agreement(section.chordProgression, melody))
        chance.append(agreement(other, melody))
    assert sum(chosen) / 60 > sum(chance) / 60 + 0.04


def test_seeds_give_many_pieces() -> None:
    pieces = [compose_structure(MusicRequest(), seed) for seed in range(200)]
    assert len({piece.to_json() for piece in pieces}) == 200
    assert len({tuple(section.chordProgression) for piece in pieces for section in piece.sections}) > 400
    assert len({piece.form for piece in pieces}) >= 4


@pytest.mark.parametrize(
    ("text", "name"),
    [("Rondo", "rondo"), ("rondeau", "rondo"), ("Thème et variations", "theme-variation"), ("sonate", "sonata"),
     ("Menuet", "minuet-trio"), ("ternary", "ABA"), ("fugue", None), ("", None)],
)  # fmt: skip
def test_forms_are_known_by_other_names(text: str, name: str | None) -> None:
    assert known_form(text) == name


@pytest.mark.parametrize(
    ("text", "letters"),
    [("AABA", "AABA"), ("a-b-a-c-a", "ABACA"), ("A A' B A''", "AABA"), ("ABCDEFGHIJKLAB", "ABCDEFGHIJKL"), ("A", None),
     ("BAB", None), ("free", None), ("ADAGIO", None), ("A/B/A1", "ABA"), ("", None)],
)  # fmt: skip
def test_forms_are_read_as_letters(text: str, letters: str | None) -> None:
    assert letters_in(text) == letters


def test_a_form_in_letters_has_a_section_a_letter() -> None:
    piece = compose_structure(MusicRequest(form="AABA", key="C major"), 3)
    assert piece.form == "AABA"
    assert [section.name for section in piece.sections] == ["A", "A'", "B", "A''"]
    assert [section.key for section in piece.sections] == ["C major", "C major", "G major", "C major"]
    assert [section.cadence for section in piece.sections] == ["HC", "PAC", "HC", "PAC"]
    assert form_plan("a form that nobody knows") == FORM_PLANS["ABA"]


@pytest.mark.parametrize(
    "plan",
    [
        ["Dawn", "Noon"],
        {"sections": [{"name": "Dawn"}, {"name": "Noon"}]},
        {"plan": {"form": "free", "parts": [{"name": "Dawn"}, {"name": "Noon"}]}},
        {"Dawn": {"measures": 8}, "Noon": {"measures": "12 bars"}},
        [[{"name": "Dawn"}, {"name": "Noon"}]],
        {"Dawn": 8, "Noon": "12 bars"},
        [{"Title": "Dawn", "bars": 8}, {"Name": "Noon", "Measures": 12}],
        {"sections": {"Dawn": {"bars": 8}, "Noon": {"length": 12}}},
    ],
)
def test_plans_are_found_in_many_shapes(plan: Any) -> None:
    assert [section.name for section in compose_structure(MusicRequest(section_plan=plan), 1).sections] == [
        "Dawn",
        "Noon",
    ]


def test_a_plan_of_one_section_comes_twice() -> None:
    assert [section.measures for section in requested_sections([{"name": "All", "measures": 16}])] == [16, 16]
    assert requested_sections([]) == requested_sections({}) == requested_sections([7, None]) == []


def test_a_plan_that_leaves_the_tempo_open_is_kept_to_the_measure() -> None:
    plan: list[Any] = [{"name": "A", "measures": 12}, {"name": "B", "measures": 7}, {"name": "A", "measures": 12}]
    piece = compose_structure(MusicRequest(section_plan=plan, duration=90, timeSignature="3/4"), 1)
    assert [section.measures for section in piece.sections] == [12, 7, 12] and piece.fits(90)


def test_the_names_of_a_plan_say_what_happens() -> None:
    names = ["Theme", "Variation 1", "Variation 2", "Development", "Coda"]
    ideas = [section.idea for section in requested_sections(names)]
    assert {idea.theme for idea in ideas} == {"A"}
    assert [idea.treatment for idea in ideas] == ["statement", "variation", "inversion", "development", "augmentation"]


@pytest.mark.parametrize(
    "arc",
    [
        [0, 0.5, 1],
        {"arousal": [0, 0.5, 1], "valence": [1, 1, 1]},
        {"valence": [1, 1, 1], "intensity": [0, 0.5, 1]},
        {"start": 0, "middle": 0.5, "end": 1},
        {"points": [{"time": 0, "energy": 0}, {"time": 9, "energy": 0.5}, {"energy": 1}]},
    ],
)
def test_arcs_are_read_in_many_shapes(arc: Any) -> None:
    plan: list[Any] = [{"name": name, "measures": 8} for name in "ABC"]
    structure = compose_structure(MusicRequest(emotional_arc=arc, section_plan=plan), 1)
    assert [section.dynamics for section in structure.sections] == ["pp", "mp", "f"]


def test_a_period_is_read_in_french_and_capitals() -> None:
    baroque = [compose_structure(MusicRequest(period=period), 5) for period in ("baroque", "BAROQUE", "Baroque ")]
    assert baroque[0] == baroque[1] == baroque[2] and baroque[0].instrumentation == "harpsichord"
    assert compose_structure(MusicRequest(period="romantique"), 5).instrumentation == "piano, cello"


@given(st.text(max_size=12) | st.text("dorémifasolſİı#♯b♭-mM ", max_size=10))
def test_any_text_may_stand_for_a_key(text: str) -> None:
    assert key_from(text) in (None, *KEYS)


def test_keys_are_read_in_both_languages_and_moved_to_a_natural_root() -> None:
    assert key_from("d minor") == key_from("ré mineur") == key_from("D min") == key_from("d") == "d minor"
    assert key_from("C") == key_from("do majeur") == key_from("c maj") == "C major"
    assert key_from("f# minor") == key_from("fa dièse mineur") == "f minor"
    assert key_from("Eb major") == key_from("mi♭ majeur") == "E major"
    assert key_from("E# major") == "F major" and key_from("Cb major") == "B major"
    assert key_from("auto") is None and key_from("H major") is None and key_from("") is None


def test_related_keys_are_ones_that_the_app_can_name() -> None:
    assert related_key("C major", "dominant") == "G major"
    assert related_key("C major", "relative") == "a minor"
    assert related_key("a minor", "dominant") == "C major"
    assert related_key("B major", "dominant") == "E major"  # F sharp has no name there
    for key in KEYS:
        for relation in ("tonic", "dominant", "subdominant", "relative", "parallel"):
            assert related_key(key, relation) in KEYS


@given(st.lists(st.floats(0.1, 128), min_size=2, max_size=12), st.floats(20, 420), st.integers(40, 220))
def test_measures_are_shared_out_whole(weights: list[float], duration: float, tempo: int) -> None:
    total = total_measures(duration, tempo, "3/4", len(weights))
    lengths = shared_out(weights, total)
    assert sum(lengths) == total and all(4 <= length <= 128 for length in lengths)
    assert sum(length % 4 != 0 for length in lengths) <= 1


def test_too_few_measures_are_refused() -> None:
    with pytest.raises(ValueError, match="7 measures"):
        shared_out([1, 1], 7)


def test_tags_become_leitmotifs() -> None:
    structure = compose_structure(MusicRequest(motif_tags="memory, hope,  hope , "), 1)
    assert [motif.tag for motif in structure.leitmotifs or []] == ["memory", "hope"]
    assert json.loads(structure.to_json())["leitmotifs"][1]["transformations"] == ["inversion"]
