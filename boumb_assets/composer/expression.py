"""How a piece is to be played: tempo, dynamics, texture, rubato, instruments and character, from an emotion."""

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final

from boumb_assets.composer.forms import known_form
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import (
    DYNAMICS,
    RUBATOS,
    VELOCITY_CURVES,
    Dynamics,
    Humanize,
    Texture,
    TimeSignature,
)
from boumb_assets.contracts.request_rules import instrumentation_asked

_INSTRUMENTS: Final = {"baroque": "harpsichord", "classical": "piano", "romantic": "piano, cello", "modern": "piano"}
# What an arc may call its intensity, the surest name first; what else it may hold is no intensity.
_INTENSITIES: Final = ("arousal", "intensity", "energy", "tension", "level", "value")
_OTHER_FEELINGS: Final = frozenset({"valence", "focus", "confidence", "time", "position", "duration"})
_LONGEST_ARC: Final = 256
_DEEPEST_ARC: Final = 4
_PERIODS: Final = {"baro": "baroque", "clas": "classical", "roma": "romantic", "mode": "modern", "cont": "modern"}
_LEVELS: Final[tuple[Dynamics, ...]] = ("pp", "p", "mp", "mf", "f", "ff")


def period_of(request: MusicRequest) -> str:
    """The request's period by its English name, also where it is written in capitals or in French; empty where it has
    none that is known."""
    return _PERIODS.get((request.period or "").strip().lower()[:4], "")


def tempo_of(request: MusicRequest) -> int:
    """Quarters a minute, 40..220: the request's, else slower or faster with arousal and a little with valence. The
    arousal of music follows its tempo before all else (Eerola and Bresin 2013, "Emotional expression in music")."""
    if request.tempo is not None:
        return round(request.tempo)
    return max(40, min(220, round(56 + 84 * request.arousal + 8 * request.valence)))


def time_signature_of(request: MusicRequest, rng: Random) -> TimeSignature:
    """The request's, that of a minuet, or one that suits the period."""
    if request.timeSignature is not None:
        return request.timeSignature
    if known_form(request.form or "") == "minuet-trio":
        return "3/4"
    common: tuple[TimeSignature, ...] = ("4/4", "4/4", "3/4", "6/8")
    lively: tuple[TimeSignature, ...] = ("4/4", "2/4", "3/4", "4/4")
    return rng.choice(lively if request.arousal > 0.6 else common)


def dynamics_of(level: float, offset: int) -> Dynamics:
    """The dynamic for an arousal (0..1) with an offset in steps."""
    return _LEVELS[max(0, min(len(DYNAMICS) - 1, round(level * 4 + 0.5) + offset))]


def arc_of(request: MusicRequest, sections: int) -> list[float] | None:
    """The arousal of each section (0..1) by the request's ``emotional_arc``, spread over the sections; None where that
    holds no numbers."""
    values = _numbers(request.emotional_arc, _DEEPEST_ARC)
    if not values:
        return None
    if len(values) == 1:
        return values * sections
    places = [i * (len(values) - 1) / (sections - 1) for i in range(sections)]
    return [_between(values, place) for place in places]


def _between(values: Sequence[float], place: float) -> float:
    low = min(int(place), len(values) - 2)
    return values[low] + (values[low + 1] - values[low]) * (place - low)


def _numbers(arc: object, depth: int) -> list[float]:
    """The intensities of an arc: a list of numbers, or of objects with an intensity; or an object that holds such a
    list, or an intensity a name (start, middle, end). What is none is left out; all are kept within 0..1."""
    if depth == 0:
        return []
    if isinstance(arc, Mapping):
        values = [arc[name] for name in _INTENSITIES if name in arc] + list(arc.values())
        inside = next(
            (found for value in values if isinstance(value, list) and (found := _numbers(value, depth - 1))), []
        )
        arc = inside or [value for name, value in arc.items() if name not in _OTHER_FEELINGS]
    if not isinstance(arc, list):
        return []
    raw = [_intensity(item) if isinstance(item, Mapping) else item for item in arc[:_LONGEST_ARC]]
    return [min(1.0, max(0.0, number)) for item in raw if (number := _finite(item)) is not None]


def _intensity(item: Mapping[Any, Any]) -> object:
    return next((item[name] for name in _INTENSITIES if name in item), None)


def _finite(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def texture_of(request: MusicRequest, rng: Random) -> Texture:
    """The texture of the whole: what the period prefers, plainer for a wandering mind (low focus)."""
    if request.focus < 0.3:
        return "simple"
    if period_of(request) == "baroque":
        return "contrapuntal" if rng.random() < 0.7 else "homophonic"
    return "homophonic" if rng.random() < 0.75 else "contrapuntal"


def humanize_of(request: MusicRequest) -> Humanize:
    """The request's wishes where they are valid, the rest by period and arousal."""
    wished: Mapping[str, Any] = request.humanize if isinstance(request.humanize, Mapping) else {}
    free = {"baroque": "none", "romantic": "expressive"}.get(period_of(request), "subtle")
    rubato = wished.get("rubato")
    curve = wished.get("velocityCurve")
    boost, softness = _finite(wished.get("peakBoost")), _finite(wished.get("phraseEndSoftness"))
    return Humanize.model_validate(
        {
            "rubato": rubato if rubato in RUBATOS else free,
            "velocityCurve": curve if curve in VELOCITY_CURVES else "flat" if free == "none" else "phrase",
            "peakBoost": _hundredths(0.1 + 0.3 * request.arousal if boost is None else boost, 0.6),
            "phraseEndSoftness": _hundredths(0.5 - 0.3 * request.arousal if softness is None else softness, 0.8),
        }
    )


def _hundredths(value: float, most: float) -> float:
    return round(min(most, max(0.0, value)), 2)


def instrumentation_of(request: MusicRequest) -> str:
    """The request's instruments, else those of its period."""
    return instrumentation_asked(request) or _INSTRUMENTS.get(period_of(request), "piano")


def character_of(request: MusicRequest, minor: bool) -> str:
    """A few words on the character, from valence and arousal by quadrant (Russell 1980)."""
    calm = request.arousal < 0.5
    if request.valence >= 0.2:
        mood = "serene and warm" if calm else "bright and joyful"
    elif request.valence <= -0.2:
        mood = "melancholy, withdrawn" if calm else "tense and driven"
    else:
        mood = "pensive, in balance" if calm else "restless, searching"
    return f"{mood}, {'minor' if minor else 'major'}, {'unhurried' if calm else 'moving forward'}"
