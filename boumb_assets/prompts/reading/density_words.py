"""The words for how many notes there are."""

from typing import Final

from boumb_assets.prompts.reading.phrases import Words

# A star stands for what is counted.
_COUNTED: Final = Words(fr="{notes|coups|frappes|elements|impacts}", en="{notes|hits|elements}")
_STARRED: Final[dict[str, Words]] = {
    "low": Words(
        fr="peu de *, tres peu de *, quelques *, moins de *, deux trois *, trois quatre *, 2 3 *, 3 4 *, "
        "pas beaucoup de *, pas trop de *, pas plein de *, presque pas de *, quasi pas de *, a peine quelques *, "
        "guere de *, peu dense{|s}, peu charge{|e|s|es}, peu fourni{|e|s|es}, peu rempli{|e}, epure{|e|s|es}, "
        "clairseme{|e|s|es}, minimal{e|es}, minimaliste{|s}, aere{|e|s|es}, depouille{|e|s|es}, "
        "de l espace entre les notes, beaucoup d espace, plein d espace, d espace entre les notes, "
        "espace entre les notes, d air entre les notes, de l air entre les notes, beaucoup d air, qui respire, "
        "qui respirent, laisser respirer, laisse respirer, de la place entre les notes, beaucoup de silence{|s}, "
        "plein de silence{|s}, des silences, faible densite, basse densite, petite densite, densite faible, "
        "densite basse, densite minimale, densite low, densite legere, econome en notes, minimum de notes, "
        "un minimum de notes, le moins de notes possible, rare{|s} notes, notes rares, espace entre chaque note, "
        "notes espacees, espace{e|es} les notes, bien espace{|e|es}, tres espace{|e|es}, presque vide{|s}, "
        "presque rien, deux fois rien, une note par mesure, une seule note par mesure, une note ou deux, "
        "une ou deux notes, 1 ou 2 notes, epuration, densite reduite",
        en="few *, a few *, {few|a few} {ghost|little|short|long|small} *, very few *, only a few *, fewer *, "
        "less *, not many *, not a lot of *, not too many *, a couple of *, a handful of *, "
        "{barely|hardly|scarcely} any *, almost no *, next to no *, very little *, one or two *, two or three *, "
        "sparse, sparser, sparsely, minimalist, minimalistic, space between notes, space between the notes, "
        "space between each note, space between hits, space between the hits, lots of space, plenty of space, "
        "a lot of space, lots of room, room to breathe, space to breathe, breathing room, breathing space, "
        "let it breathe, lets it breathe, lots of silence, lots of air, stripped down, stripped back, bare bones, "
        "barebones, uncluttered, low density, sparse density, density low, light density, low note density, "
        "one note per bar, one note a bar, one hit per bar, almost empty, nearly empty, thinned out, widely spaced",
        both="minimal",
    ),
    "medium": Words(
        fr="densite moyenne, densite medium, densite normale, densite intermediaire, moyenne densite, "
        "moyennement dense{|s}, moyennement charge{|e|s|es}, moyennement rempli{|e|s|es}, "
        "moyennement fourni{|e|s|es}, densite mediane, densite standard, nombre moyen de *, ni vide ni plein, "
        "ni plein ni vide, ni trop ni trop peu de notes, normalement charge{|e}, mi dense",
        en="medium density, moderate density, average density, mid density, normal density, density medium, "
        "density moderate, density mid, density average, moderately busy, moderately dense, moderately full, "
        "medium busy, medium dense, fairly medium, averagely busy, half busy, moderate amount of *, "
        "medium amount of *, medium number of *, average number of *, not too busy not too sparse, "
        "not too sparse not too busy, not too dense not too sparse, somewhat busy, medium fullness",
    ),
    "vacant": Words(
        fr="vide{|s}",
        en="empty",
    ),
    "high": Words(
        fr="charge{|e|s|es}, fourni{|e|s|es}, touffu{|e|s|es}, rempli{|e|es}, bien remplis, plein de *, "
        "plein plein de *, {plein|beaucoup|tas} de petit{s|es} *, beaucoup de *, bcp de *, pas mal de *, tas de *, "
        "un max de *, maximum de *, masse de *, bourre{|e|s|es} de *, bourre{|e|s|es}, blinde{|e|s|es} de *, "
        "rempli{|e|s|es} de *, truffe{|e|s|es} de *, nombreuses *, nombreux *, trop de *, charge{|e|s|es} en *, "
        "plus de *, riche en *, tout plein de notes, notes partout, des notes partout, avalanche de notes, "
        "deluge de notes, pluie de notes, foisonnant{|e|s|es}, forte densite, haute densite, grosse densite, "
        "densite elevee, densite forte, densite haute, densite maximale, densite high, densite max, "
        "sans silence{|s}, sans aucun silence, sans trou{|s}, ca grouille",
        en="busy, busier, many *, {lots of|many|tons of} {ghost|little|short|quick|fast|small} *, lots of *, "
        "lot of *, a lot of *, tons of *, loads of *, plenty of *, full of *, packed with *, so many *, "
        "loaded with *, a ton of *, heaps of *, filled with *, more *, packed, crowded, jam packed, denser, crammed, "
        "full, fuller, notes everywhere, hits everywhere, note heavy, flurry of notes, high density, "
        "high note density, density high, heavy density, maximum density, max density, no space, no gaps, "
        "without gaps, wall of notes, stuffed with notes, very full",
        both="dense, denses",
    ),
}
DENSITY: Final[dict[str, Words]] = {
    name: Words(words.fr.replace("*", _COUNTED.fr), words.en.replace("*", _COUNTED.en), words.both)
    for name, words in _STARRED.items()
}
"""By density; ``vacant`` counts only where it is refused, as in "not too dense, not empty"."""
