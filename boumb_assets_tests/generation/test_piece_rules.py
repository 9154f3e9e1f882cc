import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.music_request import FORMS, MusicRequest
from boumb_assets.contracts.music_structure import KEYS, TIME_SIGNATURES
from boumb_assets.contracts.validation import validate
from boumb_assets.generation.piece_plan import nearest_key, related_keys
from boumb_assets.generation.piece_rules import compose_piece

plans = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.text(max_size=30),
            "measures": st.integers(-5, 200) | st.text(max_size=3),
            "key": st.sampled_from([*KEYS, "Bb minor", "?", ""]),
            "cadence": st.sampled_from(["PAC", "HC", "DC", "PICARDY", "IAC"]),
        },
    ),
    max_size=15,
)
requests = st.builds(
    MusicRequest,
    valence=st.floats(-1, 1),
    arousal=st.floats(0, 1),
    focus=st.floats(0, 1),
    duration=st.floats(20, 420),
    motif_tags=st.lists(st.text(max_size=40), max_size=8),
    key=st.none() | st.sampled_from([*KEYS, "F# minor", "Bb", "auto", "xyz"]),
    form=st.none() | st.sampled_from([*FORMS, "through-composed"]),
    tempo=st.none() | st.floats(40, 220),
    timeSignature=st.none() | st.sampled_from(TIME_SIGNATURES),
    instrumentation=st.none() | st.lists(st.text(max_size=30), max_size=8),
    motif_seed=st.none() | st.lists(st.integers(1, 14), max_size=12),
    rhythm_seed=st.none() | st.lists(st.floats(0.25, 4), max_size=12),
    section_plan=st.none() | plans,
    humanize=st.none() | st.just({"rubato": "none"}),
)


@settings(max_examples=150, deadline=None)
@given(requests, st.integers(0, 10**6))
def test_any_request_gets_a_piece_that_the_app_keeps(request: MusicRequest, seed: int) -> None:
    piece = compose_piece(request, seed)
    assert validate(piece.to_json(), "music-structure") == []
    assert piece == compose_piece(request, seed)
    if request.section_plan is None:
        assert piece.fits(request.duration)
    if request.timeSignature:
        assert piece.timeSignature == request.timeSignature
    if request.tempo:
        assert piece.tempo == round(request.tempo)


def test_a_section_plan_is_followed() -> None:
    plan = [
        {"name": "Dawn", "measures": 6, "key": "d minor", "cadence": "HC"},
        {"name": "Noon", "measures": 9, "key": "F major", "cadence": "DC"},
        {"name": "Dusk", "measures": 4, "key": "d minor", "cadence": "PICARDY"},
    ]
    piece = compose_piece(MusicRequest(section_plan=plan), 1)
    assert [section.model_dump(include={"name", "measures", "key", "cadence"}) for section in piece.sections] == plan


def test_seeds_become_the_motif_and_tags_the_leitmotifs() -> None:
    piece = compose_piece(
        MusicRequest(motif_seed=[5, 4, 3, 1], rhythm_seed=[1, 0.5, 0.5, 2], motif_tags=["sea", "loss"]), 0
    )
    motif = piece.sections[0].melody.motifs[0]
    assert (motif.degrees, motif.rhythm) == ([5, 4, 3, 1], [1, 0.5, 0.5, 2])
    assert piece.leitmotifs is not None and [leitmotif.tag for leitmotif in piece.leitmotifs] == ["sea", "loss"]
    assert piece.sections[2].melody == piece.sections[0].melody  # A returns


def test_the_feeling_is_heard() -> None:
    sad = [compose_piece(MusicRequest(valence=-0.8, arousal=0.1), seed) for seed in range(5)]
    happy = [compose_piece(MusicRequest(valence=0.8, arousal=0.9), seed) for seed in range(5)]
    assert all(piece.key.endswith("minor") for piece in sad) and all(piece.key.endswith("major") for piece in happy)
    assert max(piece.tempo for piece in sad) + 30 < min(piece.tempo for piece in happy)


@pytest.mark.parametrize(
    ("wish", "key"),
    [("C major", "C major"), ("f# minor", "f minor"), ("Bb", "B major"), ("a", "a minor"), ("D mineur", "d minor"),
     ("auto", None), (None, None), ("H dur", None)],
)  # fmt: skip
def test_a_key_in_any_spelling_becomes_one_of_the_apps(wish: str | None, key: str | None) -> None:
    assert nearest_key(wish) == key


def test_related_keys_have_names_without_accidentals() -> None:
    assert related_keys("C major") == ("a minor", "G major")
    assert related_keys("a minor") == ("C major", "d minor")
    for key in KEYS:
        assert set(related_keys(key)) <= set(KEYS)
