"""Instruments that a request may name, and the General MIDI programs that say so.

Program 0 names none, since it is also what a file without any program has; nor do effects and programs whose names
mean another thing to the reader of requests.
"""

from dataclasses import dataclass
from typing import Final, Literal

from boumb_assets.contracts.loop_request import Role


@dataclass(frozen=True)
class Instrument:
    """An instrument in both languages.

    ``single`` is the English word before another noun (``a string melody``); ``alone`` the role that a request for
    nothing but this instrument asks for, None where that is open; ``plays_its_name`` whether it is called as that role
    is (``slap bass``), so that no part is said to be played on it.
    """

    programs: tuple[int, ...]
    french: str
    gender: Literal["m", "f"]
    english: str
    alone: Role | None = None
    plural: bool = False
    single: str = ""
    plays_its_name: bool = False

    @property
    def agreement(self) -> int:
        """Masculine, feminine, and their plurals: 0 to 3."""
        return (self.gender == "f") + 2 * self.plural

    @property
    def before_a_noun(self) -> str:
        """``string`` of ``strings``."""
        return self.single or self.english


INSTRUMENTS: Final[tuple[Instrument, ...]] = (
    Instrument((1,), "piano", "m", "piano", "keys"),
    Instrument((2, 4, 5), "piano électrique", "m", "electric piano", "keys"),
    Instrument((3,), "piano bastringue", "m", "honky-tonk piano", "keys"),
    Instrument((6,), "clavecin", "m", "harpsichord"),
    Instrument((7,), "clavinet", "m", "clavinet"),
    Instrument((8,), "célesta", "m", "celesta"),
    Instrument((9,), "glockenspiel", "m", "glockenspiel"),
    Instrument((10,), "boîte à musique", "f", "music box"),
    Instrument((11,), "vibraphone", "m", "vibraphone"),
    Instrument((12,), "marimba", "m", "marimba"),
    Instrument((13,), "xylophone", "m", "xylophone"),
    Instrument((14,), "cloches tubulaires", "f", "tubular bells", plural=True, single="tubular bell"),
    Instrument((16, 17, 18), "orgue", "m", "organ", "keys"),
    Instrument((19,), "orgue d'église", "m", "church organ", "keys"),
    Instrument((20,), "harmonium", "m", "reed organ"),
    Instrument((21,), "accordéon", "m", "accordion"),
    Instrument((22,), "harmonica", "m", "harmonica"),
    Instrument((24,), "guitare classique", "f", "nylon guitar"),
    Instrument((25,), "guitare acoustique", "f", "acoustic guitar"),
    Instrument((26, 27), "guitare électrique", "f", "electric guitar"),
    Instrument((28,), "guitare étouffée", "f", "muted guitar"),
    Instrument((29, 30), "guitare saturée", "f", "distorted guitar"),
    Instrument((32, 43), "contrebasse", "f", "double bass", "bass", plays_its_name=True),
    Instrument((33, 34), "basse électrique", "f", "electric bass", "bass", plays_its_name=True),
    Instrument((35,), "basse fretless", "f", "fretless bass", "bass", plays_its_name=True),
    Instrument((36, 37), "basse slap", "f", "slap bass", "bass", plays_its_name=True),
    Instrument((38, 39), "basse synthé", "f", "synth bass", "bass", plays_its_name=True),
    Instrument((40, 110), "violon", "m", "violin", "lead"),
    Instrument((41,), "alto", "m", "viola"),
    Instrument((42,), "violoncelle", "m", "cello"),
    Instrument((44, 48, 49), "cordes", "f", "strings", "pad", plural=True, single="string"),
    Instrument((45,), "pizzicati", "m", "pizzicato strings", plural=True, single="pizzicato string"),
    Instrument((46,), "harpe", "f", "harp"),
    Instrument((50, 51), "cordes synthétiques", "f", "synth strings", "pad", plural=True, single="synth string"),
    Instrument((52, 53, 54), "chœur", "m", "choir"),
    Instrument((56,), "trompette", "f", "trumpet", "lead"),
    Instrument((57,), "trombone", "m", "trombone"),
    Instrument((58,), "tuba", "m", "tuba"),
    Instrument((59,), "trompette bouchée", "f", "muted trumpet", "lead"),
    Instrument((60,), "cor", "m", "French horn"),
    Instrument((61, 62, 63), "cuivres", "m", "brass", plural=True),
    Instrument((64, 65, 66, 67), "saxophone", "m", "saxophone", "lead"),
    Instrument((68,), "hautbois", "m", "oboe"),
    Instrument((69,), "cor anglais", "m", "English horn"),
    Instrument((70,), "basson", "m", "bassoon"),
    Instrument((71,), "clarinette", "f", "clarinet"),
    Instrument((72,), "piccolo", "m", "piccolo"),
    Instrument((73,), "flûte", "f", "flute", "lead"),
    Instrument((74,), "flûte à bec", "f", "recorder"),
    Instrument((75,), "flûte de Pan", "f", "pan flute", "lead"),
    Instrument((79,), "ocarina", "m", "ocarina"),
    Instrument((*range(80, 96),), "synthé", "m", "synth"),
    Instrument((104,), "sitar", "m", "sitar"),
    Instrument((105,), "banjo", "m", "banjo"),
    Instrument((106,), "shamisen", "m", "shamisen"),
    Instrument((108,), "kalimba", "f", "kalimba"),
    Instrument((109,), "cornemuse", "f", "bagpipes", plural=True, single="bagpipe"),
)
INSTRUMENT_OF_PROGRAM: Final[dict[int, int]] = {
    program: index for index, instrument in enumerate(INSTRUMENTS) for program in instrument.programs
}
