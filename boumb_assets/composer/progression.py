"""Functional harmony for a section: from the tonic, over what prepares it, to the cadence that is planned."""

from collections.abc import Sequence
from random import Random
from typing import Final

from boumb_assets.composer.figures import Figure
from boumb_assets.contracts.harmony_rules import Cadence, body_numerals, cadence_endings, is_minor, tonic
from boumb_assets.contracts.music_structure import HarmonicFunction

# Where a chord may go, the likelier ones more often (after the normal progressions of Kostka and Payne, "Tonal
# Harmony"; in minor the app's natural triads, where only the cadence has a leading note).
_MAJOR_STEPS: Final[dict[str, tuple[str, ...]]] = {
    "I": ("IV", "IV", "vi", "vi", "ii", "V", "iii"),
    "ii": ("V", "V", "vii", "IV"),
    "iii": ("vi", "vi", "IV"),
    "IV": ("ii", "V", "V", "I", "vii"),
    "V": ("I", "I", "vi"),
    "vi": ("ii", "IV", "IV", "ii", "iii"),
    "vii": ("I", "iii"),
}
_MINOR_STEPS: Final[dict[str, tuple[str, ...]]] = {
    "i": ("iv", "iv", "VI", "VI", "III", "vii", "v"),
    "II": ("v", "vii", "i"),
    "III": ("VI", "VI", "iv", "vii"),
    "iv": ("i", "II", "vii", "v", "III"),
    "v": ("i", "VI"),
    "VI": ("iv", "iv", "II", "III", "vii"),
    "vii": ("III", "III", "i", "VI"),
}
_PREPARATIONS: Final = {False: ("IV", "ii", "ii", "vi"), True: ("iv", "iv", "II", "VI")}  # of the cadence's V
_RESTS: Final = {False: ("V", "V", "V", "IV"), True: ("v", "v", "iv", "vii")}  # of an inner phrase; the tonic follows
_DEGREES: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii")
_TRIAD: Final = (0, 2, 4)  # degrees above the root
_CADENCES: Final[tuple[Cadence, ...]] = ("HC", "PAC", "DC", "PICARDY")
_PERFECT: Final[Cadence] = "PAC"
FEWEST_CHORDS: Final = 4  # a tonic, a preparation and a cadence of two; a section has as many measures at least
_RELEASE: Final = frozenset({"I", "i"})
_AMBIGUITY: Final = frozenset({"iii", "III", "vi", "VI"})


def progression_of(chords: int, key: str, cadence: Cadence, rng: Random) -> list[str]:
    """``chords`` (4 or more) Roman numerals in ``key`` from the tonic to ``cadence``, in phrases of four: each inner
    one comes to rest off the tonic, and what is before the cadence's dominant prepares it. No chord is struck twice in
    a row. Raises ValueError for fewer chords, or for a cadence that the mode does not have."""
    minor = is_minor(key)
    ending = cadence_endings(minor).get(cadence)
    if ending is None or chords < FEWEST_CHORDS:
        raise ValueError(f"no progression of {chords} chords to {cadence} in {key}")
    written: list[str] = []
    inner = chords // FEWEST_CHORDS - 1
    for _ in range(inner):
        written += _phrase(_opening(written, minor, rng), FEWEST_CHORDS - 1, _RESTS[minor], minor, rng)
    last = chords - len(written)
    written += _phrase(_opening(written, minor, rng), last - len(ending) - 1, _PREPARATIONS[minor], minor, rng)
    return [*written, *ending]


def returning(model: list[str], chords: int, key: str, cadence: Cadence, rng: Random) -> list[str]:
    """The progression ``model`` again, as ``chords`` (4 or more) numerals in ``key``, in the other mode where that has
    it, led to ``cadence``: what a theme's return and its variations are recognised by. Raises ValueError as
    ``progression_of`` does."""
    minor = is_minor(key)
    ending = cadence_endings(minor).get(cadence)
    if ending is None or chords < FEWEST_CHORDS:
        raise ValueError(f"no progression of {chords} chords to {cadence} in {key}")
    known = [_DEGREES.index(numeral.lower()) for numeral in model]
    body = [body_numerals(minor)[known[place % len(known)]] for place in range(chords - len(ending) - 1)]
    for place in range(1, len(body)):
        if body[place] == body[place - 1]:  # where the model starts again
            body[place] = _reached(
                body[place - 1], (_MINOR_STEPS if minor else _MAJOR_STEPS)[body[place - 1]], minor, rng
            )
    return [*body, _reached(body[-1], _PREPARATIONS[minor], minor, rng), *ending]


def _opening(before: Sequence[str], minor: bool, rng: Random) -> str:
    """The first chord of a phrase after those ``before`` it: the tonic, or at times what stands for it after a
    dominant."""
    dominant, deceptive = ("v", "VI") if minor else ("V", "vi")
    return deceptive if before and before[-1] == dominant and rng.random() < 0.3 else tonic(minor)


def _phrase(first: str, length: int, goals: tuple[str, ...], minor: bool, rng: Random) -> list[str]:
    """``length`` chords (one at least) from ``first`` on, not swinging to and fro between two, and then one of
    ``goals``, to which the last of them leads."""
    steps = _MINOR_STEPS if minor else _MAJOR_STEPS
    chords = [first]
    while len(chords) < length:
        onward = [chord for chord in steps[chords[-1]] if chord != (chords[-2] if len(chords) > 1 else None)]
        if len(chords) == length - 1:
            onward = [chord for chord in onward if set(goals) & set(steps[chord])] or onward
        chords.append(rng.choice(onward or steps[chords[-1]]))
    return [*chords, _reached(chords[-1], goals, minor, rng)]


def _reached(before: str, goals: tuple[str, ...], minor: bool, rng: Random) -> str:
    """One of ``goals`` that follows ``before``, naturally if any does, and is another chord in any case."""
    steps = _MINOR_STEPS if minor else _MAJOR_STEPS
    other = [goal for goal in goals if goal != before]
    return rng.choice([goal for goal in other if goal in steps[before]] or other)


def agreement(progression: Sequence[str], melody: Sequence[Figure]) -> float:
    """The share (0..1) of the melody's time that it spends on tones of the chord, the first tone of each measure
    counted twice; ``melody`` fills the measures in turn."""
    inside = total = 0.0
    for measure, numeral in enumerate(progression):
        root = _DEGREES.index(numeral.lower())
        figure = melody[measure % len(melody)]
        for place, (degree, value) in enumerate(zip(figure.degrees, figure.rhythm, strict=True)):
            weight = value if place else 2 * value
            total += weight
            inside += weight * ((degree - 1 - root) % 7 in _TRIAD)
    return inside / total


def functions_of(progression: list[str]) -> list[HarmonicFunction]:
    """What each chord does: the tonic releases, those that lean on it are ambiguous, all others pull."""
    return [
        "release" if chord in _RELEASE else "ambiguity" if chord in _AMBIGUITY else "tension" for chord in progression
    ]


def cadence_for(wanted: object, key: str, default: Cadence) -> Cadence:
    """The cadence ``wanted`` if the mode of ``key`` has it, else ``default`` if it has that, else a perfect one."""
    known = cadence_endings(is_minor(key))
    named: Cadence | None = next((cadence for cadence in _CADENCES if cadence == wanted), None)
    return next(cadence for cadence in (named, default, _PERFECT) if cadence is not None and cadence in known)
