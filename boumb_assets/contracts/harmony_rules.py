"""Which chords a section of a MusicStructure may have: by mode, cadence and position."""

from typing import Final, Literal, get_args

from boumb_assets.contracts.base import refuse
from boumb_assets.theory.chords import MAJOR_NUMERALS, MINOR_NUMERALS

Cadence = Literal["HC", "PAC", "DC", "PICARDY"]
CADENCES: Final[tuple[str, ...]] = get_args(Cadence)
MINIMUM_CHORDS: Final = 2
MAXIMUM_CHORDS: Final = 32

# How a progression ends, by mode. The app raises the leading note of minor in these slots alone: a ``V`` anywhere
# else in minor, or the ``I`` of a Picardy third, is rendered wrong.
_MAJOR_ENDINGS: Final[dict[str, tuple[str, ...]]] = {"HC": ("V",), "PAC": ("V", "I"), "DC": ("V", "vi")}
_MINOR_ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "HC": ("V",),
    "PAC": ("V", "i"),
    "DC": ("V", "VI"),
    "PICARDY": ("V", "I"),
}


def is_minor(key: str) -> bool:
    """Whether a key's name (``d minor``) is of the minor mode."""
    return key.endswith("minor")


def tonic(minor: bool) -> str:
    """The numeral of the first degree."""
    return "i" if minor else "I"


def body_numerals(minor: bool) -> tuple[str, ...]:
    """The numerals that may stand anywhere before the cadence."""
    return MINOR_NUMERALS if minor else MAJOR_NUMERALS


def cadence_endings(minor: bool) -> dict[str, tuple[str, ...]]:
    """The cadences of the mode and the chords that each ends on. There is no Picardy third in major."""
    return dict(_MINOR_ENDINGS if minor else _MAJOR_ENDINGS)


def cadence_of(progression: list[str], minor: bool) -> str | None:
    """The cadence that a progression's end spells, or None."""
    for name, ending in cadence_endings(minor).items():
        if tuple(progression[-len(ending) :]) == ending:
            return name
    return None


def check_progression(progression: list[str], key: str, cadence: str) -> None:
    """Raise ValueError unless the app keeps and renders ``progression`` in ``key`` with ``cadence``."""
    minor = is_minor(key)
    endings = cadence_endings(minor)
    if cadence not in endings:
        raise refuse("cadence_not_in_mode", f"{cadence} has no place in {key}; it has {', '.join(endings)}")
    if progression[0] != tonic(minor):
        raise refuse("not_from_tonic", f"the progression starts on {progression[0]}, not on {tonic(minor)}")
    ending = endings[cadence]
    if tuple(progression[-len(ending) :]) != ending:
        raise refuse("cadence_not_in_chords", f"{cadence} in {key} ends on {' '.join(ending)}")
    for position, numeral in enumerate(progression[: -len(ending)]):
        if numeral not in body_numerals(minor):
            raise refuse(
                "chord_not_in_mode",
                f"chord {position + 1}, {numeral}, is no chord of {key} before its cadence: "
                + ", ".join(body_numerals(minor)),
            )
