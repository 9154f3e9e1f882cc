"""The words that decide how what follows is meant: refused, there already, beside the point, or a correction."""

from typing import Final

from boumb_assets.prompts.reading.phrases import Words

SCOPES: Final[dict[str, Words]] = {
    # What follows is refused.
    "no": Words(
        fr="sans, sans aucun{|e}, pas, pas de, pas d, ni, aucun{|e}, surtout pas, pas besoin de, pas besoin d, zero, "
        "au lieu de, au lieu d, au lieu du, a la place de, a la place d, a la place du, a la place des, plutot que, "
        "plutot qu, tout sauf, sauf, hors de question de, evite{|r|z}, enleve{|r|z}, retire{|r|z}, vire{|r|z}, "
        "coupe{|r|z}, supprime{|r|z}, oublie{|r|z}, marre de, marre du, marre des, rien de, loin de, loin du, "
        "aucunement, jamais de, jamais, arrete{|r|z} avec, excepte, hormis, deteste{|s}, j aime pas, "
        "j aime pas trop, non pas",
        en="no, not, nothing, without, without any, don t, do not, doesn t, does not, never, no need for, "
        "instead of, rather than, in place of, anything but, everything but, except, except for, apart from, avoid, "
        "avoiding, remove, lose the, mute, skip, skip the, forget, forget the, no more, isn t, aren t, is not, "
        "are not, nor, neither, minus, leave out, leaving out, cut the, get rid of, rid of, none of, tired of, "
        "sick of, i hate, hate, w o, stay away from, far from, zero",
    ),
    # What follows is meant in a lower degree, or not at all.
    "less": Words(
        fr="pas trop, pas tres, pas si, moins, moins de, moins d, pas aussi, pas vraiment, pas tellement, pas super, "
        "trop, un peu moins, beaucoup moins, peu, pas hyper, pas particulierement, pas tant",
        en="not too, not very, not so, less, not really, not that, isn t too, not overly, not as, too, a bit less, "
        "a little less, much less, nothing too, not particularly, not super, never too, don t make it too, "
        "without being too, without being, hardly",
    ),
    # A denial that denies nothing that follows.
    "open": Words(
        fr="{|tu |t |vous |on }{peux|pourrais|aurais|veux|voudrais|peut|pourriez|pouvez} pas {me|nous|m}, "
        "{t as|t aurais|tu as|aurais tu|tu aurais|vous auriez|vous avez|as tu|avez vous} pas, pas sur, pas sure, "
        "je sais pas, sais pas, j sais pas, chais pas, jsp, ne sais pas, sais pas trop, pas d idee, aucune idee, "
        "pas mal, pas seulement, pas que {du|des|de la}, pas juste, pas uniquement, pas de preference, "
        "sans preference, sans limite{|s}, sans doute, sans faute, sans souci{|s}, sans probleme, pas de souci{|s}, "
        "pas de probleme, pas grave, pas encore, sans arret, plus ou moins, au moins, pourquoi pas, n hesite pas, "
        "hesite pas, pas complique, sans plus, si ca te derange pas, derange pas, t inquiete pas, pas de pression, "
        "pas possible, pas plus de, pas plus que, pas moins de, non stop, y a pas, peut etre pas, sans fin, "
        "sans se prendre la tete, sans prise de tete, sans chichi{|s}, trop bien, trop cool, trop stylee, trop hate, "
        "n est ce pas, pas cher, pas oublier, oublie pas, oubliez pas, un peu, rien qu, est ce que",
        en="not sure, no idea, no problem, no worries, why not, not only, not just, no matter, no preference, "
        "no limit, don t know, do not know, don t care, don t mind, don t worry, don t hesitate, don t forget, "
        "can t you, couldn t you, why don t you, more or less, at least, not yet, no rush, non stop, no stress, "
        "nonstop, no doubt, if not, not bad, no pressure, no less than, no more than, not far from, never mind, "
        "nevermind, nothing but, me too, that too, you too, no offense, not much, not necessarily, or not, "
        "whether or not, no big deal, i can t, can t stop, can t wait, can t get enough, no one, no time, "
        "not forgetting, no bullshit, don t have to, it doesn t matter, doesn t matter, doesn t have to, "
        "if it s not too much, not to mention, too much",
    ),
    # Ends a denial: what follows is meant again.
    "but": Words(
        fr="mais, juste, seulement, uniquement, que {du|de la|des}, rien que, sinon, plutot avec, simplement, "
        "par contre, a part ca, et puis, alors, donc",
        en="but, just, only, simply, solely, otherwise, however, so, then, nothing else than, nothing other than, "
        "because, though, although",
    ),
    # What follows plays already, or is only a place beside or beneath which the loop stands.
    "beside": Words(
        fr="sur, sous, par dessus, par dessous, au dessus de, au dessus d, au dessus du, au dessous de, "
        "en dessous de, derriere, a cote de, a cote du, autour de, autour du, contre, pour aller avec, aller avec, "
        "va avec, vont avec, pour accompagner, accompagner, accompagne{|nt|ra}, soutenir, pour soutenir, soutient, "
        "colle a, colle avec, coller a, coller avec, colle au, colle aux, coller au, coller sur, qui colle, "
        "qui suit, suivre, qui suive, repond a, repondre a, repond au, repondre au, qui double, doubler, "
        "doublee par, cale{|e|es|s} sur, caler sur, avant, apres, quand, pendant, jusqu, avant que, quand la, "
        "des que, lorsque, en attendant, place pour, de la place a, de la place pour, place a, laisse la place a, "
        "par rapport a, par rapport au, completer, pour completer, s accorde avec, bien avec, s entend avec, "
        "marche avec, marche bien avec, s emboite avec, en reponse a, en reponse au, qui va bien avec, "
        "verrouille{|e} avec, synchro avec, en contrepoint de, en harmonie avec, qui marche avec, en plus de, "
        "en plus du, pour mettre sur, a mettre sur, a poser sur, poser sur, pose sur, a chanter sur, rapper sur, "
        "pour rapper sur, chanter sur",
        en="over, under, underneath, beneath, behind, below, above, on top of, against, along, alongside, beside, "
        "to go with, go with, goes with, going with, going over, to go over, fits, fit with, fits with, fit, to fit, "
        "to match, match, matches, matching, complement, complements, complementing, accompany, accompanies, "
        "accompanying, to accompany, to back, backing up, supports, support, supporting, locks with, lock with, "
        "locking with, locks to, locks in with, lock in with, follow, follows, following, to the, to my, "
        "to an existing, layered with, layer with, works with, work with, sits with, sit with, sits under, between, "
        "around my, around the, before, after, when, until, while, during, once, room for, space for, "
        "in response to, answering, answers, to answer, play with, plays with, blend with, blends with, "
        "sidechained to, side chained to, in sync with, glue with, together with my, next to, on my, "
        "on the existing, to sit with, interacts with, to complement, to sing over, rap over, to rap over, "
        "sing over, solo over, on top of that",
    ),
    # What follows is there already.
    "have": Words(
        fr="deja, j ai {un|une|des|mon|ma|mes|la|le|les|fait|pose|enregistre|programme|compose|mis}, j avais, "
        "on a deja, on a {un|une|des} {bon|bonne|super}, j ai deja, il y a deja, y a deja, tu m as fait, tu as fait, "
        "avec ce que j ai, existant",
        en="already, i have, i have {a|an|some|the|my|this|these}, i have got, we have, "
        "i ve {a|an|some|made|got|recorded|programmed|written|done}, i got {a|an|some|the|my}, "
        "we have {a|an|some|the}, i made, i recorded, there s already, there is already, there are already, "
        "existing, current, i wrote, you gave me, you made, previous, last time, we ve got, having heard, "
        "my friend plays",
    ),
    # What came before in the clause falls silent.
    "stop": Words(
        fr="s arrete{|nt}, s arreter, se tai{t|sent}, disparai{t|ssent}, se coupe{|nt}, s efface{|nt}, "
        "est {faite|fait|finie|fini|prete|en place|calee|posee}, sont {faits|faites|finis|finies|en place|cales}, "
        "tourne{|nt} toute seule, s en va, s en vont",
        en="drop{|s} out, stops, stop playing, cut{|s} out, fade{|s} out, fall{|s} silent, die{|s} down, "
        "go{|es} silent, {is|are} {done|finished|ready|in place|sorted|fine|good}, {is|are} muted",
    ),
    # Whose the following thing is.
    "own": Words(
        fr="mon, ma, mes, notre, nos, ta, ton, tes",
        en="my, our, your, his, her",
    ),
    # What follows is to be made anew.
    "change": Words(
        fr="refais, refaire, change, changer, remplace, remplacer, modifie, modifier, ameliore, ameliorer, "
        "retravaille, retravailler, varie, varier, reecris, refaites, revois",
        en="replace, change, rework, redo, remake, rewrite, improve, fix, vary, update, redesign, modify",
    ),
    # What follows stands beside what is asked for, or is its manner.
    "with": Words(
        fr="avec, pour, comme, facon, au, aux, a la maniere de, a la maniere d, genre, style, type, par, a base de, "
        "a base d, avec du, avec un, avec une, dans l esprit d, dans l esprit de, ressemble a, sonne comme, imite, "
        "imitant, fait penser a, par un, par une",
        en="with, for, like, on, sounding like, sounds like, by, featuring, plus, resembling, as if, similar to, "
        "made of, made from, inspired by, imitating, pretending to be",
    ),
    # Coordinates.
    "and": Words(
        fr="et, ou",
        en="and, or",
        both="&, +",
    ),
    # A wish: what comes after it is asked for.
    "ask": Words(
        fr="je veux, j veux, jveux, jveu, je voudrais, jvoudrais, j voudrais, j aimerais, jaimerais, il me faut, "
        "il me faudrait, faudrait, il manque, manque, me manque, je cherche, cherche, ajoute, ajoute moi, fais, "
        "fais moi, fait moi, donne moi, donne, compose, cree, ecris, mets, mets moi, mettre, maintenant, "
        "j ai besoin de, j ai besoin d, besoin d, besoin de, besoin du, trouve moi, propose moi, j ai envie d, "
        "j ai envie de, envie d, envie de, balance, balance moi, reste plus que, tu peux, peux tu, peut on, "
        "on cherche, on voudrait, genere, genere moi, sors moi, prepare",
        en="i want, want, need, i need, i d like, i would like, would like, i d love, give me, make, make me, add, "
        "write, create, compose, generate, looking for, missing, now, please give, can you, could you, let s, "
        "let us, find me, i m after, suggest, do me, build, craft, design, try, can i get, can i have, could i have, "
        "may i have, do you have, have you got, i have to, i have to have, i need to have, gimme",
    ),
    # A correction: what comes after it counts.
    "fix": Words(
        fr="non, non non, euh non, ah non, enfin non, en fait, finalement, plutot, non plutot, ou plutot, pardon, "
        "oups, nan, nan plutot, attends, attend, correction, je veux dire, je voulais dire, j ai change d avis, "
        "disons plutot, je prefere, j aime mieux, je prefererais, mais je veux, mais je voudrais, mets plutot, "
        "mais plutot, au final, rectification, je corrige, ou mieux, mieux, mais en fait, passe a, passe en, "
        "change en, passons a, monte a, descends a, remplace par",
        en="actually, no wait, wait, sorry, scratch that, i mean, i meant, make that, make it, rather, or rather, "
        "correction, on second thought, on second thoughts, nope, oops, nah, no no, but make it, change it to, "
        "change to, switch to, switch it to, better, even better, or better, i prefer, i d prefer, i d rather have, "
        "but i want, but i d like, my bad, no sorry, wait no, hold on, in fact, let s make it, let s go with, "
        "go for, bump it to, bump it up to, bring it to, take it to, no actually, turn it into, should be, "
        "strike that, hmm no, oh no, err no, uh no, um no",
    ),
    # A correction that comes after what it asks for.
    "late": Words(
        fr="a la place, plutot qu autre chose",
        en="instead, in its place, instead please",
    ),
}
