"""How like two structures' harmony is: the divergence between the bigrams of their Roman numerals."""

import math
from collections import Counter
from collections.abc import Mapping

from boumb_assets.contracts.music_structure import MusicStructure

Bigrams = Mapping[tuple[str, str], float]


def chord_bigrams(structure: MusicStructure) -> Bigrams:
    """The share of each pair of neighbouring chords in the progressions of ``structure``, section by section."""
    pairs = Counter(
        pair
        for section in structure.sections
        for pair in zip(section.chordProgression, section.chordProgression[1:], strict=False)
    )
    total = sum(pairs.values())
    return {pair: count / total for pair, count in pairs.items()}


def divergence(first: Bigrams, second: Bigrams) -> float:
    """The Jensen-Shannon divergence in bits, 0 (the same) to 1 (nothing shared): Lin, IEEE Transactions on Information
    Theory 37, 1991."""
    total = 0.0
    for pair in first.keys() | second.keys():
        one, other = first.get(pair, 0.0), second.get(pair, 0.0)
        middle = (one + other) / 2
        total += sum(share * math.log2(share / middle) for share in (one, other) if share > 0)
    return min(1.0, max(0.0, total / 2))
