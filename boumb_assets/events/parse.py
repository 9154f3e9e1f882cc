"""From the bytes of a MIDI file to arrays of notes, tempos and metres, with everything checked that the parser lets by.

Decisions, in words:

- A note-off ends the oldest note of its channel and pitch that still sounds in its track (first in, first out).
- Overlapping notes of one pitch are all kept, each with its own length; nothing is cut or merged here.
- A note of zero length is kept with duration 0: its onset was played. Who needs a length gives it the shortest one.
- A note that nothing ends in its own track is left out: it has no length, and inventing one would ring to the end.
- A note has the program that its channel had when it began. A part is a track's notes of one channel and program.
- Tempo and metre default to 120 BPM and 4/4 where a file says nothing, as the standard has it. Of several statements at
  one tick the last one holds; repeating what holds already changes nothing.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from symusic.core import ScoreTick

from boumb_assets.events.chunks import Chunks, MidiRejected, read_chunks, track_names_at_start
from boumb_assets.lake.rejection import Reason

__all__ = ["MetreMap", "MidiRejected", "ParsedMidi", "TempoMap", "parse_midi"]

MAX_NOTES: Final = 2_000_000
MAX_PARTS: Final = 4096
MAX_SECONDS: Final = 24 * 3600.0
MAX_STEPS: Final = 2**31 - 1  # sixteenths: a column of the events has 32 bits for them
MAX_DENOMINATOR: Final = 64
MIN_TEMPO: Final = 20_000  # microseconds a quarter: 3000 BPM; the slowest that three bytes can say is 3.6 BPM
MAX_NAME: Final = 64
DRUM_CHANNEL: Final = 9
DEFAULT_TEMPO: Final = 500_000

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TempoMap:
    """Tempos in force from each tick on; the first from tick 0."""

    tick: Ints
    """(k,) strictly increasing, the first 0."""
    microseconds: Ints
    """(k,) microseconds a quarter note."""
    stated: bool
    """Whether the file says a tempo at all."""


@dataclass(frozen=True)
class MetreMap:
    """Metres in force from each tick on; the first from tick 0."""

    tick: Ints
    """(k,) strictly increasing, the first 0."""
    numerator: Ints
    """(k,) 1..255."""
    denominator: Ints
    """(k,) 1, 2, 4 .. 64."""
    stated: bool
    """Whether the file says a metre at all."""


@dataclass(frozen=True)
class ParsedMidi:
    """The notes of a file in the order of onset, part, pitch, and the maps that give its ticks a meaning.

    All note arrays have shape (n,) with n >= 1.
    """

    ppq: int
    """Ticks a quarter note."""
    onset_tick: Ints
    duration_tick: Ints
    """In ticks, 0 where a note ends as it begins."""
    pitch: npt.NDArray[np.uint8]
    """0..127."""
    velocity: npt.NDArray[np.uint8]
    """1..127."""
    track: npt.NDArray[np.int16]
    """Index of the part, into ``track_names``."""
    program: npt.NDArray[np.int16]
    """General MIDI program 0..127; -1 for drums."""
    channel: npt.NDArray[np.int8]
    """9 for drums; -1 elsewhere, since the parser does not tell."""
    is_drum: npt.NDArray[np.bool_]
    track_names: tuple[str, ...]
    """One a part, empty where the file gives none; at most 64 characters."""
    tempos: TempoMap
    metres: MetreMap
    repairs: tuple[str, ...]
    """What was put right on the way: the names of ``chunks.Chunks.repairs`` and ``data_bytes_clamped``."""


def parse_midi(data: bytes) -> ParsedMidi:
    """Parses the bytes of a Standard MIDI File, tolerantly where nothing has to be guessed.

    Raises:
        MidiRejected: with one of the reasons of ``chunks.read_chunks``, or malformed, bad_tempo, bad_metre,
            out_of_range (times beyond 24 hours or the range of the columns, too many parts), no_notes, too_many_notes.
    """
    chunks = read_chunks(data)
    score, clamped = _parse(chunks.data)
    repairs = (*chunks.repairs, "data_bytes_clamped") if clamped else chunks.repairs
    parts = [(part, notes) for part in score.tracks if len(notes := part.notes)]
    count = sum(len(notes) for _, notes in parts)
    if count == 0:
        raise MidiRejected(Reason.NO_NOTES, "no note that begins and ends in the same track")
    if count > MAX_NOTES:
        raise MidiRejected(Reason.TOO_MANY_NOTES, f"{count} notes, at most {MAX_NOTES} are read")
    if len(parts) > MAX_PARTS:
        raise MidiRejected(Reason.OUT_OF_RANGE, f"{len(parts)} parts, at most {MAX_PARTS} are read")
    arrays = [notes.numpy() for _, notes in parts]
    onset = _joined(arrays, "time", np.int64)
    duration = _joined(arrays, "duration", np.int64)
    pitch, velocity = _joined(arrays, "pitch", np.int16), _joined(arrays, "velocity", np.int16)
    tempos, metres = _tempo_map(score), _metre_map(score)
    _check_notes(onset, duration, pitch, velocity)
    _check_length(int((onset + duration).max()), chunks.ppq, tempos)
    lengths = [len(array["time"]) for array in arrays]
    track = np.repeat(np.arange(len(parts), dtype=np.int64), lengths)
    order = np.argsort(onset << 19 | track << 7 | pitch, kind="stable")  # 12 bits of part, 7 of pitch
    is_drum = np.repeat(np.array([part.is_drum for part, _ in parts]), lengths)[order]
    program = np.repeat(np.array([part.program for part, _ in parts], dtype=np.int16), lengths)[order]
    return ParsedMidi(
        ppq=chunks.ppq,
        onset_tick=onset[order],
        duration_tick=duration[order],
        pitch=pitch[order].astype(np.uint8),
        velocity=velocity[order].astype(np.uint8),
        track=track[order].astype(np.int16),
        program=np.where(is_drum, np.int16(-1), program),
        channel=np.where(is_drum, np.int8(DRUM_CHANNEL), np.int8(-1)),
        is_drum=is_drum,
        track_names=_track_names([part.name for part, _ in parts], chunks),
        tempos=tempos,
        metres=metres,
        repairs=repairs,
    )


def _parse(data: bytes) -> tuple[Any, bool]:
    """The parser's score, and whether data bytes above 127 had to be clamped for it."""
    try:
        return ScoreTick.from_midi(data), False
    except (RuntimeError, ValueError, MemoryError) as strict:
        try:
            return ScoreTick.from_midi(data, sanitize_data=True), True
        except (RuntimeError, ValueError, MemoryError):
            sentence = str(strict).removeprefix("MiniMidi: ").removesuffix(": iostream error")
            raise MidiRejected(Reason.MALFORMED, sentence[:200]) from strict


def _joined(arrays: list[dict[str, npt.NDArray[Any]]], name: str, dtype: type) -> npt.NDArray[Any]:
    return np.concatenate([array[name] for array in arrays], dtype=dtype)


def _check_notes(onset: Ints, duration: Ints, pitch: npt.NDArray[np.int16], velocity: npt.NDArray[np.int16]) -> None:
    """Ticks are 32-bit numbers in the parser: a time that overflowed comes out negative."""
    if int(onset.min()) < 0 or int(duration.min()) < 0:
        raise MidiRejected(Reason.OUT_OF_RANGE, "a time beyond 2**31 ticks")
    if int(pitch.min()) < 0 or int(velocity.min()) < 1:
        raise MidiRejected(Reason.OUT_OF_RANGE, "a pitch or a velocity outside 0..127")


def _check_length(last_tick: int, ppq: int, tempos: TempoMap) -> None:
    end = float(seconds_at(np.array([last_tick]), ppq, tempos)[0])
    if end > MAX_SECONDS:
        raise MidiRejected(Reason.OUT_OF_RANGE, f"the last note ends after {end / 3600:.1f} hours, at most 24 are read")
    if last_tick * 4 > MAX_STEPS * ppq:
        raise MidiRejected(Reason.OUT_OF_RANGE, f"the last note ends {last_tick} ticks of 1/{ppq} quarter in")


def _tempo_map(score: Any) -> TempoMap:
    table = score.tempos.numpy()
    tick, tempo = table["time"].astype(np.int64), table["mspq"].astype(np.int64)
    if tempo.size and int(tempo.min()) < MIN_TEMPO:
        raise MidiRejected(Reason.BAD_TEMPO, f"a quarter note of {int(tempo.min())} microseconds")
    if tick.size and int(tick.min()) < 0:
        raise MidiRejected(Reason.OUT_OF_RANGE, "a tempo beyond 2**31 ticks")
    tick, (tempo,) = _changes(tick, (tempo,), (DEFAULT_TEMPO,))
    return TempoMap(tick, tempo, bool(len(table["time"])))


def _metre_map(score: Any) -> MetreMap:
    table = score.time_signatures.numpy()
    tick = table["time"].astype(np.int64)
    numerator, denominator = table["numerator"].astype(np.int64), table["denominator"].astype(np.int64)
    if tick.size:
        bad = (numerator == 0) | (denominator == 0) | (denominator > MAX_DENOMINATOR)
        if bad.any():
            first = int(np.argmax(bad))
            raise MidiRejected(Reason.BAD_METRE, f"a metre of {numerator[first]}/{denominator[first]}")
        if int(tick.min()) < 0:
            raise MidiRejected(Reason.OUT_OF_RANGE, "a metre beyond 2**31 ticks")
    tick, (numerator, denominator) = _changes(tick, (numerator, denominator), (4, 4))
    return MetreMap(tick, numerator, denominator, bool(len(table["time"])))


def _changes(tick: Ints, values: tuple[Ints, ...], default: tuple[int, ...]) -> tuple[Ints, tuple[Ints, ...]]:
    """The statements that change something, from tick 0 on: the last of each tick, without repetitions."""
    if tick.size == 0 or tick[0] > 0:
        tick = np.concatenate([[0], tick])
        values = tuple(np.concatenate([[start], value]) for start, value in zip(default, values, strict=True))
    if tick.size == 1:
        return tick, values
    last = np.append(tick[1:] != tick[:-1], True)
    tick, values = tick[last], tuple(value[last] for value in values)
    new = np.ones(tick.size, dtype=np.bool_)
    new[1:] = np.logical_or.reduce([value[1:] != value[:-1] for value in values])
    return tick[new], tuple(value[new] for value in values)


def seconds_at(tick: Ints, ppq: int, tempos: TempoMap) -> npt.NDArray[np.float64]:
    """The seconds (any shape) at which ``tick`` (the same shape) sounds under a tempo map."""
    seconds_a_tick = tempos.microseconds / (ppq * 1e6)
    seconds: npt.NDArray[np.float64]
    if tempos.tick.size == 1:
        seconds = tick * seconds_a_tick[0]
        return seconds
    starts = np.concatenate([[0.0], np.cumsum(np.diff(tempos.tick) * seconds_a_tick[:-1])])
    index = np.searchsorted(tempos.tick, tick, side="right") - 1
    seconds = starts[index] + (tick - tempos.tick[index]) * seconds_a_tick[index]
    return seconds


def _track_names(names: list[str], chunks: Chunks) -> tuple[str, ...]:
    """The names as text. The parser reads them as UTF-8 and puts U+FFFD for what is not; those are read again as
    Latin-1, which is what older programs wrote."""
    if any("\ufffd" in name for name in names):
        raw = [text for track in chunks.tracks for text in track_names_at_start(track)]
        latin = {_skeleton(text.decode("utf-8", "replace")): text.decode("latin-1") for text in raw}
        names = [latin.get(_skeleton(name), name) if "\ufffd" in name else name for name in names]
    return tuple(_printable(name)[:MAX_NAME] for name in names)


def _skeleton(name: str) -> str:
    """What two readings of the same bytes have in common, whatever stands for the unreadable ones."""
    return name.replace("\ufffd", "")


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else " " for char in name).strip()
