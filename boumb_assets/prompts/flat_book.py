"""The phrase book as flat arrays, for compiled loops."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.loop_request import ROLES
from boumb_assets.prompts.english import takes_an
from boumb_assets.prompts.instruments import INSTRUMENTS
from boumb_assets.prompts.phrase_book import NOUNS, Article, Part, Use, Words, studio_message, templates
from boumb_assets.prompts.slots import CLAIMS, Slot, Source
from boumb_assets.prompts.templates import KINDS, LANGUAGES
from boumb_assets.prompts.wording import INNER_DRAWS, KIND_DRAWS, MANNER_DRAWS

WORDS, ARTICLE, ONE_ARTICLE = -1, -2, -3  # in place of a source
FEEL_CLAIM: Final = 1 << 31  # swing or syncopation, whichever the loop has
BLOCK: Final = 32  # bytes that are copied at once
LONGEST_NAME_BYTES: Final = 4 * 40 + 8  # a name and what elision puts before it
Array = npt.NDArray[Any]


class BookArrays(NamedTuple):
    """The arrays of the book.

    ``[a, a + 1]`` of a ``..._first`` array are where a thing begins and where it ends. A part of a program is (source,
    WORDS or an article; the group of value 0; groups a value; agreement), of a named slot its place in ``named_first``
    instead of the group. Program 0 is the studio's message; 1 + manners * template + manner that of a template.
    """

    text: Array
    """uint8, the UTF-8 of all words, and BLOCK bytes of padding."""
    word_first: Array
    word_takes_an: Array
    word_form: Array
    """Form of the key that the word is, -1 for any other."""
    group_first: Array
    """The words of a group follow one another."""
    named_first: Array
    """The group of the first name of each named slot."""
    parts: Array
    """(parts, 4)"""
    program_first: Array
    template_need: Array
    template_claims: Array
    template_says: Array
    """How many facts a template claims."""
    kind_first: Array
    """The templates of a language and kind, at ``kinds * language + kind``."""
    nouns: Array
    """(languages, roles, 2, 3): the role's first noun, how many it has, and how many of those are short ones; where no
    chords are heard, and where some are."""
    noun_agreement: Array
    """(languages, most nouns)"""
    instruments: Array
    """(instruments, 3): agreement, the role that it asks for by itself or -1, and whether it is called as a role is."""
    kind_draws: Array
    inner_draws: Array
    """The kinds, and those inside a studio's message, as often as they are drawn."""
    manner_draws: Array


@dataclass(frozen=True, eq=False)
class FlatBook:
    """The arrays of the book without a batch's names, the slots that await these, and the bytes that are written
    for a prompt at most."""

    arrays: BookArrays
    named: tuple[Slot, ...]
    longest: int

    def with_names(self, composers: Sequence[str], genres: Sequence[str]) -> BookArrays:
        """The arrays with the words that the named slots make of a batch's names."""
        book = self.arrays
        names = [genres if slot.source is Source.GENRE else composers for slot in self.named]
        said = [slot.named(name) for slot, own in zip(self.named, names, strict=True) for name in own if slot.named]
        encoded = [word.encode() for word in said]
        ends = book.word_first[-1] + np.cumsum([len(word) for word in encoded], dtype=np.int32)
        words = len(book.word_takes_an) + np.arange(1, len(said) + 1, dtype=np.int32)
        firsts = [0, *accumulate(len(own) for own in names)][:-1]
        return book._replace(
            text=np.concatenate((book.text[:-BLOCK], np.frombuffer(b"".join(encoded) + bytes(BLOCK), np.uint8))),
            word_first=np.concatenate((book.word_first, ends.astype(np.int32))),
            word_takes_an=np.concatenate((book.word_takes_an, np.array([takes_an(word) for word in said], np.uint8))),
            word_form=np.concatenate((book.word_form, np.full(len(said), -1, np.int8))),
            group_first=np.concatenate((book.group_first, words)),
            named_first=np.array(firsts, np.int32) + len(book.group_first) - 1,
        )


class _Growing:
    """The book while it is flattened."""

    def __init__(self) -> None:
        self.words: list[tuple[str, int]] = []
        self.groups: list[int] = [0]
        self.parts: list[tuple[int, int, int, int]] = []
        self.programs: list[int] = [0]
        self.named: list[Slot] = []
        self.longest = 0
        self._tables: dict[int, tuple[int, int]] = {}

    def add(self, parts: Sequence[Part]) -> int:
        """A program; returns how many bytes it says at most."""
        most = 0
        for part in parts:
            if isinstance(part, Article):
                self.parts.append((ONE_ARTICLE if part.single else ARTICLE, 0, 0, 0))
                most += len("some ")
            elif isinstance(part, Words):
                self.parts.append((WORDS, self._group([part.text], ()), 0, 0))
                most += len(part.text.encode())
            else:
                most += self._use(part)
        self.programs.append(len(self.parts))
        return most

    def _use(self, use: Use) -> int:
        slot = use.slot
        if slot.named is not None:
            if slot not in self.named:
                self.named.append(slot)
            self.parts.append((slot.source, self.named.index(slot), 1, 0))
            return LONGEST_NAME_BYTES
        first, most = self._table(slot)
        self.parts.append((slot.source, first, slot.width, use.agreement))
        return most

    def _table(self, slot: Slot) -> tuple[int, int]:
        """The group of the slot's first value, and the bytes of its longest word."""
        if id(slot) not in self._tables:
            most = max(len(word.encode()) for group in slot.words for word in group)
            self._tables[id(slot)] = len(self.groups) - 1, most
            for group in slot.words:
                self._group(group, slot.forms)
        return self._tables[id(slot)]

    def _group(self, words: Sequence[str], forms: Sequence[int]) -> int:
        self.words.extend(zip(words, forms or [-1] * len(words), strict=True))
        self.groups.append(len(self.words))
        return len(self.groups) - 2


@cache
def flat_book() -> FlatBook:
    """The phrase book's arrays."""
    book = _Growing()
    head = book.add(studio_message())
    longest = head + max(book.add(parts) for template in templates() for parts in template.parts)
    encoded = [word.encode() for word, _ in book.words]
    order = [(template.language, template.kind) for template in templates()]
    kinds = [order.count((language, kind)) for language in LANGUAGES for kind in KINDS]
    most_nouns = max(len(nouns) for nouns in NOUNS.values())
    agreement = np.zeros((len(LANGUAGES), most_nouns), np.int32)
    for language, nouns in enumerate(NOUNS.values()):
        agreement[language, : len(nouns)] = [noun.agreement for noun in nouns]
    arrays = BookArrays(
        text=np.frombuffer(b"".join(encoded) + bytes(BLOCK), np.uint8),
        word_first=np.array([0, *accumulate(map(len, encoded))], np.int32),
        word_takes_an=np.array([takes_an(word) for word, _ in book.words], np.uint8),
        word_form=np.array([form for _, form in book.words], np.int8),
        group_first=np.array(book.groups, np.int32),
        named_first=np.zeros(len(book.named), np.int32),
        parts=np.array(book.parts, np.int32),
        program_first=np.array(book.programs, np.int32),
        template_need=np.array([template.need for template in templates()], np.uint32),
        template_claims=np.array([claim_bits(template.claims) for template in templates()], np.uint32),
        template_says=np.array([len(template.claims) for template in templates()], np.int32),
        kind_first=np.array([0, *accumulate(kinds)], np.int32),
        nouns=_role_nouns(),
        noun_agreement=agreement,
        instruments=_instruments(),
        kind_draws=np.array([KINDS.index(kind) for kind in KIND_DRAWS], np.int32),
        inner_draws=np.array([KINDS.index(kind) for kind in INNER_DRAWS], np.int32),
        manner_draws=np.array(MANNER_DRAWS, np.int32),
    )
    return FlatBook(arrays, tuple(book.named), longest + BLOCK)


def _instruments() -> Array:
    rows = [
        (each.agreement, ROLES.index(each.alone) if each.alone else -1, each.plays_its_name) for each in INSTRUMENTS
    ]
    return np.array(rows, np.int32)


def claim_bits(claims: frozenset[str]) -> int:
    """One bit a claim, in the order of CLAIMS."""
    return sum(FEEL_CLAIM if claim == "feel" else 1 << CLAIMS.index(claim) for claim in claims)


def _role_nouns() -> Array:
    table = np.zeros((len(LANGUAGES), len(ROLES), 2, 3), np.int32)
    for language, nouns in enumerate(NOUNS.values()):
        for role, name in enumerate(ROLES):
            for chords in range(2):
                places = [place for place, one in enumerate(nouns) if one.role == name and (chords or not one.chords)]
                short = [place for place in places if nouns[place].short]
                if places != list(range(places[0], places[0] + len(places))) or short != places[: len(short)]:
                    raise ValueError(f"the nouns of {name} do not follow one another, the short ones first")
                table[language, role, chords] = places[0], len(places), len(short)
    return table
