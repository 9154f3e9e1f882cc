import pytest
from hypothesis import given

from boumb_assets.contracts.drum_pattern import DRUM_TRACKS, GM_TRACKS, TRACK_GM, DrumPattern
from boumb_assets_tests.contracts.models import QUICK, drum_patterns

EXAMPLE = '{"clips":{"track-kick":[{"time":"0:0:0","note":"C4","duration":"16n","velocity":0.9}]}}'


@QUICK
@given(drum_patterns())
def test_canonical_text_reads_back_as_it_was(pattern: DrumPattern) -> None:
    assert DrumPattern.model_validate_json(pattern.to_json()) == pattern


def test_the_contracts_example_is_read_and_written_back() -> None:
    assert DrumPattern.model_validate_json(EXAMPLE).to_json() == EXAMPLE


def test_a_track_without_hits_is_read_and_left_out() -> None:
    text = EXAMPLE.replace('{"track-kick"', '{"track-snare":[],"track-kick"')
    assert DrumPattern.model_validate_json(text).to_json() == EXAMPLE


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('"0:0:0"', '"2:0:0"', "time"),
        ('"C4"', '"C3"', "C4"),
        ('"16n"', '"8n"', "16n"),
        ("0.9", "0.95", "velocity_not_in_tenths"),
        ("0.9}", '0.9,"fill":1.5}', "fill"),
        ("0.9}", '0.9,"fill":null}', "null"),
        ("track-kick", "track-lead", "track-lead"),
        ('"note":"C4",', "", "note"),
        (',"duration":"16n"', "", "duration"),
    ],
)
def test_what_the_drum_machine_has_not(before: str, after: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DrumPattern.model_validate_json(EXAMPLE.replace(before, after))


def test_a_pattern_has_a_hit_and_a_step_one_of_a_track() -> None:
    hit = EXAMPLE[EXAMPLE.index("[") + 1 : EXAMPLE.index("]")]
    with pytest.raises(ValueError, match="no_hit"):
        DrumPattern.model_validate_json('{"clips":{"track-kick":[]}}')
    with pytest.raises(ValueError, match="not_sorted"):
        DrumPattern.model_validate_json(EXAMPLE.replace(hit, f"{hit},{hit}"))
    with pytest.raises(ValueError, match="not_sorted"):
        DrumPattern.model_validate_json(EXAMPLE.replace(hit, hit.replace("0:0:0", "1:0:0") + "," + hit))


def test_a_pattern_of_numbers_comes_in_the_studios_order() -> None:
    pattern = DrumPattern.of({"track-hhc": {4: 0.52, 0: 0.9}, "track-kick": {0: 1.0}, "track-snare": {}})
    assert list(pattern.clips.tracks()) == ["track-kick", "track-hhc"]
    assert [(hit.step, hit.velocity) for hit in pattern.clips.tracks()["track-hhc"]] == [(0, 0.9), (4, 0.5)]


def test_every_track_has_a_key_that_leads_back_to_it() -> None:
    assert set(TRACK_GM) == set(DRUM_TRACKS)
    assert all(GM_TRACKS[key] == track for track, key in TRACK_GM.items())
