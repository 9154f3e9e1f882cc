"""The fragments of JSON that become tokens, and the text that they leave to the ordinary vocabulary."""

import re
from collections.abc import Iterable, Iterator, Sequence

from boumb_assets.contracts.registry import contract


def fragments(contracts: Sequence[str]) -> tuple[str, ...]:
    """The fragments of ``contracts`` in the order of the contracts, each once.

    Raises ValueError for a name that is no contract.
    """
    return tuple(dict.fromkeys(text for name in contracts for text in contract(name).vocabulary()))


def residue(texts: Iterable[str], known: Sequence[str]) -> Iterator[str]:
    """What is left of each text once the fragments ``known`` are cut out, leftmost and longest first, as the
    tokenizer cuts them. A vocabulary learnt from the whole text would spend its merges on what it never meets."""
    if not known:
        yield from texts
        return
    cut = re.compile("|".join(re.escape(text) for text in sorted(known, key=len, reverse=True)))
    for text in texts:
        yield from (part for part in cut.split(text) if part)
