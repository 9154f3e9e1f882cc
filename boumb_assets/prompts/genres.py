"""The data set's own word for a style, where the studio has none, as both languages say it."""

import re
from typing import Final

from boumb_assets.prompts.reader import read_request

# Collections spell genres in their own way, and from the general to the special: the later entries are looked for
# first. Each is an English and a French word; the French one does not change with its noun.
_KNOWN: Final[dict[str, tuple[str, str]]] = {
    r"latin": ("latin", "latino"),
    r"rock": ("rock", "rock"),
    r"pop": ("pop", "pop"),
    r"hip[ _-]?hop": ("hip-hop", "hip-hop"),
    r"soul": ("soul", "soul"),
    r"new[ _-]?orleans": ("New Orleans", "New Orleans"),
    r"r(?:hythm)?[ _]?(?:&|and|n|n'|'n')[ _]?b(?:lues)?|rnb": ("R&B", "R&B"),
    r"drum[ _-]?(?:and|n|&|'n')[ _-]?bass|dnb": ("DnB", "DnB"),
    r"(?:brazilian-)?bai[aã]o": ("baião", "baião"),
    r"samba": ("samba", "samba"),
    r"motown": ("Motown", "Motown"),
    r"rockabilly": ("rockabilly", "rockabilly"),
    r"reggae[ _-]?ton": ("reggaeton", "reggaeton"),
    r"synth[ _-]?wave": ("synthwave", "synthwave"),
}
_FRENCH: Final[dict[str, str]] = dict(_KNOWN.values())
# Words that say nothing of a genre, or that French would have to decline.
_NONE: Final = frozenset({
    "acoustic", "afrocuban", "baroque", "classical", "demo", "electronic", "experimental", "file", "files",
    "instrumental", "loop", "loops", "medieval", "middleeastern", "midi", "misc", "modern", "music", "none", "other",
    "romantic", "song", "songs", "style", "test", "traditional", "unknown", "various",
})  # fmt: skip
_PLAIN: Final = re.compile(r"[a-z]{3,14}(?:[ -][a-z]{3,14})?")
_MAX_CHARACTERS: Final = 100


def genre_name(style: str | None) -> str | None:
    """The English word for the genre that ``style``, a stranger's text, names; None where it is no plain word, or one
    that a request would be misread by (``blues`` is a scale, ``classical`` a period)."""
    text = " ".join((style or "")[:_MAX_CHARACTERS].lower().split())
    for pattern in reversed(_KNOWN):
        if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", text):
            return _KNOWN[pattern][0]
    word = re.split(r"[/_,;|]", text)[0].strip()
    if not _PLAIN.fullmatch(word) or not _NONE.isdisjoint(re.split("[ -]", word)):
        return None
    return None if read_request(word).model_dump(exclude={"language"}, exclude_none=True) else word


def french_genre(genre: str) -> str:
    """What French calls the genre of an English name."""
    return _FRENCH.get(genre, genre)
