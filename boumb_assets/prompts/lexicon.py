"""The words, French and English, by which a request names a role, a style, a scale, a mood: regular expressions over
folded text (lower case, no accents)."""

from typing import Final

# Where a word of the vocabulary is none: blanked before anything is read.
FALSE_FRIENDS: Final[tuple[str, ...]] = (
    r"drum(?:s)?[ -]?(?:and|n|'n'|&|et)[ -]?bass",  # a genre of its own, neither drums nor a bass
    r"bass(?= drum)",
    r"basses?(?=[ -](?:densite|frequence|vitesse|intensite|resolution|fidelite|qualite|voix))",
    r"voix basse",
    r"beats?(?= per minute)",
    r"(?<=[0-9] )beats?",
    r"(?:in|full|ware|open)[ -]house",
    r"majeure partie|force majeure|cas de force majeur",
    r"(?:major|minor) (?:label|change|tweak|issue|problem|detail|update|league|role|part of|edit|adjustment)s?",
    r"(?:probleme|detail|changement|role|ajustement)s? (?:mineur|majeur)e?s?",
    r"heavy metal|trap door|key ?board shortcut",
)

ROLE_WORDS: Final[dict[str, str]] = {
    "bass": r"(?:contre|sub[ -]?)?basse?s?|(?:sub[ -]?)?bass[ -]?lines?|ligne melodique de basse|bass guitar|slap",
    "lead": r"ligne melodique|melod(?:ies?|y)|themes?|leads?|top[ -]?lines?|riffs?|hooks?|"
    r"arpeg(?:es?|gios?|giators?)|solos?|"
    r"flutes?|sax(?:ophones?)?|trompettes?|trumpets?|violons?|violins?",
    "keys": r"accords?|chords?|keys|keyboards?|claviers?|pianos?|e[ -]?pianos?|rhodes|wurlitzer|orgues?|organs?|stabs?",
    "pad": r"nappes?|pads?|strings|cordes|drones?",
    "drums": r"batteries?|drum(?:s|[ -]?(?:beats?|loops?|patterns?|kits?|machines?))?|beats?|rythmiques?|"
    r"percu(?:s|ssions?)?|percussions?|boite a rythmes?|break[ -]?beats?|kicks?|snares?|"
    r"hi[ -]?hats?|charleys?|charlestons?",
}
# The head of a compound: "mélodie de basse" is a bass, "bass melody" too; "organ bassline" is a bass and no organ.
_PLAYED: Final = r"(?:pianos?|organ|flute|sax(?:ophone)?|trumpet|violin|strings?)"
COMPOUND_ROLES: Final[dict[str, str]] = {
    "bass": r"(?:melodie|theme|riff|solo|lead|accords?) de (?:contre)?basse|bass (?:melody|riff|solo|hook|theme|part)|"
    rf"{_PLAYED} bass(?:[ -]?lines?| part)?",
    "lead": rf"{_PLAYED} (?:melod(?:y|ies)|leads?|themes?|top[ -]?lines?)",
    "drums": r"(?:solo|riff|theme) de batterie|drum (?:solo|riff)",
    "keys": r"(?:riff|solo) de (?:piano|clavier)|(?:piano|organ|keyboard) (?:riff|solo|part)|"
    rf"{_PLAYED} (?:chords?|keys)",
    "pad": rf"{_PLAYED} pads?",
}

STYLE_WORDS: Final[dict[str, str]] = {
    "funk": r"funk(?:y|ie|ies)?",
    "house": r"house",
    "techno": r"techno",
    "lo-fi": r"lo[ -]?fi|low[ -]fi|chill[ -]?hop",
    "dub": r"dub",
    "trap": r"trap",
    "jazz": r"jazz(?:y|ie|ies)?",
    "ambient": r"ambiente?s?|ambiante?s?",
    "chiptune": r"chip[ -]?tunes?|(?:8|huit)[ -]?bits?|game[ -]?boy",
    "bossa": r"bossa(?:[ -]?nova)?",
}
STYLE_ADJECTIVE: Final = r"(?:funk|jazz)(?:y|ie|ies)"  # qualifies the genre beside it and yields to it

SCALE_WORDS: Final[dict[str, str]] = {  # longest first within a reading: the order matters
    "pentatonic_minor": r"pentatoni(?:c|que)s?[ _-](?:mineure?s?|minor)|(?:mineure?|minor)[ _-]pentatoni(?:c|que)",
    "pentatonic_major": r"pentatoni(?:c|que)s?[ _-](?:majeure?s?|major)|(?:majeure?|major)[ _-]pentatoni(?:c|que)",
    "phrygian_dominant": r"phrygi(?:an|enne|en)[ _-]dominante?",
    "double_harmonic": r"double[ _-]harmoni(?:c|que)(?:[ _-](?:majeure?|major))?",
    "mixolydian": r"mixo[ -]?lydi(?:an|enne|en)",
    "lydian": r"lydi(?:an|enne|en)",
    "dorian": r"dori(?:an|enne|en)",
    "phrygian": r"phrygi(?:an|enne|en)",
    "hirajoshi": r"hira[ -]?joshi",
    "insen": r"in-?sen",
    "iwato": r"iwato",
    "blues": r"blues(?:y)?",
    "minor": r"(?:harmonic |natural |melodic )?minor|mineure?s?|aeolian|eoli(?:enne|en)",
    "major": r"majeure?s?|major|ioni(?:an|enne|en)",
}
# An instrument or a manner that stands for a scale; it holds only where no scale is named.
SCALE_HINTS: Final[dict[str, str]] = {
    "hirajoshi": r"kotos?|japonais(?:e|es)?|japanese",
    "phrygian_dominant": r"flamenco|freygish|(?:gamme|mode) espagnole?|spanish (?:scale|mode)",
    "double_harmonic": r"byzantin(?:e|es|s)?|byzantine|gamme orientale|arabic scale",
}

MOODS: Final[dict[str, str]] = {
    "dark": r"sombres?|dark|noirs?|obscure?s?|tenebreu(?:x|se|ses)",
    "joyful": r"joyeu(?:x|se|ses)|gaie?s?|happy|joyful|cheerful|heureu(?:x|se|ses)|enjouee?s?|festi(?:f|fs|ve|ves)",
    "calm": r"calm(?:e|es)?|relax(?:ed|ing|ante?s?)?|chill|paisibles?|peaceful|serene?s?|apaisante?s?|tranquilles?",
    "tense": r"tendue?s?|tense|angoissante?s?|anxious|inquietante?s?|stressante?s?",
    "melancholic": r"melancoliques?|melanchol(?:ic|y)|tristes?|sad|nostalgi(?:ques?|c)",
    "energetic": r"energiques?|energetic|punchy|dynamiques?|peches?|upbeat",
    "dreamy": r"reveu(?:r|rs|se|ses)|planante?s?|dreamy|floating|onirique?s?|ethere(?:e|es|s)?|ethereal",
    "aggressive": r"agressi(?:f|fs|ve|ves)|aggressive|violente?s?|furieu(?:x|se|ses)|angry",
    "soft": r"dou(?:x|ce|ces)|soft|gentle|tendres?|tender",
    "bright": r"lumineu(?:x|se|ses)|bright|eclatante?s?|ensoleillee?s?|sunny",
    "mysterious": r"mysterieu(?:x|se|ses)|mysterious|enigmatiques?",
    "warm": r"chaleureu(?:x|se|ses)|chaude?s?|warm",
    "epic": r"epi(?:c|ques?)|heroi(?:c|ques?)|grandioses?",
}

_THINGS: Final = r"(?:notes?|coups|frappes|hits|sons|elements?)"
DENSITY_WORDS: Final[dict[str, str]] = {  # the medium first: "moyennement dense" is not "dense"
    "medium": r"densite (?:moyenne|medium)|(?:medium|moderate|average) density|density medium|"
    r"moyennement (?:dense|charge)e?s?",
    "low": rf"peu de {_THINGS}|epuree?s?|clairsemee?s?|minimal(?:e|es|istes?|ist)?|aeree?s?|sparse|few {_THINGS}|"
    rf"(?:low|sparse) density|density low|(?:faible|basse) densite|densite (?:faible|basse)|peu (?:dense|charge)e?s?",
    "high": rf"denses?|chargee?s?|(?:beaucoup|plein) de {_THINGS}|busy|fournie?s?|(?:many|lots of) {_THINGS}|"
    rf"high density|density high|(?:forte|haute) densite|densite (?:elevee|forte|haute)|touffue?s?",
}

NEGATION: Final = (
    r"(?:\bsans|\bpas (?:de|trop|tres)|\bpas|\bpas d'|\bni|\baucune?|\bno|\bwithout|\bnot(?: too| very)?|\bless|\bmoins"
    r"|\bnon)(?: (?:the|any|a|la|le|les|de))?[ -]?$"
)

_FRENCH: Final = """
le la les un une des de du en avec sans pour sur dans et qui que est je tu il nous vous moi mon ma mes ton ta
fais donne compose cree ecris veux voudrais aimerais faut peux quelque chose boucle mesures mesure basse basses
ligne batterie rythmique nappe nappes accords accord melodie theme clavier claviers mineur mineure majeur
majeure gamme tonalite dorien lydien phrygien mixolydien pentatonique diese bemol do re mi fa sol si sombre
joyeux joyeuse calme tendu tendue triste energique reveur reveuse planant planante agressif agressive doux douce
lumineux lumineuse mysterieux mysterieuse chaleureux chaleureuse epique grave aigu aigue densite faible moyenne
elevee peu beaucoup coups deux quatre ambiance morceau facon genre grosse gros tache salut bonjour merci plait
au aux ou plus trop rythme syncope syncopee swingue epure epuree esprit melancolique chargee cherche partie grille
calmes tristes gaie gai paisible nostalgique apaisant apaisante angoissant angoissante inquietant inquietante
"""
_ENGLISH: Final = """
the an of in with without for and that this is my me i you your we it make give write create want need would
like please can could something loop bars bar bass bassline melody drums drum chords keys pads scale minor major
dorian lydian phrygian mixolydian pentatonic sharp flat key dark joyful happy calm tense sad energetic dreamy
aggressive soft bright mysterious warm epic low high medium density sparse busy few many notes hits two four
mood track tune at around swing swung syncopated register melancholic some about line pattern style feel progression
part do any ideas idea vibe got really rather slightly cheerful joyful peaceful relaxed anxious nostalgic modern played
guitar organ strings string electric acoustic flute trumpet violin love classical romantic chord let say drop hello
today over runs missing hear film scene
"""
FRENCH_WORDS: Final = frozenset(_FRENCH.split())
ENGLISH_WORDS: Final = frozenset(_ENGLISH.split())
