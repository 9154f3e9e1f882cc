"""The words beside a root that tell it from the word that it may be, in folded text."""

from typing import Final

INTRODUCTIONS: Final = frozenset({
    "en", "in", "key", "tonalite", "tonique", "tonic", "root", "fondamentale", "cle", "tona", "tonal", "ton",
})  # fmt: skip
"""What leads to a root."""
LINKS: Final = frozenset({"of", "de", ":", "=", "is", "est", "note"})
"""What may stand between that and the root."""
ABOUT: Final = frozenset({"gamme", "mode", "scale"})
AFTER_A_SCALE: Final = frozenset({"de", "of", "in", "en", "on", "sur", "from"})
"""What leads from a scale's name to its root."""
CLOSERS: Final = frozenset({
    "", "a", "at", "au", "avec", "with", "pour", "for", "et", "and", "tempo", "style", "sur", "on", "around", "autour",
    "bpm", "vers", "environ", "about", "please", "pls", "svp", "stp", "s", "merci", "thanks", "thx", "mais", "but",
    "plutot", "instead", "ou", "or", "puis", "then", "qui", "that", "dans", "tout", "quoi", "toujours", "bien",
    "tranquille", "si", "de", "over", "by", "to", "peut", "maybe",
})  # fmt: skip
"""What a noun cannot begin with: before these, "a" and "la" are no articles."""
PAUSES: Final = frozenset(".,;:!?()/|+&*@~\"'•>→-")
MOVES: Final = frozenset({"transpose", "transposed", "modulate", "modulating", "move", "pitch", "key", "tune", "tuned"})
"""What leads to a root by "to"."""
STOPS: Final = frozenset(".!?")
UNMISTAKABLE: Final = frozenset({"re", "mi", "fa", "sol"})
"""The syllables that seldom mean something else."""
SURE: Final = frozenset({"c", "d", "e", "f", "g", "b", "re", "fa", "sol", "ut"})
"""The roots that are one wherever they are led to."""
THINGS: Final = frozenset({"key", "scale", "mode", "tonality", "feel", "mood", "vein", "way"})
"""What may be "a minor" one."""
NOT: Final = frozenset({"pas", "not", "non", "than", "que"})
INSTEAD: Final = frozenset({("instead", "of"), ("lieu", "de"), ("place", "de"), ("away", "from")})
