"""Roles from what a part plays, and from what it is called."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.events.parse import parse_midi
from boumb_assets.events.roles import DRUMS, PITCHED, Parts, likeliest, parts_of
from boumb_assets.events.roles import _part_features as part_features
from boumb_assets_tests.events.smf import Played, written

CHORD = (60, 64, 67)


def found(notes: list[Played]) -> Parts:
    parsed = parse_midi(written(notes))
    return parts_of(parsed, parsed.onset_tick / parsed.ppq, parsed.duration_tick / parsed.ppq)


def line(pitches: list[int], program: int, track: int = 0, channel: int = 0) -> list[Played]:
    return [Played(240 * index, 230, pitch, 64, channel, track, program) for index, pitch in enumerate(pitches)]


def chords(length: int, program: int, track: int = 0, count: int = 8) -> list[Played]:
    return [Played(length * index, length, pitch, 64, 0, track, program) for index in range(count) for pitch in CHORD]


@pytest.mark.parametrize("named", [True, False])
def test_the_roles_that_a_musician_would_name(named: bool) -> None:
    bass, flute, piano, warm_pad = (33, 73, 4, 89) if named else (0, 0, 0, 0)
    notes = [
        *line([36, 43, 36, 41] * 8, bass, 0),
        *line([72, 74, 76, 79] * 8, flute, 1),
        *chords(480, piano, 2),
        *chords(1920, warm_pad, 3),
        *line([36, 38] * 16, 0, 4, channel=9),
    ]
    parts = found(notes)
    assert parts.roles == ["bass", "lead", "keys", "pad", "drums"]
    assert parts.programs == [bass, flute, piano, warm_pad, -1]
    assert all(confidence > 0.5 for confidence in parts.confidences) and parts.confidences[-1] == 1.0


def test_a_long_rest_does_not_make_a_pad() -> None:
    busy = chords(480, 0)
    assert found([*busy, *(note._replace(onset=note.onset + 480 * 400) for note in busy)]).roles == ["keys"]


def test_a_name_tips_the_balance_and_a_title_does_not() -> None:
    parsed = parse_midi(written(line([52, 55, 57, 52] * 8, 0)))

    def named(name: str) -> str:
        return parts_of(
            replace(parsed, track_names=(name,)), parsed.onset_tick / 480, parsed.duration_tick / 480
        ).roles[0]

    assert named("") == "lead"
    assert named("Basse 1") == "bass"
    assert named("The bass player of the county of Clare") == "lead"


@settings(deadline=None)  # the first example compiles
@given(st.lists(st.tuples(*[st.floats(0, 1e6)] * 4), min_size=1, max_size=8), st.integers(0, 2**32 - 1))
def test_extremes_give_a_role(rows: list[tuple[float, ...]], seed: int) -> None:
    leaning = np.random.default_rng(seed).uniform(0, 4, (len(rows), 4))
    best, share = likeliest(np.array(rows), leaning)
    assert ((best >= 0) & (best < len(PITCHED))).all()
    assert ((share >= 0.25 - 1e-9) & (share <= 1)).all()
    assert DRUMS not in PITCHED


PART_NOTES = st.lists(
    st.builds(
        lambda onset, duration, pitch, track: Played(onset * 60, duration * 60, pitch, 64, 0, track, 10 + track),
        st.integers(0, 200),
        st.integers(1, 80),
        st.integers(0, 127),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=30,
)


@settings(deadline=None)
@given(PART_NOTES)
def test_features_are_those_of_each_part(notes: list[Played]) -> None:
    parsed = parse_midi(written(notes))
    onset, duration = parsed.onset_tick / 480, parsed.duration_tick / 480
    programs, features = part_features(
        onset, duration, parsed.pitch, parsed.track, parsed.program, parsed.is_drum, len(parsed.track_names)
    )
    for part, (program, row) in enumerate(zip(programs, features, strict=True)):
        own = parsed.track == part
        sixteenths = [
            set(range(int(8 * begin), int(8 * (begin + length))))
            for begin, length in zip(onset[own], duration[own], strict=True)
        ]
        covered = len(set().union(*sixteenths)) / 8
        bars = {
            bar
            for begin, length in zip(onset[own], duration[own], strict=True)
            for bar in range(int(begin // 4), max(int(-(-(begin + length) // 4)), int(begin // 4) + 1))
        }
        assert program == parsed.program[own][0]
        assert row[0] == pytest.approx(parsed.pitch[own].mean())
        assert row[1] == pytest.approx(duration[own].sum() / covered if covered else 1.0)
        assert row[2] == pytest.approx(4 * duration[own].mean())
        assert row[3] == pytest.approx(np.unique(onset[own]).size / len(bars))
