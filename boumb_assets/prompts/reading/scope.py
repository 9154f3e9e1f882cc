"""How what a text mentions is meant: asked for, refused, there already, or said instead of what came before."""

from dataclasses import dataclass, field, replace
from typing import Final

from boumb_assets.prompts.reading.folding import Tokens
from boumb_assets.prompts.reading.mentions import Mention

ASKED: Final = 3
KNOWN: Final = 2  # "the bass", which nobody asks for in so many words
BESIDE: Final = 1  # named beside something else: it is meant where nothing else is
NEVER: Final = 0  # plays already

_STOPS: Final = frozenset(".!?;")
_PAUSES: Final = frozenset(',:()/|\\+"*•>→…')
_PREPOSITIONS: Final = frozenset({"in", "en", "at", "dans"})
_REACH: Final = {"no": 6, "less": 3}  # tokens from a denial to what it denies
_BESIDE_REACH, _OWN_REACH, _WITH_REACH = 6, 3, 5
_DONE: Final = frozenset({"deja", "already"})
_DEFINITE: Final = frozenset({"la", "le", "les", "l", "the"})


@dataclass(frozen=True, slots=True)
class Claim:
    """What one mention says of one field. ``denied``: by ``no`` or by ``less``; ``turn``: how many corrections came
    before, where it belongs to one, else 0."""

    field: str
    value: str
    kind: str
    language: str
    phrase: str
    first: int
    end: int
    rank: int
    denied: str = ""
    misspelt: bool = False
    turn: int = 0


@dataclass(frozen=True)
class Meant:
    """The claims of a text, in order, and by token the number of the correction that it belongs to, 0 for none."""

    claims: list[Claim]
    turns: list[int]

    def of(self, name: str) -> list[Claim]:
        """The claims about one field."""
        return [claim for claim in self.claims if claim.field == name]


def meant(tokens: Tokens, mentions: list[Mention]) -> Meant:
    """Each mention as it is meant."""
    walk = _Walk(tokens)
    starts = {mention.first: mention for mention in mentions}
    place, count = 0, len(tokens)
    while place < count:
        mention = starts.get(place)
        if mention is None:
            walk.pass_token(place)
            place += 1
        else:
            walk.pass_mention(mention)
            place = mention.end
    walk.close(count)
    turns = [0] * count
    if not walk.turns:
        return Meant(walk.claims, turns)
    for turn, (first, end) in enumerate(walk.turns, 1):
        turns[first:end] = [turn] * (end - first)
    return Meant([replace(claim, turn=turns[claim.first]) for claim in walk.claims], turns)


@dataclass
class _Walk:
    """What is in force at a place of the text."""

    tokens: Tokens
    claims: list[Claim] = field(default_factory=list)
    turns: list[tuple[int, int]] = field(default_factory=list)
    denial: str = ""
    denial_language: str = ""
    denied_from: int = 0
    denied: Claim | None = None
    beside_from: int = -1
    beside_met: bool = False
    has: bool = False
    own_from: int = -99
    with_from: int = -99
    changes: bool = False
    asked: bool = False
    joined: bool = False
    clause: int = 0
    clause_claims: int = 0
    turn_from: int = -1
    turn_said: bool = False

    def pass_token(self, place: int) -> None:
        """Goes past a token that no phrase of the lexicon has."""
        text = self.tokens.texts[place]
        if text in _STOPS or text in _PAUSES or (text == "-" and not self.tokens.touches(place + 1)):
            self._pause(place, text in _STOPS)
        elif text in _PREPOSITIONS and self.denied is not None:
            self._affirm()
        elif text[0].isdigit():
            self.turn_said = True

    def pass_mention(self, mention: Mention) -> None:
        """Goes past a phrase of the lexicon."""
        if mention.meaning.field == "scope":
            getattr(self, f"_{mention.meaning.value}")(mention)  # each value of SCOPES has its method
        elif mention.meaning.field:
            self._claim(mention)

    def close(self, place: int) -> None:
        """Ends a correction before ``place``."""
        if self.turn_from >= 0:
            self.turns.append((self.turn_from, place))
        self.turn_from, self.turn_said = -1, False

    def _pause(self, place: int, stop: bool) -> None:
        self._affirm()
        self.beside_from, self.has, self.own_from, self.with_from, self.joined = -1, False, -99, -99, False
        self.clause, self.clause_claims, self.asked = place + 1, len(self.claims), False
        if stop:
            self.changes = False
        if self.turn_said:
            self.close(place)

    def _affirm(self) -> None:
        self.denial, self.denied = "", None

    def _claim(self, mention: Mention) -> None:
        meaning = mention.meaning
        self.turn_said = True
        claim = Claim(
            meaning.field, meaning.value, meaning.kind, meaning.language, mention.phrase, mention.first, mention.end,
            self._rank_of(mention), self._denial_of(mention), mention.misspelt,
        )  # fmt: skip
        if claim.denied:
            self.denied = claim
        elif self.denial:
            self._affirm()
        self.joined = False
        self.claims.append(claim)

    def _denial_of(self, mention: Mention) -> str:
        """The denial that reaches ``mention``: up to the first thing that it denies, and from there to what is joined
        to it or is one name with it."""
        if not self.denial:
            return ""
        last = self.denied
        if last is None:
            return self.denial if mention.first - self.denied_from <= _REACH[self.denial] else ""
        if self.joined:
            return self.denial if mention.meaning.field == last.field else ""
        if self.denial == "less" or mention.first > last.end + 1:
            return ""
        if last.field != "role":
            return self.denial
        return self.denial if self.denial_language == "fr" and mention.meaning.field != "role" else ""

    def _rank_of(self, mention: Mention) -> int:
        if mention.meaning.field != "role":
            return ASKED
        rank = self._rank(mention)
        if mention.meaning.kind == "rhythm":  # that of the loop, where nobody asks for one
            return KNOWN if rank == ASKED else NEVER
        return rank

    def _rank(self, mention: Mention) -> int:
        if self.beside_from >= 0:
            if not self.beside_met and mention.first - self.beside_from <= _BESIDE_REACH:
                self.beside_met = True
                return NEVER
            if self.beside_met and self._goes_on(mention):
                return NEVER
            self.beside_from = -1
        if self.has:
            return NEVER
        beside = mention.first - self.with_from <= _WITH_REACH
        if mention.first - self.own_from <= _OWN_REACH:
            return BESIDE if self.changes or beside else NEVER
        if beside or self.changes:
            return BESIDE
        article = next((back for back in (1, 2, 3) if self.tokens.at(mention.first - back) in _DEFINITE), 0)
        if article and self.tokens.at(mention.first - article - 1) == "a":  # "à la flûte"
            return BESIDE
        return KNOWN if article and not self.asked else ASKED

    def _goes_on(self, mention: Mention) -> bool:
        """Whether the role is of one name with the last one, or joined to it."""
        last = next((claim for claim in reversed(self.claims) if claim.field == "role"), None)
        return self.joined or (last is not None and mention.first <= last.end + 1)

    def _no(self, mention: Mention) -> None:
        before, after = self.tokens.at(mention.first - 1), self.tokens.at(mention.end)
        if mention.phrase == "pas" and before[:1].isdigit():  # sixteen steps
            return
        if mention.phrase == "no" and (after in (",", ".", "!", "") or after[0].isdigit()):
            self._fix(mention)
            return
        self._less(mention, "no")

    def _less(self, mention: Mention, denial: str = "less") -> None:
        self.denial, self.denial_language, self.denied_from = denial, mention.meaning.language, mention.end
        self.denied, self.with_from = None, -99

    def _open(self, mention: Mention) -> None:
        """A denial that denies nothing."""

    def _but(self, mention: Mention) -> None:
        self._affirm()
        self.beside_from, self.has, self.own_from, self.with_from = -1, False, -99, -99

    def _beside(self, mention: Mention) -> None:
        if self.denied is not None:
            self._affirm()
        self.beside_from, self.beside_met = mention.end, False

    def _have(self, mention: Mention) -> None:
        if mention.phrase in _DONE and not self.asked:
            self._stop(mention)
        self.has = True

    def _stop(self, mention: Mention) -> None:
        """What the clause named so far is not asked for."""
        for place in range(self.clause_claims, len(self.claims)):
            if self.claims[place].field == "role":
                self.claims[place] = replace(self.claims[place], rank=NEVER)
        self.clause_claims = len(self.claims)

    def _own(self, mention: Mention) -> None:
        self.own_from = mention.end

    def _change(self, mention: Mention) -> None:
        self.changes = True

    def _with(self, mention: Mention) -> None:
        if self.denied is not None:
            self._affirm()
        if self.beside_met:
            self.beside_from = -1
        self.with_from = mention.end

    def _and(self, mention: Mention) -> None:
        self.joined = True

    def _ask(self, mention: Mention) -> None:
        self.has, self.beside_from, self.own_from, self.with_from, self.asked = False, -1, -99, -99, True

    def _fix(self, mention: Mention) -> None:
        self.close(mention.first)
        self.turn_from = mention.end
        self._but(mention)

    def _late(self, mention: Mention) -> None:
        if self.turn_from < 0:
            self.turns.append((self.clause, mention.first))
            self.clause = mention.end
