from io import BytesIO

import mido
import pytest
from hypothesis import given, settings

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.events.chunks import MidiRejected
from boumb_assets.events.parse import parse_midi
from boumb_assets.render.midi import TICKS_PER_BEAT, to_midi_bytes
from boumb_assets.render.midi_reading import MAX_MIDI_BYTES, performance_from_midi
from boumb_assets.render.notes import loop_bars, perform
from boumb_assets_tests.render.pieces import BASS, BEAT, PIECE, patterns, sequences

BAR = 4 * TICKS_PER_BEAT


def ends(data: bytes) -> list[int]:
    return [sum(message.time for message in track) for track in mido.MidiFile(file=BytesIO(data)).tracks]


@settings(max_examples=40, deadline=None)
@given(sequences)
def test_a_sequence_comes_back_from_its_midi(sequence: BoumbSequence) -> None:
    data = to_midi_bytes(sequence, 100)
    assert ends(data) == [loop_bars(sequence) * BAR] * 2
    back, there = performance_from_midi(data), perform(sequence, 100)
    assert back.pitch.tolist() == there.pitch.tolist()
    assert back.velocity.tolist() == there.velocity.tolist()
    assert back.onset_s.tolist() == pytest.approx(there.onset_s.tolist(), abs=1e-4)
    assert (back.onset_s + back.duration_s).max() <= there.length_s + 1e-4


@settings(max_examples=20, deadline=None)
@given(patterns)
def test_a_pattern_comes_back_from_its_midi_on_the_drum_channel(pattern: DrumPattern) -> None:
    data = to_midi_bytes(pattern, 100)
    assert ends(data) == [2 * BAR] * 2
    back, there = performance_from_midi(data), perform(pattern, 100)
    assert back.is_drum.all()
    assert back.pitch.tolist() == there.pitch.tolist()


def test_a_note_ends_where_its_pitch_sounds_again_and_at_the_last_bar_line() -> None:
    held = BoumbSequence.of([Note.on_grid(step, 60, 16, 0.5) for step in (0, 4, 30)])
    track = mido.MidiFile(file=BytesIO(to_midi_bytes(held, 120))).tracks[1]
    tick, sounding, offs = 0, 0, []
    for message in track:
        tick += message.time
        if message.type == "note_on":
            sounding += 1
        elif message.type == "note_off":
            sounding -= 1
            offs.append(tick)
        assert sounding in (0, 1)
    assert offs == [480, 480 + BAR, 2 * BAR]


def test_tempo_and_metre_are_written() -> None:
    conductor = mido.MidiFile(file=BytesIO(to_midi_bytes(PIECE))).tracks[0]
    assert (conductor[0].numerator, conductor[0].denominator) == (3, 4)
    assert conductor[1].tempo == 500_000
    assert ends(to_midi_bytes(PIECE)) == [PIECE.measures * 3 * TICKS_PER_BEAT] * 4


def test_the_sections_of_a_piece_are_marked_with_their_keys() -> None:
    sections = [section.model_copy(update={"name": "Été 🌞"}) for section in PIECE.sections]
    data = to_midi_bytes(PIECE.model_copy(update={"sections": sections}))
    conductor = mido.MidiFile(file=BytesIO(data), charset="utf-8").tracks[0]
    tick, found = 0, []
    for message in conductor:
        tick += message.time
        if message.type in ("key_signature", "marker"):
            found.append((tick // (3 * TICKS_PER_BEAT), getattr(message, "key", None) or message.text))
    assert found == [(0, "Dm"), (0, "Été 🌞"), (4, "F"), (4, "Été 🌞")]
    assert performance_from_midi(data).bars == PIECE.measures


@pytest.mark.parametrize(("numerator", "power"), [(0, 2), (4, 9), (200, 7)])
def test_an_impossible_metre_is_refused_as_where_loops_are_cut(numerator: int, power: int) -> None:
    data = bytearray(to_midi_bytes(BASS, 100))
    place = data.index(b"\xff\x58\x04") + 3
    data[place : place + 2] = bytes((numerator, power))
    with pytest.raises(ValueError, match="a metre of"):
        performance_from_midi(bytes(data))
    with pytest.raises(MidiRejected, match="a metre of"):
        parse_midi(bytes(data))


def test_the_same_music_gives_the_same_bytes() -> None:
    assert to_midi_bytes(BEAT, 91) == to_midi_bytes(BEAT, 91) != to_midi_bytes(BEAT, 92)


def test_a_midi_file_can_be_played_at_another_tempo_by_another_instrument() -> None:
    there = performance_from_midi(to_midi_bytes(BASS, 120))
    slow = perform(there, 60, "pad")
    assert slow.onset_s.tolist() == pytest.approx([2 * onset for onset in there.onset_s])
    assert slow.length_s == 2 * there.length_s and slow.voices[0].program == 89
    assert perform(there) is there


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no midi",
        b"MThd\0\0\0\6\0\1\0\1\0\0MTrk\0\0\0\4\0\xff\x2f\0",  # no ticks in a quarter
        b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\0\0\4\0\xff\x2f\0",  # no note
        to_midi_bytes(BASS, 100)[:60],
        bytes(MAX_MIDI_BYTES + 1),
    ],
)
def test_what_is_no_music_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="MIDI file"):
        performance_from_midi(data)
