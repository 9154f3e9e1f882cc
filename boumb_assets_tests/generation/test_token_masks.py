from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.generation.automata import AnyText, automaton_of, walk
from boumb_assets.generation.token_masks import TokenMasks, Vocabulary

tokens = st.lists(st.one_of(st.none(), st.text(alphabet='{"note:C2s[', max_size=6).map(str.encode)), max_size=40)
PREFIXES = [b"", b"{", b'{"seq', b'{"sequence":[{"', b'{"sequence":[{"note":"', b'{"sequence":[{"note":"C2']


def unspelt(data: bytes) -> list[int]:
    return []


@given(tokens, st.sampled_from(PREFIXES))
def test_the_mask_is_what_trying_every_token_finds(vocabulary: list[bytes | None], prefix: bytes) -> None:
    automaton = automaton_of("boumb-sequence", 2, None)
    state = walk(automaton, automaton.start, prefix)
    tried = [
        (index, walk(automaton, state, token))
        for index, token in enumerate(vocabulary)
        if token and walk(automaton, state, token) is not None
    ]
    assert Vocabulary(vocabulary).allowed(automaton, state) == tried


@given(tokens)
def test_any_text_allows_every_token_that_writes(vocabulary: list[bytes | None]) -> None:
    allowed = Vocabulary(vocabulary).allowed(AnyText(), 0)
    assert [index for index, _ in allowed] == [index for index, token in enumerate(vocabulary) if token]


class Words:
    """Accepts one of a few words."""

    start = b""

    def __init__(self, *words: bytes) -> None:
        self.words = words

    def next(self, state: Any) -> dict[int, Any]:
        return {
            word[len(state)]: word[: len(state) + 1] for word in self.words if word.startswith(state) and word != state
        }

    def final(self, state: Any) -> bool:
        return state in self.words


def test_fragments_are_alone_where_they_cover_all_ways_on() -> None:
    vocabulary = Vocabulary([b"a", b"b", b"c", b"ab", b"ac"], fragments=frozenset({3, 4}))
    assert [index for index, _ in vocabulary.allowed(Words(b"ab", b"ac"), b"")] == [3, 4]
    assert [index for index, _ in vocabulary.allowed(Words(b"ab", b"acb"), b"")] == [3, 4]
    assert [index for index, _ in vocabulary.allowed(Words(b"ab", b"b"), b"")] == [0, 1, 3]
    assert [index for index, _ in vocabulary.allowed(Words(b"ab", b"ac"), b"a")] == [1, 2]


def test_a_token_is_forced_where_the_bytes_are_certain_and_none_reaches_beyond() -> None:
    vocabulary = Vocabulary([b"a", b"b", b"ab", b"x", b"y", b"bx"])
    two_ways = Words(b"abx", b"aby")

    def spell(data: bytes) -> list[int]:
        return {b"ab": [2], b"b": [1]}.get(data, [])

    masks = TokenMasks(vocabulary, two_ways, spell)
    first = masks.at(b"")
    assert first.forced is not None and first.ids[first.forced] == 2
    assert masks.at(b"a").forced is None  # "bx" says more than is certain
    assert masks.at(b"ab").forced is None and masks.at(b"abx").may_end
