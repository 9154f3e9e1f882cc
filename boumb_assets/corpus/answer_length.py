"""How many tokens an answer takes, with the fragments of its contract as tokens and without."""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]

_CLASS_BITS: Final = 7  # the bytes of fragments are ASCII
# Of each byte: 0 a digit, a piece by itself; 1 a letter; 2 anything else.
_DIGIT, _LETTER, _OTHER = 0, 1, 2
_KINDS: Final = np.array(
    [
        _DIGIT if chr(byte).isdecimal() and byte < 128 else _LETTER if byte >= 128 or chr(byte).isalpha() else _OTHER
        for byte in range(256)
    ],
    np.uint8,
)


class _Trie(NamedTuple):
    """The fragments of a contract: ``next[(node << _CLASS_BITS) + class]`` is the node after a byte's class, 0 for
    none; ``ends`` whether a fragment ends at a node."""

    classes: npt.NDArray[np.uint8]
    next: npt.NDArray[np.int16]
    ends: npt.NDArray[np.bool_]


def fragment_tokens(contract: str, content: str) -> int:
    """An upper bound on the tokens of ``content`` for any tokenizer that has the contract's fragments as tokens: one a
    fragment (leftmost, the longest first) and one a byte of the rest."""
    data = np.frombuffer(content.encode(), np.uint8)
    return int(answer_tokens(contract, data, np.array([0, len(data)], np.int64))[0, 0])


def answer_tokens(contract: str, data: npt.NDArray[np.uint8], at: Ints) -> Ints:
    """For texts (UTF-8; text i is ``data[at[i]:at[i + 1]]``) of one contract a row each: the bound of
    `fragment_tokens`, and how many pieces a tokenizer without the fragments cuts the text into before it looks at any
    vocabulary: runs of letters, single digits, runs of punctuation (as those of Qwen2.5 and Llama 3 do, but for
    digits, which some take three at a time). No such tokenizer joins two pieces, and one with a large vocabulary has
    nearly all of these pieces as tokens, so it is a close lower bound."""
    found: Ints = _count(data, at, *_trie(contract))
    return found


@cache
def _trie(contract: str) -> _Trie:
    fragments = [fragment.encode() for fragment in contract_of(contract).vocabulary()]
    used = sorted(set(b"".join(fragments)))
    classes = np.zeros(256, np.uint8)
    classes[used] = np.arange(1, len(used) + 1)
    nodes: list[dict[int, int]] = [{}]
    ends = [False]
    for fragment in fragments:
        node = 0
        for byte in fragment:
            if byte not in nodes[node]:
                nodes[node][byte] = len(nodes)
                nodes.append({})
                ends.append(False)
            node = nodes[node][byte]
        ends[node] = True
    table = np.zeros(len(nodes) << _CLASS_BITS, np.int16)
    for node, children in enumerate(nodes):
        for byte, child in children.items():
            table[(node << _CLASS_BITS) + int(classes[byte])] = child
    return _Trie(classes, table, np.array(ends))


@compiled
def _count(
    data: npt.NDArray[np.uint8],
    at: Ints,
    classes: npt.NDArray[np.uint8],
    next: npt.NDArray[np.int16],
    ends: npt.NDArray[np.bool_],
) -> Ints:
    found = np.zeros((len(at) - 1, 2), np.int64)
    for text in range(len(at) - 1):
        tokens, place, end = 0, at[text], at[text + 1]
        while place < end:
            node, longest = 0, 0
            for probe in range(place, end):
                node = next[(node << _CLASS_BITS) + classes[data[probe]]]
                if node == 0:
                    break
                if ends[node]:
                    longest = probe + 1 - place
            tokens += 1
            place += max(longest, 1)
        pieces, before = 0, _DIGIT
        for place in range(at[text], at[text + 1]):
            kind = _KINDS[data[place]]
            pieces += kind == _DIGIT or kind != before
            before = kind
        found[text] = tokens, pieces
    return found
