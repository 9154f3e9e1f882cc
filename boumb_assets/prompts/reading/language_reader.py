"""Whether a request is in French or English."""

import re
from itertools import pairwise
from typing import Final

from boumb_assets.contracts.loop_request import Language
from boumb_assets.prompts.reading.folding import Tokens
from boumb_assets.prompts.reading.mentions import Mention

_FRENCH: Final = """
le la les un une des de du en avec sans pour sur dans et qui que est je tu il nous vous moi mon ma mes ton ta
fais donne compose cree ecris veux voudrais aimerais faut peux quelque chose boucle mesures mesure basse basses
ligne gamme tonalite diese bemol do re mi fa sol si grave aigu aigue ambiance morceau facon genre grosse gros tache
salut bonjour merci plait au aux ou plus trop rythme syncope syncopee swingue esprit cherche partie grille
cent vingt trente soixante quatre deux trois cinq sept huit dix pas ni ca jveux jveu jvoudrais stp svp bien
tres peu son sa se ce cette ces elle on leur lui ai as avait etre fait faire mets mettre comme mais juste rien toujours
encore aussi alors donc fond debut fin couplet refrain voix guitare synthe lourde lourd sale gras grasse ronde rond
vite lent lente lentement rapide autour vers environ entre sous puis quand chanson musique tempo plutot finalement
non oui ouais quoi truc machin petit petite belle beau bon bonne douce doux chaude chaud froid froide jvoudrai rapides
qqch qqchose pr ds ke ki pk mtn sympa cool frere mec wesh bref voila bah euh allez vas hesite besoin envie
montre balance sors trouve propose joue jouer jouee tape tapent claque cogne cognent
"""
_ENGLISH: Final = """
the an of in with without for and that this is my me i you your we it make give write create want need would
like please can could something loop bars bar key low high notes hits two four mood track tune at around swing swung
syncopated register some about line pattern style feel progression part do any ideas idea vibe got really rather
slightly modern played guitar organ strings string electric acoustic flute trumpet violin love classical chord let say
drop hello today over runs missing hear film scene hundred ninety eighty seventy sixty fifty one three five six seven
eight nine ten twenty thirty forty not no but just only under then when where how what who which be are was were been
has have had will should he she they them his her our us on to from by as if so too very more less into out up down
off slow fast slowly quick heavy fat deep warm thick punchy groovy dirty nasty smooth clean simple little big long short
old new good nice great sweet hot cold cool bouncy catchy rolling driving beats song music sound sounds verse chorus
bridge intro outro build wait actually sorry thanks hey hi yo dude man bro lol gonna wanna gimme im dont thats
add put steps time play playing plays keep kind sort type through between every each
"""
_FRENCH_WORDS: Final = frozenset(_FRENCH.split())
_ENGLISH_WORDS: Final = frozenset(_ENGLISH.split())
_FRENCH_SIGNS: Final = re.compile(r"[éèêëàâçùûôîïœ]", re.IGNORECASE)
_MOST_SIGNS: Final = 3  # accents that count
_QUALIFIERS: Final = frozenset({"style", "scale", "density", "mood"})


def read_language(text: str, tokens: Tokens, mentions: list[Mention]) -> Language:
    """English where more of its words than of French are in ``text``; French otherwise, as the studio's users mostly
    are."""
    french = sum(word in _FRENCH_WORDS for word in tokens.texts)
    english = sum(word in _ENGLISH_WORDS for word in tokens.texts)
    french += sum(mention.meaning.language == "fr" for mention in mentions if mention.meaning.field)
    english += sum(mention.meaning.language == "en" for mention in mentions if mention.meaning.field)
    if not text.isascii():
        french += min(_MOST_SIGNS, len(_FRENCH_SIGNS.findall(text)))
    if french == english:  # "techno lead" or "lead techno": the adjective stands before the noun in English alone
        english += _qualified_before(mentions)
    return "en" if english > french else "fr"


def _qualified_before(mentions: list[Mention]) -> bool:
    """Whether a style, a scale, a density or a mood stands right before a role, or an instrument before its part."""
    return any(
        second.meaning.field == "role"
        and (first.meaning.field in _QUALIFIERS or (first.meaning.kind, second.meaning.kind) == ("instrument", "part"))
        and first.end == second.first
        for first, second in pairwise(mentions)
    )
