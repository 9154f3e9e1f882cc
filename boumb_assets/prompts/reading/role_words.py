"""The words for a role. A phrase list is parted by commas; ``{a|b}`` stands for either."""

from typing import Final

from boumb_assets.prompts.reading.phrases import Words

# What plays, or is played, by its own name.
INSTRUMENTS: Final[dict[str, Words]] = {
    "bass": Words(
        fr="basse{|s}, ligne{|s} de basse{|s}, ligne{|s} melodique{|s} de basse, partie{|s} de basse, "
        "contrebasse{|s}, sous basse{|s}, soubasse{|s}, infra basse{|s}, infrabasse{|s}, sub basse{|s}, "
        "subbasse{|s}, guitare basse, basse walking, basse slap, basse 808, en walking, en slap, basse slappee, "
        "basse fretless",
        en="bass, basses, bass line{|s}, bassline{|s}, bass part{|s}, double bass, upright bass, walking bass, "
        "walking bassline, walking bass line, walking line, sub bass, subbass, sub line, bass guitar, slap bass, "
        "fretless bass, synth bass, bass synth, reese bass, 808 bass, 808 sub, bass note{|s}, low bass",
        both="sub{|s}, reese{|s}, 808, 808 s, slap",
    ),
    "lead": Words(
        fr="flute traversiere, violon{|s}, trompette{|s}, arpege{|s}, arpegiateur{|s}, saxo{|s}",
        en="violin{|s}, fiddle, trumpet{|s}, arpeggio{|s}, arpeggi, arpeggiator{|s}, arpeggiated",
        both="flute{|s}, lead{|s}, lead synth, synth lead{|s}, sax, saxophone{|s}, arp{|s}, arpegio{|s}",
    ),
    "keys": Words(
        fr="accord{|s}, suite{|s} d accord{|s}, grille{|s} d accord{|s}, progression{|s} d accord{|s}, "
        "enchainement{|s} d accord{|s}, plaque d accord{|s}, plaquage{|s} d accord{|s}, clavier{|s}, "
        "piano electrique, orgue{|s}, clavecin{|s}, partie de piano, partie de clavier{|s}, ligne de piano, "
        "claviers electriques, synthe a accords",
        en="chord{|s}, chord progression{|s}, chord sequence{|s}, chord stab{|s}, chord loop{|s}, chord part{|s}, "
        "chord vamp, keys, keyboard{|s}, keyboard part, electric piano{|s}, organ{|s}, harpsichord, comping, "
        "voicing{|s}, piano part, piano line, key stab{|s}",
        both="piano{|s}, e piano{|s}, epiano{|s}, rhodes, rhode, wurlitzer, wurli, hammond, clavinet{|s}, clavi, "
        "clav, skank{|s}, stab{|s}, fender rhodes",
    ),
    "pad": Words(
        fr="nappe{|s}, cordes, nappage{|s}, cordes synthetiques",
        en="strings, string section, string pad{|s}, synth strings, choir pad{|s}, synth pad{|s}, pad synth",
        both="pad{|s}, drone{|s}, nappe pad",
    ),
    "drums": Words(
        fr="batterie{|s}, rythmique{|s}, rythme{|s} de batterie, boite{|s} a rythme{|s}, caisse{|s} claire{|s}, "
        "grosse{|s} caisse{|s}, charley{|s}, charleston{|s}, charlet, charlets, cymbale{|s}, percu{|s}, tambour{|s}, "
        "tambourin{|s}, maraca{|s}, partie de batterie",
        en="drum{|s}, drum beat{|s}, drumbeat{|s}, drum loop{|s}, drumloop{|s}, drum pattern{|s}, drum kit{|s}, "
        "drumkit{|s}, drum machine{|s}, drum part{|s}, drum groove{|s}, drum track{|s}, drum break{|s}, "
        "bass drum{|s}, kick drum{|s}, snare drum{|s}, snare roll{|s}, hi hat{|s}, hihat{|s}, high hat{|s}, hat{|s}, "
        "cymbal{|s}, ride cymbal, crash cymbal, closed hat{|s}, open hat{|s}, shaker loop, tambourine{|s}, "
        "break beat{|s}, breakbeat{|s}, drumline, drum fill{|s}",
        both="beat{|s}, kick{|s}, snare{|s}, shaker{|s}, percussion{|s}, perc{|s}, break{|s}, rimshot{|s}, "
        "rim shot{|s}, clap{|s}, tom{|s} basse{|s}, toms, conga{|s}, bongo{|s}, djembe{|s}, cowbell{|s}, cajon, "
        "tabla, tablas, tr 808, tr 909, tr 707, tr 606, linndrum, amen break",
    ),
}
# What any instrument may play: alone it is a lead, but "mélodie de basse" is a bass and a "bass melody" too.
TUNES: Final[dict[str, Words]] = {
    "lead": Words(
        fr="melodie{|s}, ligne{|s} melodique{|s}, motif{|s} melodique{|s}",
        en="melody, melodies, top line{|s}, topline{|s}, lead line{|s}, melodic line{|s}, melody line{|s}, lead part",
        both="theme{|s}",
    ),
}
# A part for whatever instrument is named beside it: "piano riff" is for keys.
PARTS: Final[dict[str, Words]] = {"lead": Words(both="solo{|s}, riff{|s}, hook{|s}")}
# Every part has one: alone, and asked for, it is that of the drums.
RHYTHMS: Final[dict[str, Words]] = {"drums": Words(fr="rythme{|s}", en="rhythm{|s}, rhythm track{|s}")}
