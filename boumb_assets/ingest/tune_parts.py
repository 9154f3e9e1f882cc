"""A tune as parts of a MIDI file: its melody, and a plain accompaniment out of its chord symbols."""

from fractions import Fraction
from typing import Final

from boumb_assets.ingest.standard_midi import TICKS_PER_BEAT, Conductor, Part, PartNote, key_signature
from boumb_assets.ingest.tune_notation import CHORDS, Tune, TuneChord

MELODY_PROGRAMS: Final = {"traditional": 73, "classical": 0}  # flute, piano
PIANO: Final = 0
BASS_FROM: Final = 40  # E2
CHORD_FROM: Final = 52  # E3
STRONG, WEAK, BASS, CHORD = 92, 82, 68, 56  # velocities
DETACHED: Final = Fraction(9, 10)  # the share of its length that an accompanying chord sounds


def tune_parts(tune: Tune) -> tuple[Part, ...]:
    """The melody, and the accompaniment where the tune has chords and does not carry its harmony itself."""
    melody = Part("melody", MELODY_PROGRAMS.get(tune.style, PIANO), tuple(_melody(tune)))
    if not tune.chords or not tune.accompanied:
        return (melody,)
    return melody, Part("accompaniment", PIANO, tuple(_accompaniment(tune)))


def tune_conductor(tune: Tune) -> Conductor:
    """Tempo, metre, key signature and pickup of a tune. A pickup is a first bar with a metre of its own, as notation
    programs write it."""
    pickup = (tune.pickup / 4).limit_denominator(32)
    return Conductor(
        bpm=tune.tempo,
        length=ticks(tune.length),
        metre=tune.metre,
        key=key_signature(tune.root, tune.mode),
        pickup=_metre_of(pickup) if pickup else None,
    )


def ticks(quarters: Fraction) -> int:
    """Quarters as ticks, rounded."""
    return round(quarters * TICKS_PER_BEAT)


def _metre_of(part_of_whole: Fraction) -> tuple[int, int]:
    denominator = max(4, part_of_whole.denominator)
    return part_of_whole.numerator * denominator // part_of_whole.denominator, denominator


def _melody(tune: Tune) -> list[PartNote]:
    starts = set(_bar_starts(tune))
    return [
        (ticks(note.onset), max(1, ticks(note.duration) - 12), note.pitch, STRONG if note.onset in starts else WEAK)
        for note in tune.notes
    ]


def _bar_starts(tune: Tune) -> list[Fraction]:
    starts, now = [], Fraction()
    for length in tune.bars:
        starts.append(now)
        now += length
    return starts


def _beat(metre: tuple[int, int]) -> Fraction:
    """Quarters of a beat: three eighths in compound metres and in 3/8, else the metre's denominator."""
    numerator, denominator = metre
    return Fraction(3, 2) if denominator == 8 and numerator % 3 == 0 else Fraction(4, denominator)


def _accompaniment(tune: Tune) -> list[PartNote]:
    """A bass note where a bar or a chord begins, the chord on the beats that follow; both at once where a chord lasts
    a beat. The last bar holds its chord."""
    notes: list[PartNote] = []
    beat = _beat(tune.metre)
    starts = _bar_starts(tune)
    for start, length in zip(starts, tune.bars, strict=True):
        last = start == starts[-1]
        for chord in tune.chords:
            begin, end = max(chord.onset, start), min(chord.onset + chord.duration, start + length)
            if begin < end:
                notes += _held(chord, begin, end) if last else _struck(chord, begin, end, beat)
    return notes


def _held(chord: TuneChord, begin: Fraction, end: Fraction) -> list[PartNote]:
    duration = max(1, ticks(end - begin) - 12)
    pitches = [(_bass(chord), BASS), *((pitch, CHORD) for pitch in _close(chord))]
    return [(ticks(begin), duration, pitch, velocity) for pitch, velocity in pitches]


def _struck(chord: TuneChord, begin: Fraction, end: Fraction, beat: Fraction) -> list[PartNote]:
    if end - begin <= beat:
        return _held(chord, begin, end)
    notes: list[PartNote] = [(ticks(begin), ticks(beat * DETACHED), _bass(chord), BASS)]
    now = begin + beat
    while now < end:
        duration = ticks(min(beat, end - now) * DETACHED)
        notes += [(ticks(now), duration, pitch, CHORD) for pitch in _close(chord)]
        now += beat
    return notes


def _bass(chord: TuneChord) -> int:
    return BASS_FROM + (chord.root - BASS_FROM) % 12


def _close(chord: TuneChord) -> list[int]:
    """The chord in close position from ``CHORD_FROM`` up."""
    return sorted(CHORD_FROM + (chord.root + interval - CHORD_FROM) % 12 for interval in CHORDS[chord.quality])
