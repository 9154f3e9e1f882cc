"""Long words of the lexicon with one letter wrong, missing, too many, or two in the wrong order (Damerau 1964)."""

from collections.abc import Iterator, Mapping
from typing import Final

from boumb_assets.prompts.reading.lexicon import KNOWN, LEXICON

SHORTEST: Final = 7  # letters of a word that is worth guessing at: shorter ones are too near to other words
# But for these, which are asked for most, and of which the four-letter ones may have a letter too many, no other slip.
SHORTER: Final = frozenset({
    "techno", "melody", "chords", "joyeux", "mineur", "majeur", "dorian", "lydien", "drums", "bossa", "house", "funky",
    "jazzy", "piano", "nappe", "accord", "violon", "dreamy", "sparse", "chill", "plutot",
    "without", "already", "instead", "actually", "finalement",
    "trap", "funk", "jazz", "lofi", "kick", "beat", "pads", "keys", "lead", "bass", "busy", "dark",
})  # fmt: skip
_ADDED_ONLY: Final = 4
_FIELDS: Final = frozenset({"role", "style", "scale", "mood", "density"})
# Words of both languages that are one slip from a word of the lexicon and mean something else, or nothing here.
_REAL_WORDS: Final = """
abusant abusing accordes adrienne ambiance ambience amount amusait amusent apaiser bacterie bacteries baseline bases
basis basks bassa bassi bassine basso bassy beano beant beast beate beaty beaut begat beurres bleat boss bosse bossu
bossy bougres bourdes bourrer bourses brass bushy busty calling calving camping chagrine chagrins chalet chalets
changee changees chargea charged charger chargers chargez charles charmee charmes child chile chili chiller chilli
chills chilly chomping chores chorus clammed clapier clomping combing coming coping copping cords cramped crowed
crowned darky decente defendu defendue defendus demente dependu depouiller depresses detecte detend detende detendre
detends detenu detenue detenues detenus drams dreading dreams dreary drues drugs drus durian effrayait energies
energize energizer energizes enerver enervez engaged engagee engagees engages enrager enrayee entrainait entrainent
epoques festins flottait flottent flouting flunk flunkies flunky fourmis fournee fournir fournit frottant fugueuse
funked funnies grandisse grandisses hardtop hebreux hose hoser hostie houe houle housed housse inquietait inquietee
inquietent inquieter inquietes inquietez javanese jazzed joyaux kicky leaden leads leady mariant marrait marrent
mastery menacait menacent meneur meneurs minceur miner miners mixeur nape napped nappy neveux obscured occulter
orientate passible passibles peches piani pimping placant plaintiff planait planent plantant plumping relating relaxer
relaxes relayed relaying remplir remplit replie replies reposait reposent revere reveres revers reverse reverses
shakes shavers smething smoothing snared sobres sombrer somethin someting somthing spare spares spars springs stings
stresser stressez stringy survole suspens taquiner taquinez tenders tenues touffe touffes towline tramp trapa traps
trapu trumped veneers veneree venerer venerez ventres violant violence violences violet violets violette violettes
voiding volent volons wishful
"""
_REAL: Final = frozenset(_REAL_WORDS.split())


def _letters_left(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _shortened() -> dict[str, tuple[str, ...]]:
    """By what is left of a word without one of its letters, or with all: the words."""
    targets = sorted(
        word
        for word, meaning in LEXICON.items()
        if (word in SHORTER or (len(word) >= SHORTEST and meaning.field in _FIELDS)) and word.isalpha()
    )
    left: dict[str, tuple[str, ...]] = {}
    for word in targets:
        for rest in (word, *_letters_left(word)):
            left[rest] = (*left.get(rest, ()), word)
    return left


_SHORTENED: Final[Mapping[str, tuple[str, ...]]] = _shortened()


def respelt(word: str) -> str:
    """The long word of the lexicon that ``word`` is one slip from, with the same first letter; else ``word`` itself."""
    if word in KNOWN or word in _REAL or len(word) > 20:
        return word
    return _guess(word) or word


def _one_slip(word: str, target: str) -> bool:
    """Whether one letter changed, added, dropped, or two neighbours swapped make ``target`` of ``word``."""
    if len(word) == len(target):
        wrong = [place for place in range(len(word)) if word[place] != target[place]]
        if len(wrong) == 1:
            return True
        return (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and word[wrong[0]] == target[wrong[1]]
            and word[wrong[1]] == target[wrong[0]]
        )
    longer, shorter = (word, target) if len(word) > len(target) else (target, word)
    return len(longer) == len(shorter) + 1 and shorter in _letters_left(longer)


def _guess(word: str) -> str | None:
    for rest in (word, *_letters_left(word)):
        for target in _SHORTENED.get(rest, ()):
            if (
                target[0] == word[0]
                and (len(target) > _ADDED_ONLY or len(word) > len(target))
                and _one_slip(word, target)
            ):
                return target
    return None
