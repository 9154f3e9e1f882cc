"""Which General MIDI programs play a piece, by the words of its instrumentation, in English or French."""

import re
import unicodedata
from typing import Final

PIANO: Final = 0
# How the words begin, without accents, and the General MIDI program (from 0) that plays them.
_PROGRAMS: Final = {
    "electric piano": 4, "rhodes": 4, "piano": PIANO, "harpsichord": 6, "clavecin": 6, "clavi": 7, "celesta": 8,
    "glocken": 9, "music box": 10, "vibraphon": 11, "marimba": 12, "xylophon": 13, "bell": 14, "organ": 19, "orgue": 19,
    "harmonium": 20, "accord": 21, "guitar": 24, "lute": 24, "luth": 24, "mandolin": 25, "bass guitar": 33,
    "violin": 40, "violon": 40, "fiddle": 40, "viola": 41, "cello": 42, "violoncel": 42, "contrabass": 43,
    "contrebasse": 43, "double bass": 43, "pizzicato": 45, "harp": 46, "timpani": 47, "string": 48, "corde": 48,
    "orchest": 48, "ensemble": 48, "quartet": 48, "choir": 52, "choeur": 52, "chorus": 52, "choral": 52, "voice": 53,
    "voix": 53, "trumpet": 56, "trompette": 56, "trombone": 57, "tuba": 58, "horn": 60, "brass": 61, "cuivre": 61,
    "sax": 65, "oboe": 68, "hautbois": 68, "english horn": 69, "bassoon": 70, "basson": 70, "clarinet": 71, "wind": 71,
    "reed": 71, "piccolo": 72, "flute": 73, "recorder": 74, "pan flute": 75, "synth": 88, "pad": 89, "sitar": 104,
    "banjo": 105, "shamisen": 106, "koto": 107, "kalimba": 108,
}  # fmt: skip
_WORDS: Final = re.compile(rf"\b({'|'.join(sorted(_PROGRAMS, key=len, reverse=True))})")


def programs_of(instrumentation: str) -> tuple[int, int, int]:
    """The General MIDI programs (0..127) of melody, chords and bass: the first instrument that the words name, the
    second, and the last; a single one plays all, and a piano where they name none."""
    plain = unicodedata.normalize("NFKD", instrumentation.lower().replace("œ", "oe"))
    found = list(dict.fromkeys(_PROGRAMS[word] for word in _WORDS.findall(re.sub(r"[\u0300-\u036f]", "", plain))))
    first, *others = found or [PIANO]
    return first, *((others[0], others[-1]) if others else (first, first))
