import json
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.composer.figures import (
    augmentation,
    closing,
    filled,
    inversion,
    new_figure,
    ornamented,
    retrograde,
    seeded_figure,
    sequence,
)
from boumb_assets.composer.home_key import key_from, related_key
from boumb_assets.composer.progression import functions_of, progression_of
from boumb_assets.composer.section_plan import FORM_PLANS, shared_out
from boumb_assets.composer.structure import compose_structure
from boumb_assets.contracts.harmony_rules import cadence_endings, check_progression, is_minor
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
PLAN = st.lists(ENTRY | SCALARS, max_size=14) | st.fixed_dictionaries({"sections": st.lists(ENTRY, max_size=5)})


def requests() -> st.SearchStrategy[MusicRequest]:
    return st.builds(
        MusicRequest,
        valence=st.floats(-1, 1),
        arousal=st.floats(0, 1),
        focus=st.floats(0, 1),
        duration=st.floats(20, 420),
        motif_tags=st.lists(st.text(max_size=40), max_size=24),
        key=st.none() | st.sampled_from(["C major", "f# minor", "ré mineur", "Eb", "auto", "e"]) | st.text(max_size=8),
        form=st.none() | st.sampled_from([*FORMS, "RONDO", "auto", "free"]) | st.text(max_size=8),
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


def test_a_progression_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="PICARDY"):
        progression_of(8, "C major", "PICARDY", Random(0))
    with pytest.raises(ValueError, match="3 chords"):
        progression_of(3, "C major", "PAC", Random(0))


@given(st.sampled_from(TIME_SIGNATURES), st.floats(0, 1), st.floats(-1, 1), st.integers(), st.integers(-6, 6))
def test_transformations_keep_the_measure(metre: str, arousal: float, valence: float, seed: int, steps: int) -> None:
    figure = new_figure(metre, arousal, valence, Random(seed))
    for changed in (
        figure, sequence(figure, steps), inversion(figure), retrograde(figure), augmentation(figure),
        ornamented(figure), closing(figure),
    ):  # fmt: skip
        assert sum(changed.rhythm) == bar_quarters(metre)
        motif = changed.motif()  # the contract accepts it
        assert len(motif.degrees) >= 2
    assert closing(figure).degrees[-1] in (1, 8)
    assert [a - b for a, b in zip(figure.degrees, sequence(figure, 0).degrees, strict=True)] == [0] * len(
        figure.degrees
    )


@given(
    st.lists(st.integers(1, 14), max_size=12),
    st.lists(st.floats(0.25, 4), max_size=12),
    st.sampled_from(TIME_SIGNATURES),
)
def test_seeds_fill_a_measure(degrees: list[int], rhythm: list[float], metre: str) -> None:
    figure = seeded_figure(degrees, rhythm, metre, new_figure(metre, 0.5, 0, Random(1)))
    assert sum(figure.rhythm) == bar_quarters(metre)
    assert 2 <= len(figure.motif().degrees) <= 12
    assert not rhythm or sum(filled(rhythm, 4.0)) == 4


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
