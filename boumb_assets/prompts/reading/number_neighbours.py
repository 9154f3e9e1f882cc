"""The words beside a number that say what it counts or numbers, in folded text."""

from typing import Final

PULSE: Final = frozenset({"bpm", "bpms", "bmp", "battements", "battement", "pulsations", "pulses"})
PULSES: Final = (
    ("beats", "per", "minute"), ("beat", "per", "minute"), ("beats", "a", "minute"), ("b", "p", "m"),
    ("a", "la", "noire"), ("la", "noire"), ("a", "la", "minute"), ("par", "minute"), ("per", "minute"),
    ("beats", "min"), ("beats", "/", "min"), ("de", "tempo"), ("of", "tempo"), ("tempo",), ("to", "the", "minute"),
)  # fmt: skip
TEMPO: Final = frozenset({"bpm", "bpms", "tempo", "noire", "pulsation", "crotchet", "tempi"})
FILLERS: Final = frozenset({
    "de", "of", "is", "a", "at", "est", "autour", "around", "environ", "about", "to", "vers", ":", "=", "~", "en", "du",
    "le", "the", "sur", "dans", "les", "circa", "approx", "genre", "somewhere", "like", "roughly", "target", "cible",
    "set", "fixe", "near", "maximum", "max", "plus", "plutot", "pres", "-",
})  # fmt: skip
NEAR: Final = frozenset({"at", "a", "@", "around", "environ", "vers", "about", "~", "roughly", "circa", "approx"})
NOT: Final = frozenset({"pas", "not", "non"})
INSTEAD: Final = frozenset({("instead", "of"), ("lieu", "de"), ("place", "de"), ("rather", "than"), ("plutot", "que")})
UNITS: Final = frozenset({
    "bar", "bars", "mesure", "mesures", "measure", "measures", "beats", "temps", "step", "steps", "metre", "metres",
    "meter", "meters", "m", "cm", "mm", "km", "percent", "%", "an", "ans", "annee", "annees", "year", "years", "s",
    "er", "ies", "seconde", "secondes", "seconds", "sec", "secs", "min", "mins", "minute", "minutes", "ms", "hz", "khz",
    "db", "note", "notes", "euro", "euros", "dollars", "$", "€", "th", "rd", "st", "nd", "eme", "ieme", "x", "fois",
    "times", "hits", "coups", "cents", "octave", "octaves", "bit", "bits", "k", "px", "mb", "mo", "go", "gb", "voice",
    "voices", "voix", "pistes", "tracks", "versions", "takes", "prises", "jour", "jours", "day", "days", "degree",
    "degrees", "degres", "touches", "personnes", "people", "h", "heure", "heures", "hour", "hours", "pm", "am",
    "samples", "semitones", "ticks", "ppq", "°", "points", "pixels", "kg", "watts", "chansons", "songs", "loops",
    "boucles", "elements", "sons", "sounds", "mots", "words", "idees", "ideas", "morceaux", "instruments", "presets",
    "tours", "rpm", "pouces", "inches", "feet", "ft", "miles", "mph", "followers", "abonnes", "albums", "records",
    "grammes",
})  # fmt: skip
"""What a number counts, after it."""
NUMBERED: Final = frozenset({
    "take", "prise", "version", "v", "no", "numero", "number", "nr", "num", "#", "preset", "program", "programme",
    "patch", "bank", "banque", "cc", "channel", "canal", "ch", "step", "scene", "plan", "room", "route", "highway",
    "level", "niveau", "chapter", "chapitre", "episode", "page", "opus", "op", "swing", "velocity", "velocite", "velo",
    "vel", "volume", "vol", "gain", "cutoff", "reverb", "pan", "annee", "annees", "an", "ans", "early", "late", "mid",
    "debut", "fin", "decennie", "since", "depuis", "year", "from", "juno", "jupiter", "dx", "sh", "mpc", "sp", "mc",
    "rx", "linn", "linndrum", "mpk", "ms", "jx", "cs", "korg", "roland", "moog", "prophet", "minimoog", "akai",
    "yamaha", "tr", "tb", "oberheim", "ob", "casio", "cz", "emu", "ensoniq", "tx", "mark", "mk", "model", "modele",
    "nord", "elektron", "kurzweil", "atari", "amiga", "commodore", "windows", "boeing", "airbus", "blink", "size",
    "taille", "transpose", "detune", "delay", "release", "attack", "decay", "sustain", "filter", "filtre", "drive",
    "score", "seed", "sample", "item", "exemple", "example", "psaume", "psalm", "bwv", "hob", "kv", "sonata", "sonate",
    "etude", "symphony", "symphonie", "concerto", "quality", "qualite", "hz", "age", "aged", "studio",
})  # fmt: skip
"""What a number numbers, before it: takes, years, machines, settings."""
RATES: Final = frozenset({("pour", "cent"), ("a", "l", "heure"), ("par", "heure"), ("an", "hour"), ("per", "hour")})
"""What a number counts or is measured by, after it, in several words."""
KEYBOARDS: Final = frozenset({49, 61, 73, 76, 88})
"""How many keys there are on one."""
PLAIN: Final = frozenset({"dans", "plus", "puis", "tres", "thanks", "this", "perhaps", "always"})
"""Words in -s that a number does not count."""
DECADES: Final = frozenset({"annee", "annees", "an", "ans", "early", "late", "mid", "debut", "fin", "decennie"})
BARS: Final = frozenset({"mesure", "mesures", "bar", "bars", "measure", "measures", "barres"})
PERIODIC: Final = frozenset({
    "every", "toutes", "tous", "each", "chaque", "last", "derniere", "dernieres", "first", "premiere", "premieres",
    "after", "apres", "per", "next", "avant",
})  # fmt: skip
