"""The key of a free text: a root and a scale, by letter or by do ré mi, only where the words are about a key.

"a", "la", "do", "si" and "d" are words too: each counts as a root only in a place where it cannot be that word.
"""

import re
from collections.abc import Iterator
from typing import Final

from boumb_assets.prompts.folding import Folded
from boumb_assets.prompts.lexicon import SCALE_HINTS, SCALE_WORDS

_CLASSES: Final = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11} | {
    "do": 0, "ut": 0, "re": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11,
}  # fmt: skip
_SHIFTS: Final = {"#": 1, "b": -1, "sharp": 1, "flat": -1, "diese": 1, "dieze": 1, "bemol": -1}

_ROOT: Final = (
    r"(?<![\w#'])(?P<root>do|ut|re|mi|fa|sol|la|si|[a-g])"
    r"(?: ?(?P<sign>#)|(?P<flat>b)(?![a-z0-9])|[ -]?(?P<word>sharp|flat|diese|dieze|bemol))?(?![\w#])"
)
_SCALE: Final = re.compile(r"\b(?:" + "|".join(f"(?P<{name}>{words})" for name, words in SCALE_WORDS.items()) + r")\b")
_HINT: Final = re.compile(r"\b(?:" + "|".join(f"(?P<{name}>{words})" for name, words in SCALE_HINTS.items()) + r")\b")
_KEY: Final = re.compile(_ROOT + r"(?:[ -]|,? (?:gamme|mode|scale) (?:de )?)(?P<scale>(?=[a-z]))")
# In chord shorthand the case tells Am from "am": read in the writer's own.
_SHORT: Final = re.compile(
    r"(?<![\w#'])(?P<root>[A-G]|[a-g](?=#))(?P<sign>[#b])?(?P<mode> ?min| ?maj|m)(?![\w#'])(?! I\b)"
)
_END: Final = (
    r"(?= ?(?:$|[.,;:!?)/|]|[0-9]|bpm|-(?![a-z])|"
    r"(?:a|at|au|avec|with|pour|for|et|and|tempo|style|sur|on|around|autour)\b))"
)
_INTRODUCED: Final = re.compile(
    r"\b(?:en|in|key(?: of)?|tonalite(?: de)?|tonique|root|fondamentale|"
    r"(?:gamme|mode|scale)(?: [a-z_]+){0,3} (?:de|of|en|in))"
    r" ?[:=]? ?" + _ROOT + _END
)
_ACCIDENTAL: Final = re.compile(_ROOT)
_LATIN: Final = re.compile(r"[a-z]{2}")
_IN_BEFORE: Final = re.compile(r"\b(?:en|in|key of|tonalite de|key:|tonalite ?:|context:) ?$")
_THING_AFTER: Final = re.compile(r" (?:key|scale|mode|tonality|feel|mood|vein|way|pentatonic scale)\b")
_CLOSED: Final = re.compile(_END)
_ENGLISH_ONLY: Final = re.compile(r"(?:minor|major|dorian|phrygian|lydian|mixolydian|ionian|aeolian|blues)\b")
_MASCULINE: Final = re.compile(r"(?:mineur|majeur|dorien|phrygien|lydien|mixolydien|eolien|ionien|minor|major)\b")


def read_key(text: Folded) -> tuple[int | None, str | None]:
    """The root (pitch class) and the scale (one of SCALES) that ``text`` names, each None where it names none."""
    scale = _scale_anywhere(text.plain)
    for root, own_scale in _named_keys(text):
        return root, own_scale or scale
    return None, scale


def _named_keys(text: Folded) -> Iterator[tuple[int, str | None]]:
    """Readings, the surest first: root and scale together, shorthand, introduced root, root with an accidental."""
    plain = text.plain
    for match in _KEY.finditer(plain):
        scale = _SCALE.match(plain, match.start("scale"))
        if scale is not None and _is_root(text, match, scale):
            yield _class(match), scale.lastgroup
    for match in _SHORT.finditer(text.cased):
        shift = _SHIFTS[match["sign"]] if match["sign"] else 0
        yield (_CLASSES[match["root"].lower()] + shift) % 12, "major" if match["mode"].endswith("maj") else "minor"
    for match in _INTRODUCED.finditer(plain):
        if _stands_alone(text, match):
            yield _class(match), None
    for match in _ACCIDENTAL.finditer(plain):
        if _has_accidental(text, match):
            yield _class(match), None


def _class(match: re.Match[str]) -> int:
    sign = match["sign"] or match["flat"] or match["word"]
    return (_CLASSES[match["root"]] + (_SHIFTS[sign] if sign else 0)) % 12


def _scale_anywhere(plain: str) -> str | None:
    named = _SCALE.search(plain) or _HINT.search(plain)
    return named.lastgroup if named else None


def _is_root(text: Folded, match: re.Match[str], scale: re.Match[str]) -> bool:
    """Whether the word before a scale's name is a root and not an article, a verb or an "if"."""
    root, plain = match["root"], text.plain
    if match["sign"] or match["flat"] or match["word"]:
        return not _is_adjective(text, match)
    if len(plain[match.end("root") : scale.start()]) > 1:  # "la, gamme blues"
        return True
    introduced = _IN_BEFORE.search(plain, max(0, match.start() - 20), match.start()) is not None
    if root == "a":
        return _is_the_note_a(text, match.start(), scale.end(), introduced)
    if root == "do" and _ENGLISH_ONLY.match(plain, scale.start()):
        return introduced
    if root == "la" and not _MASCULINE.match(plain, scale.start()):
        return introduced
    return True


def _is_the_note_a(text: Folded, start: int, end: int, introduced: bool) -> bool:
    """Whether an "a" before a scale is the note: written large inside a sentence, or with nothing left to be the
    article of ("in a minor", but not "a minor bass")."""
    before = text.cased[:start].rstrip()
    opens_sentence = not before or before[-1] in ".!?"
    if text.cased[start] == "A" and not opens_sentence:
        return True
    if introduced and not _THING_AFTER.match(text.plain, end):
        return True
    return _CLOSED.match(text.plain, end) is not None


def _stands_alone(text: Folded, match: re.Match[str]) -> bool:
    """Whether what an "in", "en" or "key" introduces is a root: "in a 120 bpm loop" and "il y en a." hold none."""
    if match["root"] != "a" or match["sign"] or match["flat"] or match["word"]:
        return True
    return text.cased[match.start("root")] == "A" or not match[0].startswith(("en", "in"))


def _has_accidental(text: Folded, match: re.Match[str]) -> bool:
    """Whether a root without any introduction carries an accidental that nothing else is written with."""
    if match["sign"]:
        return bool(_LATIN.match(match["root"])) or text.cased[match.start("root")].isupper()
    if match["word"]:
        return match["word"] in ("diese", "dieze", "bemol") or not _is_adjective(text, match)
    return False


def _is_adjective(text: Folded, match: re.Match[str]) -> bool:
    """Whether "a sharp", "a flat" is an article and an adjective."""
    return match["root"] == "a" and match["word"] in ("sharp", "flat") and text.cased[match.start("root")] != "A"
