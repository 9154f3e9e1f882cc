"""Keys as AIRIA keeps them: seven natural roots, each in major and minor, and how they relate."""

import re
import unicodedata
from typing import Final, Literal

from boumb_assets.contracts.music_structure import KEYS

Relation = Literal["tonic", "dominant", "subdominant", "relative", "parallel"]

_CLASSES: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_FRENCH: Final = {"do": "C", "ut": "C", "re": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A", "si": "B"}
_WRITTEN: Final = re.compile(
    r"(do|ut|re|mi|fa|sol|la|si|[a-g])\s*-?\s*(#|♯|b|♭|sharp|flat|diese|bemol)?"
    r"(?:\s*-?\s*(major|majeur|maj|minor|mineur|min|m))?",
    re.IGNORECASE | re.ASCII,
)
# Where a key lies besides the tonic, as semitones above it and mode, the first that the app can name.
_RELATED: Final[dict[tuple[Relation, bool], tuple[tuple[int, bool], ...]]] = {
    ("dominant", False): ((7, False), (5, False), (0, True)),
    ("dominant", True): ((3, False), (7, True), (0, False)),  # the second key of a minor piece is the relative major
    ("subdominant", False): ((5, False), (7, False), (0, True)),
    ("subdominant", True): ((5, True), (7, True), (0, False)),
    ("relative", False): ((9, True), (0, True)),
    ("relative", True): ((3, False), (0, False)),
    ("parallel", False): ((0, True),),
    ("parallel", True): ((0, False),),
}


def key_name(root: int, minor: bool) -> str | None:
    """The app's name of the key on pitch class ``root``, None for a root with a sharp or a flat."""
    letter = next((letter for letter, pitch_class in _CLASSES.items() if pitch_class == root % 12), None)
    if letter is None:
        return None
    return f"{letter.lower()} minor" if minor else f"{letter} major"


def key_from(text: str) -> str | None:
    """The key that ``text`` names, in English or French, moved to a natural root beside it where it has a sharp or a
    flat. A lower-case letter alone is minor, as scores write it. None where ``text`` names no key (``auto``)."""
    if text in KEYS:
        return text
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    match = _WRITTEN.fullmatch(plain.strip())
    if match is None:
        return None
    name, accidental, mode = match.groups()
    letter = _FRENCH.get(name.lower(), name.upper())
    minor = mode.lower().startswith("min") or mode == "m" if mode else len(name) == 1 and name.islower()
    step = {None: 0, "#": 1, "♯": 1, "s": 1, "d": 1}.get(accidental and accidental[0].lower(), -1)
    root = (_CLASSES[letter] + step) % 12
    # A root that has no natural name gives way to its letter, a semitone away.
    return key_name(root, minor) or key_name(_CLASSES[letter], minor)


def is_minor_key(key: str) -> bool:
    """Whether ``key`` (an app's name) is of the minor mode."""
    return key.endswith("minor")


def related_key(key: str, relation: Relation) -> str:
    """The key in ``relation`` to ``key``; where its root has a sharp or a flat, the nearest relation that has none."""
    if relation == "tonic":
        return key
    root, minor = _CLASSES[key[0].upper()], is_minor_key(key)
    names = (key_name(root + above, mode) for above, mode in _RELATED[relation, minor])
    return next((name for name in names if name is not None), key)
