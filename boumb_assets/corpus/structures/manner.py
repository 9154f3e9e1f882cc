"""How a piece is played and what it sounds like: dynamics, texture, phrasing, instruments, a line on its character."""

from typing import Final

import numpy as np

from boumb_assets.contracts.music_structure import Dynamics, Humanize, Texture
from boumb_assets.contracts.text_fields import INSTRUMENTATION_LENGTH
from boumb_assets.corpus.piece import Piece, is_line

# Velocities up to which a dynamic holds: midway between those that notation programs write for pp, p, mp, mf, f, ff
# (33, 49, 64, 80, 96, 112 in MuseScore and its MIDI export).
_LOUDEST: Final[tuple[tuple[float, Dynamics], ...]] = (
    (41, "pp"), (57, "p"), (72, "mp"), (88, "mf"), (104, "f"), (128, "ff"),
)  # fmt: skip
UNSAID: Final[Dynamics] = "mf"  # a file with one velocity says nothing about loudness

SIMPLE_BELOW: Final = 1.5  # notes at a time
INDEPENDENT: Final = 0.2  # of the moments at which anything begins, those at which a second line begins alone

_INSTRUMENTS: Final[tuple[tuple[range, str], ...]] = (
    (range(0, 6), "piano"), (range(6, 8), "harpsichord"), (range(8, 16), "celesta"), (range(16, 24), "organ"),
    (range(24, 32), "guitar"), (range(32, 40), "bass"), (range(40, 41), "violin"), (range(41, 42), "viola"),
    (range(42, 43), "cello"), (range(43, 44), "double bass"), (range(44, 46), "strings"), (range(46, 47), "harp"),
    (range(47, 48), "timpani"), (range(48, 52), "strings"), (range(52, 55), "choir"), (range(55, 56), "orchestra"),
    (range(56, 57), "trumpet"), (range(57, 58), "trombone"), (range(58, 59), "tuba"), (range(59, 60), "trumpet"),
    (range(60, 61), "horn"), (range(61, 64), "brass"), (range(64, 68), "saxophone"), (range(68, 70), "oboe"),
    (range(70, 71), "bassoon"), (range(71, 72), "clarinet"), (range(72, 80), "flute"), (range(80, 128), "synth"),
)  # fmt: skip


def is_loudness_told(piece: Piece) -> bool:
    """Whether the velocities of a piece vary, and so say something."""
    return bool(np.ptp(piece.velocity) > 0)


def dynamics_of(piece: Piece, start: float, stop: float) -> Dynamics:
    """The dynamic of the notes that begin between ``start`` and ``stop`` (quarters), by mean velocity. A piece of one
    velocity has none, and the contract wants one: it is the middle one, of which nothing is claimed."""
    inside = (piece.onset >= start) & (piece.onset < stop)
    if not inside.any() or not is_loudness_told(piece):
        return UNSAID
    mean = float(piece.velocity[inside].mean())
    return next(name for loudest, name in _LOUDEST if mean < loudest)


def voices_of(piece: Piece, start: float, stop: float) -> float:
    """How many notes sound on average when one begins, between ``start`` and ``stop`` (quarters); 0 for none."""
    inside = (piece.onset >= start) & (piece.onset < stop)
    onset = piece.onset[inside]
    struck = np.unique(np.round(onset, 2))
    begun = np.searchsorted(onset, struck + 0.02, side="right")
    ended = np.searchsorted(np.sort(piece.end[inside]), struck + 0.02, side="right")
    return float((begun - ended).mean()) if len(struck) else 0.0


def texture_of(piece: Piece, start: float, stop: float) -> tuple[Texture, float]:
    """simple: hardly more than one note at a time; contrapuntal: lines of one note at a time, two of which at least
    often move while the others do not; homophonic: everything else, as one line over chords that are held. And how far
    from the border that lies, 0.5..1."""
    inside = (piece.onset >= start) & (piece.onset < stop)
    onset, end, track = piece.onset[inside], piece.end[inside], piece.track[inside]
    if not len(onset):
        return "simple", 0.5
    voices = voices_of(piece, start, stop)
    if voices < SIMPLE_BELOW:
        return "simple", 0.5 + min(0.5, SIMPLE_BELOW - voices)
    lines = [number for number in np.unique(track) if is_line(onset[track == number], end[track == number])]
    if len(lines) < 2 or np.isin(track, lines).mean() < 0.8:
        return "homophonic", 0.5 + min(0.5, voices - SIMPLE_BELOW)
    struck = np.unique(np.round(onset, 2))
    begins = np.zeros((len(struck), len(lines)), dtype=np.bool_)
    for place, number in enumerate(lines):
        begins[np.searchsorted(struck, np.round(onset[track == number], 2)), place] = True
    alone = begins & (begins.sum(axis=1, keepdims=True) == 1)
    second = float(np.sort(alone.mean(axis=0))[-2])
    return "contrapuntal" if second >= INDEPENDENT else "homophonic", 0.5 + min(0.5, abs(second - INDEPENDENT))


def humanize_of(piece: Piece, sections: list[tuple[float, float]], tempo_changes: int) -> Humanize:
    """The player's habits as far as the file shows them: rubato from its tempo changes, the phrase's arch from how
    much louder than the middle its loudest notes are, the softness of its end from its last measure.

    ``sections`` are (start, stop) in quarters.
    """
    boosts, softness = [], []
    for start, stop in sections:
        inside = (piece.onset >= start) & (piece.onset < stop)
        closing = inside & (piece.onset >= stop - piece.bar)
        if inside.any() and closing.any():
            middle = float(np.median(piece.velocity[inside]))
            boosts.append(float(np.percentile(piece.velocity[inside], 95)) / middle - 1)
            softness.append(1 - float(piece.velocity[closing].mean()) / middle)
    boost = _tenths(float(np.mean(boosts)) if boosts else 0.0, 0.6)
    soft = _tenths(float(np.mean(softness)) if softness else 0.0, 0.8)
    return Humanize(
        rubato="none" if not tempo_changes else "subtle" if tempo_changes <= 2 * len(sections) else "expressive",
        velocityCurve="phrase" if boost > 0 or soft > 0 else "flat",
        peakBoost=boost,
        phraseEndSoftness=soft,
    )


def _tenths(value: float, highest: float) -> float:
    return round(min(highest, max(0.0, value)), 1)


def instruments_of(piece: Piece) -> list[str]:
    """The instruments by General MIDI program, the one that plays most notes first, as many as the contract holds."""
    counts: dict[str, int] = {}
    for program, count in zip(*np.unique(piece.program, return_counts=True), strict=True):
        name = next((name for programs, name in _INSTRUMENTS if int(program) in programs), "piano")
        counts[name] = counts.get(name, 0) + int(count)
    names = sorted(counts, key=lambda name: (-counts[name], name))[:8]
    while len(", ".join(names)) > INSTRUMENTATION_LENGTH:
        names.pop()
    return names


def character_of(tempo: int, valence: float, arousal: float, minor: bool) -> str:
    """A few words on the piece, from its tempo (quarters a minute), its estimated feeling and its mode."""
    pace = "slow" if tempo < 76 else "moderate" if tempo < 112 else "lively" if tempo < 152 else "fast"
    if abs(valence) < 0.2:
        mood = "even-tempered"
    elif valence > 0:
        mood = "bright and spirited" if arousal >= 0.5 else "gentle and serene"
    else:
        mood = "dark and restless" if arousal >= 0.5 else "wistful and quiet"
    return f"{pace}, {mood}, in a {'minor' if minor else 'major'} key"
