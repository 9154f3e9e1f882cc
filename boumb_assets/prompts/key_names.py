"""The names of keys: a form, a scale and a root give what a musician writes, in French or English."""

from functools import cache
from typing import Final

from boumb_assets.theory.pitch import NOTE_NAMES
from boumb_assets.theory.scales import SCALES

KEY_FORMS: Final = ("studio", "fr-solfege", "fr-letters", "fr-short", "en-letters", "en-words", "en-short")
"""``D# pentatonic_minor`` as the studio writes it; ``mi bémol mineur``; ``D# mineur``; ``D#m``; ``Eb minor``;
``E flat minor``; ``Ebm``. A short form is that of major and minor alone, other scales keep their letters."""
STUDIO, FR_SOLFEGE, FR_LETTERS, FR_SHORT, EN_LETTERS, EN_WORDS, EN_SHORT = range(len(KEY_FORMS))
SCALE_NAMES: Final[tuple[str, ...]] = tuple(SCALES)

# A musician's spelling of the root: minor keys keep their sharps but for E and B flat, major ones take flats.
_FLATS: Final = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_FLAT_IN_MINOR: Final = (3, 10)
_FLAT_IN_MAJOR: Final = (1, 3, 8, 10)
_MAJOR_LIKE: Final = ("major", "lydian", "mixolydian", "pentatonic_major")
_SOLFEGE: Final = {"C": "do", "D": "ré", "E": "mi", "F": "fa", "G": "sol", "A": "la", "B": "si"}
_FRENCH_SIGNS: Final = {"#": " dièse", "b": " bémol"}
_ENGLISH_SIGNS: Final = {"#": " sharp", "b": " flat"}
_FRENCH_MODES: Final[dict[str, str]] = {
    "major": "majeur", "minor": "mineur", "dorian": "dorien", "phrygian": "phrygien", "lydian": "lydien",
    "mixolydian": "mixolydien", "phrygian_dominant": "phrygien dominant",
}  # fmt: skip
_FRENCH_SCALES: Final[dict[str, str]] = {
    "hirajoshi": "gamme hirajoshi", "insen": "gamme insen", "iwato": "gamme iwato", "blues": "gamme blues",
    "pentatonic_minor": "gamme pentatonique mineure", "pentatonic_major": "gamme pentatonique majeure",
    "double_harmonic": "gamme double harmonique",
}  # fmt: skip


@cache
def key_names(form: int, scale: int) -> tuple[str, ...]:
    """The twelve names, by root (pitch class), of ``scale`` (index into SCALE_NAMES) in ``form`` (index into
    KEY_FORMS). Raises ValueError outside of either."""
    if not (0 <= form < len(KEY_FORMS) and 0 <= scale < len(SCALE_NAMES)):
        raise ValueError(f"there is no form {form} of the names of scale {scale}")
    return tuple(_name(form, SCALE_NAMES[scale], root) for root in range(12))


def _name(form: int, scale: str, root: int) -> str:
    if form == STUDIO:
        return f"{NOTE_NAMES[root]} {scale}"
    if form in (FR_SOLFEGE, FR_LETTERS, FR_SHORT):
        return _french(form, scale, root)
    return _english(form, scale, root)


def _french(form: int, scale: str, root: int) -> str:
    """By letter the root stands as in the studio, in sharps."""
    if form == FR_SHORT and scale in ("major", "minor"):
        return f"{NOTE_NAMES[root]}{'maj' if scale == 'major' else 'm'}"
    name = NOTE_NAMES[root]
    if form == FR_SOLFEGE:
        spelled = _spelled(root, scale)
        name = _SOLFEGE[spelled[0]] + _FRENCH_SIGNS.get(spelled[1:], "")
    return f"{name} {_FRENCH_MODES[scale]}" if scale in _FRENCH_MODES else f"{name}, {_FRENCH_SCALES[scale]}"


def _english(form: int, scale: str, root: int) -> str:
    name = _spelled(root, scale)
    if form == EN_SHORT and scale in ("major", "minor"):
        return f"{name}{'maj' if scale == 'major' else 'm'}"
    if form == EN_WORDS:
        name = name[0] + _ENGLISH_SIGNS.get(name[1:], "")
    if scale in ("pentatonic_minor", "pentatonic_major"):
        return f"{name} {scale.removeprefix('pentatonic_')} pentatonic"
    return f"{name} {scale.replace('_', ' ')}"


def _spelled(root: int, scale: str) -> str:
    flats = root in (_FLAT_IN_MAJOR if scale in _MAJOR_LIKE else _FLAT_IN_MINOR)
    return _FLATS[root] if flats else NOTE_NAMES[root]
