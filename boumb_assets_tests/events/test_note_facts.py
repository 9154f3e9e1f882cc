from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.events.note_facts import MAX_PASSED, file_fingerprint, note_facts
from boumb_assets.events.parse import parse_midi
from boumb_assets_tests.events.smf import Played, written

PARTS = {(0, 0): 0, (9, 0): 9, (0, 1): 0}  # channel and track
NOTES = st.lists(
    st.builds(
        lambda onset, duration, pitch, part: Played(onset * 20, duration * 20, pitch, 64, part[0], part[1]),
        st.integers(0, 60),
        st.integers(1, 40),
        st.integers(30, 90),
        st.sampled_from(list(PARTS)),
    ),
    min_size=1,
    max_size=40,
)


@settings(deadline=None)  # the first example compiles
@given(NOTES)
def test_the_pass_over_the_notes_counts_what_is_there(notes: list[Played]) -> None:
    parsed = parse_midi(written(notes))
    found = note_facts(parsed)
    pitched = np.flatnonzero(~parsed.is_drum)
    heard = pitched if pitched.size else np.arange(parsed.pitch.size)
    onset, duration, pitch = parsed.onset_tick[heard], parsed.duration_tick[heard], parsed.pitch[heard]
    ticks = {tick for begin, length in zip(onset, duration, strict=True) for tick in range(begin, begin + length)}
    assert found.onsets == np.unique(parsed.onset_tick).size and found.pitched == pitched.size
    assert found.last_tick == (parsed.onset_tick + parsed.duration_tick).max()
    assert (found.lowest, found.highest) == (pitch.min(), pitch.max())
    assert (found.sounding, found.covered) == (duration.sum(), len(ticks))
    assert found.histogram.tolist() == np.bincount(pitch % 12, duration, 12).tolist()


def test_notes_without_length_are_counted() -> None:
    parsed = parse_midi(written([Played(0, 9, 60, 64), Played(480, 9, 60, 64), Played(480, 9, 67, 64)]))
    found = note_facts(replace(parsed, duration_tick=np.zeros(3, dtype=np.int64)))
    assert (found.sounding, found.covered, found.onsets) == (0, 0, 2)
    assert found.histogram[[0, 7]].tolist() == [2, 1]


@settings(deadline=None)
@given(
    NOTES, st.integers(-30, 30), st.sampled_from([24, 96, 480, 960, 1200]), st.integers(0, 9),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(100_000, 2_000_000)), max_size=5, unique_by=lambda x: x[0]),
)  # fmt: skip
def test_neither_key_nor_tempo_nor_resolution_nor_beginning_change_the_fingerprint(
    notes: list[Played], shift: int, ppq: int, later: int, tempos: list[tuple[int, int]]
) -> None:
    def moved(note: Played) -> Played:
        onset, pitch = (note.onset + 20 * later) * ppq // 480, note.pitch + shift * (note.channel != 9)
        return note._replace(onset=onset, duration=max(1, note.duration * ppq // 480), pitch=pitch, velocity=99)

    expected = file_fingerprint(parse_midi(written(notes)))
    other = [moved(note) for note in notes]
    assert file_fingerprint(parse_midi(written(other, ppq, tempos=sorted(tempos)))) == expected
    assert len(expected) == 16


@settings(deadline=None)
@given(NOTES, NOTES)
def test_notes_at_other_places_have_another_fingerprint(notes: list[Played], others: list[Played]) -> None:
    def places(members: list[Played]) -> set[tuple[int, int]]:
        first = min(note.onset for note in members)
        places = {((note.onset - first + 20) // 40, note.pitch, note.channel == 9) for note in members}
        begun = min((place for place, _, drum in places if not drum), default=None)
        base = min((pitch for place, pitch, drum in places if place == begun and not drum), default=0)
        return {(place, pitch if drum else 1000 + pitch - base) for place, pitch, drum in places}

    prints = [file_fingerprint(parse_midi(written(members))) for members in (notes, others)]
    assert (prints[0] == prints[1]) == (places(notes) == places(others))


def test_a_chord_of_everything_is_sorted_all_the_same() -> None:
    pitches = [pitch for pitch in range(127, 0, -1) for _ in range(2)]
    chord = [Played(0, 10, pitch, 64, track=track) for track, pitch in enumerate(pitches)]
    assert len(chord) / 4 > MAX_PASSED, "or the notes would be put in order one by one"
    again = [note._replace(track=len(chord) - note.track) for note in chord]
    once = [note for note in chord if note.track % 2]
    prints = {file_fingerprint(parse_midi(written(notes))) for notes in (chord, again, once)}
    assert len(prints) == 1
