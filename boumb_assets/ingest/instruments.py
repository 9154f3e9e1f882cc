"""Which General MIDI instruments (programs from 0) play which role in which style, the usual one first."""

from typing import Final

from boumb_assets.contracts.loop_request import Role, Style

FINGERED, SLAP, ACOUSTIC_BASS, SYNTH_BASS, SYNTH_BASS_2, FRETLESS = 33, 36, 32, 38, 39, 35
PIANO, ELECTRIC_PIANO, DX_PIANO, HARPSICHORD, CLAVINET, MUSIC_BOX, ORGAN, NYLON_GUITAR = 0, 4, 5, 6, 7, 10, 16, 24
SQUARE, SAW, CALLIOPE = 80, 81, 82
VIBRAPHONE, HARMONICA, TRUMPET, ALTO_SAX, TENOR_SAX, FLUTE, OCARINA = 11, 22, 56, 65, 66, 73, 79
STRINGS, SLOW_STRINGS, SYNTH_STRINGS, CHOIR, NEW_AGE, WARM, POLYSYNTH, SWEEP, HALO = 48, 49, 50, 52, 88, 89, 90, 95, 94

PROGRAMS: Final[dict[Style, dict[Role, tuple[int, ...]]]] = {
    "funk": {
        "bass": (FINGERED, SLAP), "lead": (ALTO_SAX, SAW), "keys": (CLAVINET, ELECTRIC_PIANO), "pad": (STRINGS,),
    },
    "house": {"bass": (SYNTH_BASS,), "lead": (SAW, SQUARE), "keys": (PIANO, ORGAN), "pad": (WARM, SYNTH_STRINGS)},
    "techno": {
        "bass": (SYNTH_BASS, SYNTH_BASS_2), "lead": (SQUARE, SAW), "keys": (DX_PIANO,), "pad": (POLYSYNTH, SWEEP),
    },
    "lo-fi": {"bass": (FINGERED, FRETLESS), "lead": (VIBRAPHONE, FLUTE), "keys": (ELECTRIC_PIANO,), "pad": (WARM,)},
    "dub": {"bass": (FINGERED,), "lead": (HARMONICA, TRUMPET), "keys": (ORGAN, PIANO), "pad": (WARM, SWEEP)},
    "trap": {"bass": (SYNTH_BASS_2, SYNTH_BASS), "lead": (SQUARE, FLUTE), "keys": (MUSIC_BOX, PIANO), "pad": (CHOIR,)},
    "jazz": {
        "bass": (ACOUSTIC_BASS,), "lead": (TENOR_SAX, TRUMPET), "keys": (PIANO, ELECTRIC_PIANO), "pad": (STRINGS,),
    },
    "ambient": {
        "bass": (SYNTH_BASS_2, FRETLESS), "lead": (FLUTE, OCARINA), "keys": (ELECTRIC_PIANO,), "pad": (NEW_AGE, HALO),
    },
    "chiptune": {"bass": (SYNTH_BASS,), "lead": (SQUARE, CALLIOPE), "keys": (HARPSICHORD,), "pad": (SYNTH_STRINGS,)},
    "bossa": {
        "bass": (ACOUSTIC_BASS,), "lead": (FLUTE, TENOR_SAX), "keys": (NYLON_GUITAR, PIANO), "pad": (SLOW_STRINGS,),
    },
}  # fmt: skip
