"""The words for a scale, and what stands for one without naming it."""

from typing import Final

from boumb_assets.prompts.reading.phrases import Words

SCALES: Final[dict[str, Words]] = {
    "major": Words(
        fr="majeur, majeure, majeurs, majeures, ionien{|ne}",
        en="major, ionian, majors",
    ),
    "minor": Words(
        fr="mineur, mineure, mineurs, mineures, mineur naturel, mineur harmonique, mineur melodique, "
        "mineure naturelle, mineure harmonique, mineure melodique, eolien{|ne}",
        en="minor, natural minor, harmonic minor, melodic minor, aeolian, eolian",
    ),
    "dorian": Words(
        fr="dorien{|ne|s}, mode dorien",
        en="dorian, dorian minor",
    ),
    "phrygian": Words(
        fr="phrygien{|ne|s}",
        en="phrygian",
    ),
    "lydian": Words(
        fr="lydien{|ne|s}",
        en="lydian",
    ),
    "mixolydian": Words(
        fr="mixolydien{|ne|s}, mixo lydien{|ne}",
        en="mixolydian, mixo lydian",
        both="mixo",
    ),
    "hirajoshi": Words(
        both="hirajoshi, hira joshi, hirajochi, hira choshi, hirachoshi",
    ),
    "insen": Words(
        both="insen, in sen scale, gamme in sen, in sen",
    ),
    "iwato": Words(
        both="iwato",
    ),
    "blues": Words(
        fr="gamme blues, gamme de blues, gamme du blues, gamme bluesy, mode blues",
        en="blues scale, minor blues scale, bluesy scale",
    ),
    "pentatonic_minor": Words(
        fr="pentatonique{|s} mineur{|e|es}, penta mineur{|e}, mineur{|e} pentatonique, mineur{|e} penta, "
        "gamme pentatonique mineure",
        en="pentatonic minor, minor pentatonic, minor penta, min pentatonic, min penta",
        both="penta minor, penta min, m pentatonic, m penta, m pentatonique",
    ),
    "pentatonic_major": Words(
        fr="pentatonique{|s} majeur{|e|es}, penta majeur{|e}, majeur{|e} pentatonique, majeur{|e} penta, "
        "gamme pentatonique majeure",
        en="pentatonic major, major pentatonic, major penta, maj pentatonic, maj penta",
        both="penta major, penta maj",
    ),
    "double_harmonic": Words(
        fr="double{|s} harmonique{|s}, double harmonique majeur{|e}, gamme byzantine, gamme orientale, gamme arabe",
        en="double harmonic, double harmonic major, byzantine scale, arabic scale, arabian scale, oriental scale",
    ),
    "phrygian_dominant": Words(
        fr="phrygien{|ne} dominant{|e}, phrygien{|ne} majeur{|e}, gamme espagnole, mode espagnol, gamme flamenco, "
        "gamme flamenca, gamme hijaz",
        en="phrygian dominant, dominant phrygian, phrygian major, spanish scale, spanish mode, flamenco scale, "
        "spanish phrygian",
        both="freygish, ahava raba, ahava rabbah, hijaz",
    ),
}
# An instrument, a place or a genre that stands for a scale; it holds only where no scale is named.
IMPLIED: Final[dict[str, Words]] = {
    "hirajoshi": Words(
        fr="japonais, japonaise{|s}, japonisant{|e|s|es}, japon, gamme japonaise",
        en="japanese, japan, japanese scale",
        both="koto{|s}",
    ),
    "phrygian_dominant": Words(
        fr="flamenca{|s}",
        both="flamenco",
    ),
    "double_harmonic": Words(
        fr="oriental, orientale{|s}, orientaux, orientalisant{|e|s|es}, byzantin{|e|s|es}",
        en="byzantine",
    ),
    "blues": Words(
        both="blues, bluesy",
    ),
}
# Five notes of a mode that is named apart: "pentatonique en la mineur".
PENTATONIC: Final[dict[str, Words]] = {"pentatonic": Words(fr="pentatonique{|s}, penta", en="pentatonic")}
SHORT: Final[dict[str, str]] = {"m": "minor", "min": "minor", "maj": "major"}
"""A scale right after a root alone: ``la m``, ``D min``."""
