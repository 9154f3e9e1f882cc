"""The words by which the second reading finds a claim in a prompt: regular expressions over folded text (lower case, no
accents), of its own, beside what the reader of requests reads."""

import re
from typing import Final

REGISTERS: Final[dict[str, str]] = {
    "low": r"\bgraves?\b|\blow[ -](?:register|pitched)|\bdown low\b",
    "mid": r"\bmediums\b|\b(?:dans le|registre) medium\b|\bmid(?:dle)? (?:register|range)\b",
    "high": r"\baigue?s?\b|\bhigh[ -](?:register|pitched)|\bup high\b",
}
SWING: Final = r"\bswing(?:ue(?:e|s|es)?|ing)?\b|\bswung\b"
SYNCOPATED: Final = r"\bsyncop\w+"
ARTICULATIONS: Final[dict[str, str]] = {
    "staccato": r"\bstaccato\b|\bnotes detachees\b|\bdetached notes\b",
    "legato": r"\blegato\b|\bnotes liees\b|\bconnected notes\b",
}
HARMONIES: Final[dict[str, str]] = {
    "one chord": r"\bun seul accord\b|\bsans changer d'accord\b|\b(?:a single|one) chord\b(?! (?:loop|part|prog))",
    "slow": r"\b(?:changent|bouge) lentement\b|\bslow(?: chord changes|-moving harmony)\b",
    "quick": r"\b(?:changent|bouge) vite\b|\bquick chord changes\b|\bfast-moving harmony\b",
}
PERIODS: Final[dict[str, tuple[int, int]]] = {  # years of death that a composer of the period may have
    r"\bbaroques?\b": (1600, 1790),
    r"(?<!guitare )\bclassi(?:ques?|cal)\b": (1750, 1850),
    r"\bromanti(?:ques?|c)\b": (1820, 1950),
    r"\bmodern(?:es?)?\b": (1915, 9999),
}
# General MIDI programs that an instrument may be, the longer names first: what one has read the next does not.
INSTRUMENTS: Final[dict[str, tuple[int, ...]]] = {
    r"piano (?:bastringue|electrique)|(?:electric|honky-tonk) piano|pianos?": tuple(range(8)),
    r"clavecin|harpsichord": (6,),
    r"clavinet": (7,),
    r"celesta": (8,),
    r"glockenspiel": (9,),
    r"boite a musique|music box": (10,),
    r"vibraphone": (11,),
    r"marimba": (12,),
    r"xylophone": (13,),
    r"cloches tubulaires|tubular bells?": (14,),
    r"harmonium|reed organ": (20,),
    r"orgue(?: d'eglise)?|(?:church )?organ": tuple(range(16, 21)),
    r"accordeon|accordion": (21,),
    r"harmonica": (22,),
    r"guitare \w+|(?:\w+ )?guitar": tuple(range(24, 32)),
    r"contrebasse|double bass": (32, 43),
    r"basse (?:electrique|fretless|slap|synthe)|(?:electric|fretless|slap|synth) bass": tuple(range(33, 40)),
    r"violoncelle|cello": (42,),
    r"violon|violin": (40, 110),
    r"alto|viola": (41,),
    r"pizzicati|pizzicato strings?": (45,),
    r"cordes synthetiques|synth strings?": (50, 51),
    r"cordes|strings?": (44, 48, 49),
    r"harpe|harp": (46,),
    r"choeur|choir": (52, 53, 54),
    r"trompette(?: bouchee)?|(?:muted )?trumpet": (56, 59),
    r"trombone": (57,),
    r"tuba": (58,),
    r"cor anglais|english horn": (69,),
    r"cor|french horn": (60,),
    r"cuivres|brass": (61, 62, 63),
    r"saxophone": (64, 65, 66, 67),
    r"hautbois|oboe": (68,),
    r"basson|bassoon": (70,),
    r"clarinett?e?": (71,),
    r"piccolo": (72,),
    r"flute a bec|recorder": (74,),
    r"flute de pan|pan flute": (75,),
    r"flute": (73,),
    r"ocarina": (79,),
    r"synthe?": tuple(range(80, 96)),
    r"sitar": (104,),
    r"banjo": (105,),
    r"shamisen": (106,),
    r"kalimba": (108,),
    r"cornemuse|bagpipes?": (109,),
}
INSTRUMENT: Final = re.compile(r"(?<![\w-])(?:" + "|".join(f"({words})" for words in INSTRUMENTS) + r")(?![\w-])")
CHORDS: Final = re.compile(r"(?<![\w-])(?:accords?|chords?)(?![\w-])")
# What stands before a composer's name, or after it.
COMPOSER: Final = re.compile(
    r"(?:dans l'esprit|a la maniere) (?:de |d')(.+)|(?:comme chez|facon) (.+)|in the (?:spirit|manner) of (.+)|"
    r"the way (.+) would write|(.+) style (?:bass|lead|melody|keys|chords|pads?|drums|beat)"
)
GENRES: Final = re.compile(
    r"(?<![\w-])(?:rock|pop|hip-hop|soul|new orleans|latino?|r&b|dnb|samba|baiao|motown|rockabilly|reggaeton|synthwave|"
    r"reggae|punk|gospel|country|disco|highlife|afrobeat|klezmer|dance|folk|metal|grime|garage|ska|swingbeat)(?![\w-])"
)
