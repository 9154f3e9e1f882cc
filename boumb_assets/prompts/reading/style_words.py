"""The words for a style: its name, its kinds, and the adjectives made of it."""

from typing import Final

from boumb_assets.prompts.reading.phrases import Words

STYLES: Final[dict[str, Words]] = {
    "funk": Words(
        both="funk, g funk, gfunk, p funk, pfunk, synth funk, electro funk, afro funk, jazz funk, funk music",
    ),
    "house": Words(
        fr="musique house",
        en="house music",
        both="house, deep house, tech house, techhouse, acid house, afro house, french house, progressive house, "
        "chicago house, garage house, lo fi house, lofi house, micro house, bass house, deephouse, jackin house, "
        "soulful house, funky house, disco house, organic house, melodic house",
    ),
    "techno": Words(
        fr="musique techno, techno melodique, techno industrielle, techno de detroit",
        en="techno music, melodic techno, detroit techno, berlin techno",
        both="techno, dub techno, acid techno, hard techno, tekno, teckno, techno hard",
    ),
    "lo-fi": Words(
        both="lo fi, lofi, low fi, lowfi, chill hop, chillhop, lo fi hip hop, lofi hip hop, lo fi hiphop, "
        "lofi hiphop, lo fy",
    ),
    "dub": Words(
        en="dub music, dubby",
        both="dub, reggae dub, dub reggae, roots dub, steppa dub",
    ),
    "trap": Words(
        en="trap song",
        both="trap, trap music, trap soul, drill trap, latin trap",
    ),
    "jazz": Words(
        fr="jazz manouche, jazz modal, jazz fusion, manouche",
        en="gypsy jazz, modal jazz, smooth jazz, cool jazz, free jazz, latin jazz, jazz fusion",
        both="jazz, bebop, be bop, hard bop, hardbop, post bop, nu jazz, acid jazz, soul jazz, dixieland",
    ),
    "ambient": Words(
        fr="musique ambiante, ambiante, ambiantes, ambiant",
        en="ambient music",
        both="ambient, ambiente, space ambient",
    ),
    "chiptune": Words(
        fr="huit bit{|s}, console 8 bit{|s}, son game boy",
        en="eight bit",
        both="chiptune{|s}, chip tune{|s}, chip music, 8 bit{|s}, game boy, gameboy, famicom, nes, c 64, commodore 64",
    ),
    "bossa": Words(
        both="bossa, bossa nova, bossanova",
    ),
}
# Qualifies the genre beside it and yields to it: "house jazzy" is house, "jazzy house" too.
ADJECTIVES: Final[dict[str, Words]] = {
    "funk": Words(
        fr="funkie{|s}, funkys",
        both="funky, phunky",
    ),
    "jazz": Words(
        fr="jazzie{|s}, jazzistique{|s}, jazzys, jazze, jazzee",
        en="jazzier",
        both="jazzy",
    ),
    "trap": Words(
        both="trappy",
    ),
    "techno": Words(
        fr="technoide{|s}",
        en="technoish",
    ),
    "chiptune": Words(
        en="8 bit style",
    ),
}
