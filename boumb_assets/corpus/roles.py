"""The role of a part in a loop: from its General MIDI program, its name, and what it plays.

A naive Bayes classifier with Gaussian features. Program 0 is also what a file without any program has, so it speaks
more softly than the others. The features' means and spreads are set by hand after the parts of the Freedoom tracks
whose programs leave little doubt (basses, synth leads and winds, synth pads and ensembles, keyboards). On 8,398 windows
of two bars of those it agrees with the program in 81 %, and in 76 % when the program is hidden from it; most of the
rest are lead sounds that play a bass.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.loop_request import Role

PITCHED: Final[tuple[Role, ...]] = ("bass", "lead", "keys", "pad")

# Natural-log weights by General MIDI family: which roles its instruments take.
_FAMILIES: Final[dict[range, dict[Role, float]]] = {
    range(0, 1): {"keys": 0.7},
    range(1, 8): {"keys": 2.0},  # pianos
    range(8, 16): {"keys": 1.0, "lead": 1.0},  # chromatic percussion
    range(16, 24): {"keys": 1.5, "pad": 0.5},  # organs
    range(24, 32): {"keys": 1.0, "lead": 1.0},  # guitars
    range(32, 40): {"bass": 4.0},
    range(40, 44): {"lead": 1.5, "pad": 0.5},  # solo strings
    range(44, 45): {"pad": 2.0},  # tremolo strings
    range(45, 48): {"keys": 1.0, "lead": 1.0},  # pizzicato, harp, timpani
    range(48, 55): {"pad": 2.0},  # ensembles, voices
    range(55, 56): {"keys": 1.0},  # orchestra hit
    range(56, 64): {"lead": 1.5},  # brass
    range(64, 80): {"lead": 2.0},  # reeds, pipes
    range(80, 88): {"lead": 2.0},
    range(88, 96): {"pad": 2.5},
    range(96, 104): {"pad": 1.0},  # synth effects
    range(104, 112): {"lead": 1.0},  # plucked and blown instruments of the world
}
_NAMES: Final[dict[Role, re.Pattern[str]]] = {
    "bass": re.compile(r"\b(?:bass|basse|bassline|contrebasse)\b"),
    "lead": re.compile(r"\b(?:lead|melody|melodie|mélodie|voice|voix|vocals?|solo|theme|thème)\b"),
    "keys": re.compile(r"\b(?:keys|piano|chords?|accords?|organ|orgue|rhodes|clavier)\b"),
    "pad": re.compile(r"\b(?:pads?|nappes?|strings|cordes)\b"),
}
_NAME_WEIGHT: Final = 2.5
_NAME_WORDS: Final = 4  # a longer name is a title


@dataclass(frozen=True)
class _Feature:
    """Mean and spread, by role in the order of PITCHED."""

    means: tuple[float, float, float, float]
    spreads: tuple[float, float, float, float]

    def log_density(self, value: float) -> list[float]:
        return [
            -0.5 * min(((value - mean) / spread) ** 2, 16.0) - math.log(spread)
            for mean, spread in zip(self.means, self.spreads, strict=True)
        ]


_PITCH: Final = _Feature((39, 69, 61, 62), (7, 10, 10, 10))  # mean MIDI number
_POLYPHONY: Final = _Feature((0.05, 0.1, 1.0, 1.0), (0.3, 0.35, 0.6, 0.7))  # log2 of the mean number of voices
_LENGTH: Final = _Feature((1.2, 1.2, 1.2, 3.3), (1.0, 1.2, 1.2, 0.9))  # log2 of the mean length in steps
_ONSETS: Final = _Feature((2.4, 2.4, 2.2, 0.6), (0.9, 1.0, 1.0, 0.9))  # log2 of the onsets a bar


def role_of(
    program: int,
    is_drum: bool,
    pitches: Sequence[int] | npt.NDArray[np.integer],
    polyphony: float,
    density: float,
    length: float,
    name: str = "",
) -> tuple[Role, float]:
    """The role of a part, and its probability (0..1).

    ``program`` is General MIDI's 0..127, ``pitches`` (n,) MIDI numbers, ``polyphony`` the mean number of voices while
    any sounds (1 or more), ``density`` onsets a bar, ``length`` the notes' mean length in steps, ``name`` the track's.
    Drums are drums. Nothing at all is a lead, by a quarter.
    """
    if is_drum:
        return "drums", 1.0
    if len(pitches) == 0:
        return "lead", 0.25
    scores = [_program_weight(program, role) + _name_weight(name, role) for role in PITCHED]
    for feature, value in (
        (_PITCH, float(np.mean(pitches))),
        (_POLYPHONY, math.log2(max(1.0, polyphony))),
        (_LENGTH, math.log2(max(0.125, length))),
        (_ONSETS, math.log2(max(0.125, density))),
    ):
        scores = [score + more for score, more in zip(scores, feature.log_density(value), strict=True)]
    best = max(range(len(PITCHED)), key=lambda index: scores[index])
    return PITCHED[best], 1 / sum(math.exp(score - scores[best]) for score in scores)


def _program_weight(program: int, role: Role) -> float:
    return next((weights.get(role, 0.0) for family, weights in _FAMILIES.items() if program in family), 0.0)


def _name_weight(name: str, role: Role) -> float:
    if not name or len(name) > 60 or len(name.split()) > _NAME_WORDS:
        return 0.0
    return _NAME_WEIGHT if _NAMES[role].search(name.lower()) else 0.0
