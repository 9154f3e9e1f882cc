"""How many tokens an answer takes, with the fragments of its contract as tokens and without."""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]

_CLASS_BITS: Final = 7  # the bytes of fragments are ASCII
_SHIFT, _ONE = np.uint64(_CLASS_BITS), np.uint64(1)
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
    none; ``ends`` whether a fragment ends at a node, ``leaves`` whether nothing follows it."""

    classes: npt.NDArray[np.uint8]
    next: npt.NDArray[np.int16]
    ends: npt.NDArray[np.bool_]
    leaves: npt.NDArray[np.bool_]


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
    return _Trie(classes, table, np.array(ends), np.array([not children for children in nodes]))


@compiled
def _count(
    data: npt.NDArray[np.uint8],
    at: Ints,
    classes: npt.NDArray[np.uint8],
    next: npt.NDArray[np.int16],
    ends: npt.NDArray[np.bool_],
    leaves: npt.NDArray[np.bool_],
) -> Ints:
    found = np.zeros((len(at) - 1, 2), np.int64)
    for text in range(len(at) - 1):
        tokens, place, end = 0, np.uint64(at[text]), np.uint64(at[text + 1])  # unsigned: no place counts from the end
        while place < end:
            node, probe, after = np.uint64(0), place, place + _ONE
            while probe < end:
                node = np.uint64(next[(node << _SHIFT) + np.uint64(classes[data[probe]])])
                if node == 0:
                    break
                probe += _ONE
                if ends[node]:
                    after = probe
                    if leaves[node]:
                        break
            tokens += 1
            place = after
        pieces, before = np.int64(0), np.uint8(_DIGIT)
        for byte in data[at[text] : at[text + 1]]:  # without a branch
            kind = _KINDS[byte]
            pieces += np.int64(kind == _DIGIT) | np.int64(kind != before)
            before = kind
        found[text] = tokens, pieces
    return found
