"""The words for a mood: plain words of that meaning. Colour, weight and taste are no moods."""

from typing import Final

from boumb_assets.prompts.reading.phrases import Words

MOODS: Final[dict[str, Words]] = {
    "dark": Words(
        fr="sombre{|s}, obscur{|e|s|es}, tenebreu{x|se|ses}, noir, noire, noirs, lugubre{|s}, sinistre{|s}, "
        "glauque{|s}, macabre{|s}, noirceur, obscurite, tenebres",
        en="dark, darker, darkest, darkness, gloomy, grim, bleak, sinister, ominous, evil, darkish, somber",
    ),
    "melancholic": Words(
        fr="triste{|s}, melancolique{|s}, melancolie, nostalgique{|s}, nostalgie, tristesse, melanco, douce amere, "
        "doux amer, plaintif, plaintive, deprimant{|e|s|es}, depressi{f|fs|ve|ves}, tristoun{e|et|ette}, "
        "larmoyant{|e}, chagrin, a pleurer, spleen",
        en="sad, sadder, saddest, sadness, melancholic, melancholy, melancholia, nostalgic, nostalgia, wistful, "
        "sorrowful, mournful, bittersweet, heartbroken, heartbreaking, depressing, depressed, tearful",
    ),
    "happy": Words(
        fr="joyeu{x|se|ses}, gai, gaie{|s}, gais, heureu{x|se|ses}, enjoue{|e|s|es}, festi{f|fs|ve|ves}, "
        "guilleret{|te}, jovial{|e|es}, joviaux, joie, bonne humeur, optimiste{|s}, gaiete, euphorique{|s}",
        en="happy, happier, happiest, joyful, joyous, joy, cheerful, cheery, merry, jolly, festive, optimistic, "
        "feel good, uplifting, euphoric, happiness, upbeat",
        both="feelgood",
    ),
    "calm": Words(
        fr="calme{|s}, calmos, paisible{|s}, serein{|e|s|es}, serenite, apaisant{|e|s|es}, apaise{|e|s|es}, "
        "tranquille{|s}, tranquil, tranquilou, tranquilos, detendu{|e|s|es}, detente, relaxant{|e|s|es}, relaxe{|e}, "
        "reposant{|e|s|es}, pose{|e|s|es}, pepere, meditati{f|ve|fs|ves}, quietude, trankil, trankille, trkl, "
        "zenitude",
        en="calm, calmer, calming, peaceful, serene, tranquil, soothing, relaxed, relaxing, relaxation, restful, "
        "laid back, laidback, meditative, chilled, chilled out, chill out, chillout",
        both="chill, chillax, relax, zen",
    ),
    "dreamy": Words(
        fr="reveur, reveurs, reveuse{|s}, planant{|e|s|es}, onirique{|s}, ethere{|e|s|es}, flottant{|e|s|es}, "
        "aerien{|ne|s|nes}, vaporeu{x|se|ses}, reverie, de reve, dans un reve, reveries",
        en="dreamy, dreamlike, dream like, ethereal, floating, floaty, dreaming, like a dream, in a dream, "
        "otherworldly",
    ),
    "aggressive": Words(
        fr="agressi{f|fs|ve|ves}, violent{|e|s|es}, furieu{x|se|ses}, enrage{|e|s|es}, rageu{r|rs|se|ses}, "
        "bruta{l|le|les|ux}, enerve{|e|s|es}, hargneu{x|se|ses}, venere{|s}, vnr, feroce{|s}, colere, en colere",
        en="aggressive, agressive, furious, angry, enraged, raging, fierce, ferocious, brutal, violent, vicious, "
        "aggression, hostile",
        both="rage",
    ),
    "energetic": Words(
        fr="energique{|s}, energisant{|e|s|es}, dynamique{|s}, plein{|e} d energie, d energie, energie, "
        "avec la peche, qui a la peche, a la peche, plein de peche, qui peche, la patate, pechu{|e|s|es}, "
        "entrainant{|e|s|es}, survolte{|e|s|es}, qui pulse, fougueu{x|se|ses}, de la peche",
        en="energetic, energic, energized, energizing, full of energy, high energy, energy, lively, hype, hyped, "
        "hyped up, pumped, pumping, vigorous, high octane",
    ),
    "tense": Words(
        fr="tendu{|e|s|es}, angoissant{|e|s|es}, angoisse{|e|s|es}, anxieu{x|se|ses}, anxiogene{|s}, "
        "stressant{|e|s|es}, inquietant{|e|s|es}, inquiet, inquiete, oppressant{|e|s|es}, nerveu{x|se|ses}, "
        "haletant{|e}, effrayant{|e|s|es}, menacant{|e|s|es}, flippant{|e|s|es}, sous tension, stresse{|e}",
        en="tense, tenser, anxious, anxiety, stressful, unsettling, uneasy, suspenseful, nervous, oppressive, scary, "
        "menacing, threatening, edgy, nerve racking, nail biting, frightening, terrifying",
        both="suspense, tension",
    ),
    "mysterious": Words(
        fr="mysterieu{x|se|ses}, mystere{|s}, enigmatique{|s}, intrigant{|e|s|es}, enigme, mystique{|s}, occulte",
        en="mysterious, mystery, enigmatic, intriguing, eerie, mystic, mystical, mystifying, arcane",
    ),
    "epic": Words(
        fr="epique{|s}, heroique{|s}, grandiose{|s}, majestueu{x|se|ses}, triomphal{|e|es}, triomphant{|e|s}, epik, "
        "chevaleresque{|s}",
        en="epic, heroic, majestic, triumphant, larger than life",
    ),
    "romantic": Words(
        fr="romantique{|s}, romantisme, amoureu{x|se|ses}, tendre{|s}, langoureu{x|se|ses}, sensuel{|le|s|les}, "
        "chanson d amour, musique d amour, melodie d amour, romance, tendresse",
        en="romantic, romance, tender, sensual, lovey dovey, loving, love song, for lovers",
    ),
    "playful": Words(
        fr="espiegle{|s}, joueu{r|rs|se|ses}, ludique{|s}, malicieu{x|se|ses}, rigolo, rigolote{|s}, "
        "marrant{|e|s|es}, amusant{|e|s|es}, drole{|s}, enfantin{|e|s|es}, taquin{|e|s|es}, facetieu{x|se|ses}, "
        "farceu{r|se}, coquin{|e}, mutin{|e}, badin{|e}",
        en="playful, mischievous, whimsical, quirky, cheeky, funny, goofy, silly, childlike, amusing, frisky",
    ),
}
