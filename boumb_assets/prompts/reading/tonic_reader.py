"""Every root that a free text names, by letter, by do ré mi or by a chord symbol.

"a", "la", "do", "si" and "d" are words too: each counts as a root only in a place where it cannot be that word.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from boumb_assets.prompts.reading.certainty import Evidence
from boumb_assets.prompts.reading.folding import Tokens
from boumb_assets.prompts.reading.mentions import Mention
from boumb_assets.prompts.reading.root_names import FLATS, NATURALS, SHIFTS, SYLLABLES, chords_in, elided, spelled
from boumb_assets.prompts.reading.root_neighbours import (
    ABOUT,
    AFTER_A_SCALE,
    CLOSERS,
    INSTEAD,
    INTRODUCTIONS,
    LINKS,
    MOVES,
    NOT,
    PAUSES,
    STOPS,
    SURE,
    THINGS,
    UNMISTAKABLE,
)
from boumb_assets.prompts.reading.scale_words import SHORT
from boumb_assets.prompts.reading.scope import Meant

_STRONG, _PLAIN, _FAINT = 5, 4, 3


@dataclass(frozen=True, slots=True)
class Tonic:
    """A root that the text names at token ``first``, with the scale that stands with it."""

    root: int
    scale: str | None
    evidence: Evidence
    rank: int
    first: int
    turn: int = 0


def tonics_in(tokens: Tokens, mentions: list[Mention], found: Meant) -> list[Tonic]:
    """The roots of a text, in no order."""
    return list(_TonicReader(tokens, mentions, found).tonics())


class _TonicReader:
    def __init__(self, tokens: Tokens, mentions: list[Mention], found: Meant) -> None:
        self.tokens, self.found = tokens, found
        self.scales = {claim.first: claim for claim in found.of("scale")}
        self.scale_ends = {claim.end for claim in self.scales.values()}
        self.taken = {
            place
            for mention in mentions
            if mention.meaning.field != "scale"
            for place in range(mention.first, mention.end)
        }
        self.starts = {mention.first for mention in mentions}
        self.ends = {mention.end for mention in mentions if mention.meaning.field in ("role", "style")}

    def tonics(self) -> Iterator[Tonic]:
        for place, text in enumerate(self.tokens.texts):
            if (text in NATURALS or text in FLATS) and place not in self.taken and not elided(self.tokens, place):
                tonic = None if self._surely_article(place) else self._tonic(place)
                if tonic is not None:
                    yield tonic
        yield from self._chords()

    def _surely_article(self, place: int) -> bool:
        """Whether an "a" stands before a plain word, and after nothing that could introduce a root."""
        before, after = self.tokens.at(place - 1), self.tokens.at(place + 1)
        return (
            self._cased(place) == "a"
            and after.isalpha()
            and place + 1 not in self.scales
            and not (after in SHORT or after in SHIFTS or after in ABOUT)
            and not (before in INTRODUCTIONS or before in LINKS or before in AFTER_A_SCALE)
        )

    def _tonic(self, place: int) -> Tonic | None:
        number, end, marked = spelled(self.tokens, place, self.taken)
        if self._article_and_adjective(place, marked) or self._refused(place):
            return None
        turn = self.found.turns[place]
        introduced = self._introduced(place)
        scale = self._scale_at(end)
        if scale is not None:
            value, start, far, denied = scale
            if denied:
                return None
            if marked or far or self._is_root(place, start, introduced):
                return Tonic(number, value, "key", _STRONG if introduced else _PLAIN, place, turn)
            return Tonic(number, None, "tonic", _FAINT, place, turn) if self._opens_with_a_key(place, start) else None
        if introduced and self._ends_there(place, end, marked):
            return Tonic(number, None, "introduced", _PLAIN, place, turn)
        if self._stands_out(place, end, marked):
            return Tonic(number, None, "tonic", _FAINT, place, turn)
        return None

    def _article_and_adjective(self, place: int, marked: str) -> bool:
        """Whether "a sharp", "a flat" is no root."""
        return marked in ("sharp", "flat") and self.tokens.texts[place] == "a" and self._cased(place) != "A"

    def _cased(self, place: int) -> str:
        return self.tokens.folded.cased[self.tokens.starts[place] : self.tokens.ends[place]]

    def _refused(self, place: int) -> bool:
        before = place - 1
        if self.tokens.at(before) in ("en", "in"):
            before -= 1
        return self.tokens.at(before) in NOT or (self.tokens.at(before - 1), self.tokens.at(before)) in INSTEAD

    def _scale_at(self, place: int) -> tuple[str | None, int, bool, bool] | None:
        """The scale right after a root: its name, where it starts, whether words about keys part the two, and whether
        it is refused."""
        tokens, start = self.tokens, place
        text = tokens.at(place)
        if text in SHORT and place not in self.starts:
            return SHORT[text], place, text == "m", False
        if text in ("-", ",", "/"):
            place += 1
        elif tokens.at(start - 1) in ("a", "la") and text in ABOUT:  # "la gamme", "a scale"
            return None
        parted = tokens.at(start) in (",", "/") and tokens.at(place) in ABOUT
        while place not in self.scales and (
            tokens.at(place) in ABOUT or (place > start and tokens.at(place) in ("de", "du"))
        ):
            place += 1
        claim = self.scales.get(place)
        if claim is None or (place == start + 1 and tokens.at(start) in (",", "/") and claim.kind != "named"):
            return None
        value = None if claim.kind == "pentatonic" else claim.value
        return value, place, parted or place > start + 1, claim.denied == "no"

    def _introduced(self, place: int) -> bool:
        """Whether the words before a root say that one comes."""
        before = place - 1
        while self.tokens.at(before) in LINKS and place - before <= 2:
            before -= 1
        word = self.tokens.at(before)
        if word in INTRODUCTIONS and before not in self.taken:
            return word not in ("en", "in", "ton") or before == place - 1
        text = self.tokens.texts[place]
        if place in self.scale_ends and (text in UNMISTAKABLE or (self._cased(place).isupper() and text != "a")):
            return True  # "double harmonic G"
        if self.tokens.at(place - 1) == "to" and self._cased(place).isupper():
            return any(self.tokens.at(place - back) in MOVES for back in range(2, 6))
        if self.tokens.at(place - 1) in AFTER_A_SCALE:
            return any(
                self.tokens.at(place - back) in ABOUT or place - back + 1 in self.scale_ends for back in range(2, 6)
            )
        return False

    def _is_root(self, place: int, scale: int, introduced: bool) -> bool:
        """Whether the word before a scale's name is a root and not an article, a verb or an "if"."""
        text = self.tokens.texts[place]
        claim = self.scales.get(scale)
        if text in ("a", "do", "si") and claim is not None and claim.kind == "implied":  # "play a blues"
            after = self.tokens.at(claim.end)
            numbered = after[:1].isdigit() or (after in (",", "|", "/") and self.tokens.at(claim.end + 1)[:1].isdigit())
            return self._cased(place).isupper() and (place > 0 or numbered)
        if text == "a":
            return self._is_the_note_a(place, claim.end if claim else scale + 1, introduced)
        if text == "do" and claim is not None and claim.language == "en":
            return introduced
        if text == "la" and claim is not None and claim.phrase.endswith(("e", "es")) and claim.language == "fr":
            return introduced
        return True

    def _is_the_note_a(self, place: int, end: int, introduced: bool) -> bool:
        """Whether an "a" before a scale is the note: written large inside a sentence or before a short form ("A min"),
        or with nothing left to be the article of ("in a minor", but not "a minor bass")."""
        if self._cased(place) == "A" and (self.tokens.at(place + 1) in SHORT or not self._opens(place)):
            return True
        if introduced and self.tokens.at(end) not in THINGS:
            return True
        return self._closed(end)

    def _opens(self, place: int) -> bool:
        """Whether a sentence begins there."""
        return place == 0 or self.tokens.at(place - 1) in STOPS

    def _opens_with_a_key(self, place: int, scale: int) -> bool:
        """Whether a sentence that begins "A minor bassline" names a key there: minor and major are what keys are, and
        seldom what a bassline is."""
        claim = self.scales.get(scale)
        if self._cased(place) != "A" or claim is None or self.tokens.at(claim.end) in THINGS:
            return False
        return claim.value.endswith(("major", "minor"))

    def _closed(self, place: int) -> bool:
        text = self.tokens.at(place)
        if text == "-":
            return not self.tokens.touches(place + 1)
        return text in CLOSERS or text in PAUSES or text[0].isdigit()

    def _ends_there(self, place: int, end: int, marked: str) -> bool:
        """Whether an introduced root is one: "in a 120 bpm loop" and "il y en a." hold none."""
        text, before = self.tokens.texts[place], self.tokens.texts[place - 1]
        if marked:
            return True
        if text == "a":
            if before in ("en", "in"):
                return (self._cased(place) == "A" and self._closed(end)) or (
                    before == "in" and self.tokens.at(end) in ("", ",")
                )
            return self._closed(end)
        if text in SURE and self.tokens.at(end) not in ("-", "'"):
            return True
        return self._closed(end) or end in self.starts

    def _stands_out(self, place: int, end: int, marked: str) -> bool:
        """Whether a root without any introduction carries an accidental that nothing else is written with, or stands
        by itself between two pauses."""
        text, cased = self.tokens.texts[place], self._cased(place)
        if marked == "b":
            after_number = self.tokens.at(place - 1)[:1].isdigit()
            if text in FLATS and len(text) == 2:
                return cased[0].isupper() and cased[1] == "b" and not after_number
            return text in ("sib", "mib", "reb", "solb") or text in SYLLABLES
        if marked:
            return marked != "#" or self.tokens.touches(place + 1)
        opens = self._pauses(place - 1) or place in self.ends or self.tokens.at(place - 1) == "bpm"
        number_after = self.tokens.at(end)[:1].isdigit() and not self.tokens.touches(end)
        closes_the_sentence = place > 0 and self.tokens.at(end) in STOPS  # but "B. Dylan"
        alone = opens and (self._pauses(end) or number_after or closes_the_sentence)
        return alone and len(self.tokens) > 1 and (text in UNMISTAKABLE or cased in "BCDEFG")

    def _pauses(self, place: int) -> bool:
        text = self.tokens.at(place)
        return text in ("", ",", "/", "|", ";") or (text == "-" and not self.tokens.touches(place + 1))

    def _chords(self) -> Iterator[Tonic]:
        for chord in chords_in(self.tokens.folded):
            place = bisect_left(self.tokens.starts, chord.start)
            if place not in self.taken and not self._refused(place):
                yield Tonic(chord.root, chord.scale, "chord", _PLAIN, place, self.found.turns[place])
