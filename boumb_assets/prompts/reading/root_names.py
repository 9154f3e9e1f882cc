"""The names of roots, by letter, by do ré mi and within chord symbols."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from boumb_assets.prompts.reading.folding import Folded, Tokens

LETTERS: Final = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
SYLLABLES: Final = {"do": 0, "ut": 0, "re": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11}
NATURALS: Final = LETTERS | SYLLABLES
FLATS: Final = {f"{name}b": (number - 1) % 12 for name, number in NATURALS.items()}
"""One word with their flat: ``eb``, ``sib``."""
SHIFTS: Final = {
    "sharp": 1, "sharps": 1, "flat": -1, "diese": 1, "dieze": 1, "dieses": 1, "bemol": -1, "bemols": -1, "bemolle": -1,
}  # fmt: skip
# The case tells Am from "am": read in the writer's own. An octave is no chord: C4 is a note.
_CHORD: Final = re.compile(
    r"(?<![\w#'])(?P<root>[A-G]|[a-g](?=[#b]?(?:m|maj|min)?[679](?![\w#])|#|b(?:m|maj|min)))(?P<sign>[#b])?(?:"
    r"(?P<minor>m(?:in|inor)?|Min|MIN|-(?=7))(?![a-z])|(?P<major>maj(?:or)?|Maj|MAJ|M(?=[79])|Δ)(?![a-z])|"
    r"(?P<dim>dim|ø|°)|(?P<other>sus[24]?|aug|add9|6/9)|(?=(?:6|7|9|11|13)(?![\w%])))"
    r"(?:maj|M|m|add|sus|aug|dim|alt|[#b+°-]|/|\(|\)|[0-9]){0,8}(?![\w#'])(?! I\b)"
)
_LED: Final = r"\b(?:en|in|key|key of|tonalite|key:|tonalite:|key =) ?"
_INTRODUCED: Final = re.compile(rf"{_LED}(?P<root>[a-g]|{'|'.join(SYLLABLES)})m(?!\w)")
_SYLLABLE_CHORD: Final = re.compile(r"(?<![\w#'])(?P<root>Re|RE|Mi|MI|Sol|SOL|La|LA)m(?![\w'])")


class Chord(NamedTuple):
    """A chord symbol: where it starts in the text, its root, and the scale of its third, None where it has none."""

    start: int
    root: int
    scale: str | None


def chords_in(folded: Folded) -> Iterator[Chord]:
    """The chord symbols of a text: ``Am``, ``Ebmaj7``, ``f#m7``, ``Lam``; ``am`` only after a word that leads to a
    key."""
    for match in _CHORD.finditer(folded.cased):
        root = (LETTERS[match["root"].lower()] + {"#": 1, "b": -1, None: 0}[match["sign"]]) % 12
        scale = None if match["other"] else "minor" if match["minor"] or match["dim"] else "major"
        yield Chord(match.start(), root, scale)
    for found in (_SYLLABLE_CHORD.finditer(folded.cased), _INTRODUCED.finditer(folded.plain)):
        for match in found:
            yield Chord(match.start("root"), NATURALS[match["root"].lower()], "minor")


def spelled(tokens: Tokens, place: int, taken: set[int]) -> tuple[int, int, str]:
    """The pitch class of the root at ``place``, the place after it, and its accidental as written: ``#``, ``b``, a word
    or nothing. An accidental is none where its token is ``taken``."""
    text = tokens.texts[place]
    if text in FLATS:
        return FLATS[text], place + 1, "b"
    number, after = NATURALS[text], tokens.at(place + 1)
    if after == "#" and (tokens.touches(place + 1) or not tokens.touches(place + 2)):
        return (number + 1) % 12, place + 2, "#"
    if after == "b" and text in SYLLABLES and not elided(tokens, place + 1):
        return (number - 1) % 12, place + 2, "b"
    word = place + 2 if after == "-" and tokens.touches(place + 1) else place + 1
    if tokens.at(word) in SHIFTS and word not in taken:
        return (number + SHIFTS[tokens.at(word)]) % 12, word + 1, tokens.at(word)
    return number, place + 1, ""


def elided(tokens: Tokens, place: int) -> bool:
    """Whether an apostrophe is beside the token: "d'accords", "c'est"."""
    plain, start, end = tokens.folded.plain, tokens.starts[place], tokens.ends[place]
    return plain[max(0, start - 1) : start] == "'" or plain[end : end + 1] == "'"
