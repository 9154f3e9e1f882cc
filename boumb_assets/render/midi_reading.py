"""The performance that a MIDI file holds."""

from typing import Final

import symusic

from boumb_assets.render.performance import MAX_BARS, Performance, Score, Voice

MAX_MIDI_BYTES: Final = 4 * 1024 * 1024
_DENOMINATORS: Final = (1, 2, 4, 8, 16, 32, 64)


def performance_from_midi(data: bytes) -> Performance:
    """The performance of a MIDI file on the grid of its first tempo and metre, not looped; later tempo changes move
    the notes, not the grid. Raises ValueError for what is no readable MIDI file, has an impossible metre or no note, or
    has more than ``MAX_MIDI_BYTES`` or ``MAX_BARS``."""
    if len(data) > MAX_MIDI_BYTES:
        raise ValueError(f"a MIDI file of {len(data)} bytes: at most {MAX_MIDI_BYTES} are rendered")
    bpm, metre, tracks = _tracks(data)
    score = Score(tuple(Voice(track.name or f"track {i}", track.program, track.is_drum) for i, track in tracks))
    last_quarter = 0.0
    for index, (_, track) in enumerate(tracks):
        for note in track.notes:
            onset = note.time * bpm / 60
            score.add(onset, max(note.duration, 0.01) * bpm / 60, note.pitch, note.velocity / 127, index)
            last_quarter = max(last_quarter, onset)
    bars = int(last_quarter / (metre[0] * 4 / metre[1]) + 1e-3) + 1
    if bars > MAX_BARS:
        raise ValueError(f"{bars} bars: at most {MAX_BARS} are rendered")
    return score.perform(bpm, bars, metre, loops=False)


def _tracks(data: bytes) -> tuple[float, tuple[int, int], list[tuple[int, symusic.core.TrackSecond]]]:
    """The first tempo and metre, and the tracks that have notes, in seconds, with their numbers."""
    try:
        score = symusic.Score.from_midi(data, sanitize_data=True)
        if score.tpq <= 0:  # the parser accepts it, and divides by it
            raise ValueError("no ticks in a quarter")
        seconds = score.to("Second")
    except (RuntimeError, ValueError) as error:
        raise ValueError(f"no readable MIDI file: {error}") from error
    tempos = [tempo.qpm for tempo in score.tempos if 10 <= tempo.qpm <= 999]
    signatures = [(sign.numerator, sign.denominator) for sign in score.time_signatures]
    for top, bottom in signatures:
        if top <= 0 or bottom not in _DENOMINATORS:  # as a file that is to be cut into loops is refused
            raise ValueError(f"no readable MIDI file: a metre of {top}/{bottom}")
    tracks = [(index, track) for index, track in enumerate(seconds.tracks) if len(track.notes)]
    if not tracks:
        raise ValueError("the MIDI file has no note")
    return (tempos or [120.0])[0], (signatures or [(4, 4)])[0], tracks
