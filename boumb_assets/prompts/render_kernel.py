"""The compiled loop of `rendering`.

Constants of other modules become part of the machine code that is kept, which numba makes anew when this file changes:
whoever changes their values touches this file too, as the test against `wording` will tell them.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.loop_request import ROLES
from boumb_assets.prompts.columns import COLUMNS, LEGATO, STACCATO
from boumb_assets.prompts.draws import FIRST_FACTOR, GOLDEN, SECOND_FACTOR
from boumb_assets.prompts.facts import HIGH_FROM, LOW_BELOW
from boumb_assets.prompts.flat_book import ARTICLE, BLOCK, FEEL_CLAIM, ONE_ARTICLE, WORDS, BookArrays
from boumb_assets.prompts.phrase_book import OF_THE_INSTRUMENT, OF_THE_NOUN
from boumb_assets.prompts.reader import SLOWEST
from boumb_assets.prompts.slots import CLAIMS, Need, Source
from boumb_assets.prompts.templates import KINDS, MANNERS
from boumb_assets.prompts.wording import ALWAYS, APP, CASUAL, SHORT
from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.copying import block_copier

Array = npt.NDArray[Any]

_GOLDEN, _FIRST, _SECOND = np.uint64(GOLDEN), np.uint64(FIRST_FACTOR), np.uint64(SECOND_FACTOR)
_SHIFT_1, _SHIFT_2, _SHIFT_3, _HALF = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
_APP, _ALWAYS, _KINDS, _MANNERS, _CASUAL = KINDS.index(APP), KINDS.index(ALWAYS), len(KINDS), len(MANNERS), CASUAL
_SHORT = KINDS.index(SHORT)
(
    _CONTRACT, _ROLE, _STYLE, _ROOT, _SCALE, _BPM, _BARS, _DENSITY, _LOWEST, _HIGHEST, _SWING, _SYNCOPATED, _MOOD,
    _ARTICULATION, _HARMONY, _INSTRUMENT, _PERIOD, _COMPOSER, _GENRE,
) = range(len(COLUMNS))  # fmt: skip
_SOURCES = len(Source)
_DRUMS = ROLES.index("drums")
_KEY_BITS = sum(1 << CLAIMS.index(claim) for claim in ("root", "scale", "bpm"))
_SWING_BIT, _SYNCOPATED_BIT = 1 << CLAIMS.index("swing"), 1 << CLAIMS.index("syncopated")
_FEEL_BIT = FEEL_CLAIM
_MIDDLING, _TWICE_LOW, _TWICE_HIGH = 1, 2 * LOW_BELOW, 2 * HIGH_FROM
(
    _S_NOUN, _S_STYLE, _S_KEY, _S_BPM, _S_BARS, _S_DENSITY, _S_REGISTER, _S_FEEL, _S_MOOD, _S_ARTICULATION, _S_HARMONY,
    _S_INSTRUMENT, _S_PERIOD, _S_COMPOSER, _S_GENRE,
) = (int(source) for source in Source)  # fmt: skip
(
    _N_STYLE, _N_KEY, _N_BPM, _N_BARS, _N_FULL, _N_REGISTER, _N_PITCHED, _N_FEEL, _N_MOOD, _N_ARTICULATION, _N_HARMONY,
    _N_PLAYED, _N_ALONE, _N_PERIOD, _N_COMPOSER, _N_GENRE, _N_BASS, _N_LEAD, _N_KEYS, _N_PAD, _N_DRUMS, _N_MELODIC,
) = (np.uint32(need) for need in Need)  # fmt: skip


_copy_block = block_copier(BLOCK)  # most words are shorter, and what follows a word overwrites the rest


@compiled
def _next(state: Array) -> Any:
    """As Draws.number; ``state`` (1,) uint64."""
    state[0] += _GOLDEN
    mixed = (state[0] ^ (state[0] >> _SHIFT_1)) * _FIRST
    mixed = (mixed ^ (mixed >> _SHIFT_2)) * _SECOND
    return mixed ^ (mixed >> _SHIFT_3)


@compiled
def _below(state: Array, count: int) -> Any:
    """As Draws.below."""
    return np.int64(((_next(state) >> _HALF) * np.uint64(count)) >> _HALF)


@compiled
def _read(facts: Array, shift: int, instruments: Array, values: Array) -> Any:
    """Writes the value of each source of one loop into ``values`` (15,) and returns what is known, as Need's bits.

    ``facts`` (19,) in the order of COLUMNS; ``instruments`` as in BookArrays.
    """
    role = facts[_ROLE]
    drums = role == _DRUMS
    have = _N_BASS << np.uint32(role)
    middle = facts[_LOWEST] + facts[_HIGHEST] + 2 * shift
    register = 0 if middle < _TWICE_LOW else 2 if middle >= _TWICE_HIGH else 1
    values[_S_REGISTER] = register
    values[_S_DENSITY] = 2 * facts[_DENSITY] + drums
    values[_S_BARS] = facts[_BARS] == 4
    values[_S_FEEL] = 0 if facts[_SWING] else 1
    values[_S_BPM] = facts[_BPM] - SLOWEST
    if facts[_ROOT] >= 0 and facts[_SCALE] >= 0:
        values[_S_KEY] = 12 * facts[_SCALE] + (facts[_ROOT] + shift) % 12
        have |= _N_KEY
    if facts[_BPM] > 0:
        have |= _N_BPM
    if facts[_BARS] == 2 or facts[_BARS] == 4:
        have |= _N_BARS
    if facts[_DENSITY] != _MIDDLING:
        have |= _N_FULL
    if not drums:
        have |= _N_REGISTER | _N_MELODIC
        if register != _MIDDLING:
            have |= _N_PITCHED
    if facts[_SWING] or facts[_SYNCOPATED]:
        have |= _N_FEEL
    if facts[_ARTICULATION] == STACCATO or facts[_ARTICULATION] == LEGATO:
        values[_S_ARTICULATION] = facts[_ARTICULATION] == LEGATO
        have |= _N_ARTICULATION
    for source, column, need in (
        (_S_STYLE, _STYLE, _N_STYLE), (_S_MOOD, _MOOD, _N_MOOD), (_S_HARMONY, _HARMONY, _N_HARMONY),
        (_S_PERIOD, _PERIOD, _N_PERIOD), (_S_COMPOSER, _COMPOSER, _N_COMPOSER), (_S_GENRE, _GENRE, _N_GENRE),
    ):  # fmt: skip
        values[source] = facts[column]
        if facts[column] >= 0:
            have |= need
    instrument = facts[_INSTRUMENT]
    if instrument >= 0:
        values[_S_INSTRUMENT] = instrument
        if instruments[instrument, 1] == role:
            have |= _N_ALONE
        if not instruments[instrument, 2]:
            have |= _N_PLAYED
    return have


@compiled
def _choose(state: Array, book: BookArrays, language: Any, kind: int, have: np.uint32, usable: Array) -> Any:
    """A template of a language and kind whose facts are all known, the one that says more of two; -1 where there is
    none. ``usable`` is room for the numbers of all templates."""
    count, lacking = 0, ~have
    place = _KINDS * language + kind
    for template in range(book.kind_first[place], book.kind_first[place + 1]):
        usable[count] = template
        count += (book.template_need[template] & lacking) == 0
    if count == 0:
        return -1
    chosen = usable[_below(state, count)]
    if kind != _SHORT:
        other = usable[_below(state, count)]
        # one expression: with a branch around a return numba counts the references of all of the book's arrays, each
        # time, which takes longer than everything else that is done for a prompt
        return other if book.template_says[other] > book.template_says[chosen] else chosen
    return chosen


@compiled
def _fill(
    book: BookArrays, program: int, begin: int, at: int, values: Array, noun_agreement: int, state: Array, text: Array,
    spans: Array,
) -> int:  # fmt: skip
    """Writes a program's words into ``text`` from ``at`` and returns where they end; there is room for BLOCK bytes more
    behind them. ``begin`` is where the prompt
    begins, from which the places in ``spans`` (2, 3) are counted: the first free row takes the key."""
    article = 0
    for place in range(book.program_first[program], book.program_first[program + 1]):
        source = book.parts[place, 0]
        if source in (ARTICLE, ONE_ARTICLE):
            article = source
            continue
        group = book.parts[place, 1]
        if source != WORDS:
            agreement = book.parts[place, 3]
            if agreement == OF_THE_NOUN:
                agreement = noun_agreement
            elif agreement == OF_THE_INSTRUMENT:
                agreement = book.instruments[values[_S_INSTRUMENT], 0]
            if source in (_S_COMPOSER, _S_GENRE):
                group = book.named_first[group]
            group += values[source] * book.parts[place, 2] + agreement
        word = book.group_first[group]
        count = book.group_first[group + 1] - word
        if count > 1:
            word += _below(state, count)
        if article != 0:
            if article == ARTICLE and noun_agreement >= 2:
                text[at], text[at + 1], text[at + 2], text[at + 3], text[at + 4] = 115, 111, 109, 101, 32  # some
                at += 5
            else:
                text[at] = 97  # a
                at += 1
                if book.word_takes_an[word]:
                    text[at] = 110  # n
                    at += 1
                text[at] = 32
                at += 1
            article = 0
        start, first, last = at, book.word_first[word], book.word_first[word + 1]
        for byte in range(first, last, BLOCK):
            _copy_block(text, start + byte - first, book.text, byte)
        at += last - first
        if book.word_form[word] >= 0:
            free = 0 if spans[0, 2] < 0 else 1
            spans[free, 0], spans[free, 1], spans[free, 2] = start - begin, at - begin, book.word_form[word]
    return at


@compiled
def _capital(text: Array, at: int) -> None:
    """Makes the letter at ``at`` a capital, where it is one of a-z or of the Latin-1 letters in UTF-8."""
    if 97 <= text[at] <= 122:
        text[at] -= 32
    elif text[at] == 0xC3 and 0xA0 <= text[at + 1] <= 0xBE and text[at + 1] != 0xB7:
        text[at + 1] -= 32


class Written(NamedTuple):
    """What is written: ``text``, ``offsets`` (m + 1,), ``language``, ``kind``, ``claims``, ``template`` (m,) and
    ``spans`` (m, 2, 3), which is -1 before."""

    text: Array
    offsets: Array
    language: Array
    kind: Array
    claims: Array
    template: Array
    spans: Array


@compiled
def render(
    book: BookArrays, facts: Array, row: Array, shift: Array, seed: Array, done: int, longest: int, out: Written
) -> int:
    """Words the prompts from number ``done`` on until the text has no room for another one; returns how many there are.

    ``facts`` (n, 19), ``row``, ``shift``, ``seed`` (m,); ``longest``: bytes of a prompt at most.
    """
    values = np.zeros(_SOURCES, np.int64)
    state = np.zeros(1, np.uint64)
    usable = np.zeros(len(book.template_need) + 1, np.int32)
    while done < len(row) and out.offsets[done] + longest <= len(out.text):
        state[0] = seed[done]
        speech = np.int64(seed[done] & np.uint64(1))
        loop = facts[row[done]]
        have = _read(loop, shift[done], book.instruments, values)
        wanted = book.kind_draws[_below(state, len(book.kind_draws))]
        app = wanted == _APP and (have & _N_KEY) != 0 and (have & _N_BPM) != 0
        inner = book.inner_draws[_below(state, len(book.inner_draws))] if app else _ALWAYS if wanted == _APP else wanted
        chosen = _choose(state, book, speech, inner, have, usable)
        if chosen < 0:
            inner = _ALWAYS
            chosen = _choose(state, book, speech, inner, have, usable)
        manner = book.manner_draws[_below(state, len(book.manner_draws))]
        own = book.nouns[speech, loop[_ROLE], 1 if have & _N_HARMONY else 0]
        noun = own[0] + _below(state, own[2] if inner == _SHORT else own[1])
        values[_S_NOUN] = noun
        agreement = book.noun_agreement[speech, noun]
        start = at = begin = out.offsets[done]
        for step in range(0 if app else 1, 2):
            program = 0 if step == 0 else 1 + _MANNERS * chosen + manner
            start = at
            at = _fill(book, program, begin, at, values, agreement, state, out.text, out.spans[done])
        if manner != _CASUAL:
            _capital(out.text, start)
        said = np.int64(book.template_claims[chosen])
        if said & _FEEL_BIT:
            said = said ^ _FEEL_BIT | (_SWING_BIT if loop[_SWING] else _SYNCOPATED_BIT)
        out.offsets[done + 1] = at
        out.language[done] = speech
        out.kind[done] = _APP if app else inner
        out.claims[done] = said | _KEY_BITS if app else said
        out.template[done] = chosen
        done += 1
    return done
