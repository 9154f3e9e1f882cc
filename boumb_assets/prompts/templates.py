"""The forms of a request, by language and kind. A slot in braces is filled with a fact that the loop has; a form whose
facts are not all known is not used.

In English, ``[a ...]`` takes the article of the loop's noun, ``[one ...]`` that of a noun in the singular.
"""

from typing import Final, Literal

from boumb_assets.contracts.loop_request import Language

Kind = Literal["two-word", "sentence", "technical", "mood", "app-message"]

# What a slot says, as fields of LoopFacts; a slot that is not here says only the role.
CLAIMS: Final[dict[str, tuple[str, ...]]] = {
    "style": ("style",),
    "mood": ("mood",), "mood_f": ("mood",), "of_mood": ("mood",),
    "full": ("density",), "amount": ("density",), "amount_label": ("density",),
    "pitched": ("register",), "where": ("register",),
    "feel": ("swing", "syncopated"),
    "key": ("root", "scale"),
    "bpm": ("bpm",),
    "bars": ("bars",),
    "who": ("composer",),
}  # fmt: skip

_FRENCH: Final[dict[Kind, tuple[str, ...]]] = {
    "two-word": (
        "{role} {style}",
        "{role} {mood}",
        "{role} {full}",
        "{role} {style} {mood}",
        "{role} {pitched}",
    ),
    "sentence": (
        "Fais-moi {a_role} {style}, {bars} mesures.",
        "Je voudrais {a_role} {style} en {key}.",
        "{a_role} {style} à {bpm} BPM, s'il te plaît.",
        "Il me faut {a_role} en {key}, à {bpm} BPM.",
        "Tu peux m'écrire {a_role} {style} {amount} ?",
        "Compose {a_role} de {bars} mesures en {key}.",
        "J'aimerais {a_role} {feel}, autour de {bpm} BPM.",
        "Une boucle {of_role} {style} pour mon morceau en {key}, {bpm} BPM.",
        "Crée {a_role} {where}, {amount}.",
        "Donne-moi {a_role} {style} {feel}, {bars} mesures, {bpm} BPM.",
        "On cherche {a_role} {style}, {where}, en {key}.",
        "Une idée {of_role} {amount}, à {bpm} BPM ?",
        "Pour un morceau {style} : {a_role} en {key}.",
        "{a_role} dans l'esprit {who}, en {key}.",
        "Il manque {the_role} à ma boucle de {bars} mesures.",
        "{a_role} {full}, {bars} mesures, pour commencer.",
    ),
    "technical": (
        "{role}, {style}, {key}, {bpm} BPM, {bars} mesures",
        "{role}, {key}, {bpm} BPM, {bars} mesures, {amount_label}",
        "Rôle : {role} ; style : {style} ; tonalité : {key} ; tempo : {bpm} BPM",
        "{bpm} BPM, {bars} mesures, {role}, {amount_label}",
        "{role} {style} | {key} | {bpm} BPM | {bars} mesures | {amount_label}",
        "{role} {bars} mesures {bpm} BPM",
    ),
    "mood": (
        "{a_role} {mood} en {key}.",
        "Quelque chose {of_mood} pour {the_role}, {bpm} BPM.",
        "Je veux une ambiance {mood_f} : {a_role} {style}.",
        "Ambiance {mood_f}, {a_role}, {bars} mesures.",
        "{a_role} {mood}, {amount}, à {bpm} BPM.",
    ),
}
_ENGLISH: Final[dict[Kind, tuple[str, ...]]] = {
    "two-word": (
        "{style} {role}",
        "{mood} {role}",
        "{full} {role}",
        "{mood} {style} {role}",
        "{pitched} {role}",
    ),
    "sentence": (
        "Make me [a {style} {role}], {bars} bars.",
        "I would like [a {style} {role}] in {key}.",
        "[a {style} {role}] at {bpm} BPM, please.",
        "I need [a {role}] in {key} at {bpm} BPM.",
        "Can you write [a {style} {role}] {amount}?",
        "Compose [a {role}] of {bars} bars in {key}.",
        "Give me [a {role}] {feel}, around {bpm} BPM.",
        "[one {style} {single} loop] for my track in {key}, {bpm} BPM.",
        "Write [a {role}] {where}, {amount}.",
        "I want [a {style} {role}] {feel}, {bars} bars, {bpm} BPM.",
        "We are looking for [a {style} {role}] {where}, in {key}.",
        "Any idea for [a {role}] {amount}, at {bpm} BPM?",
        "For [one {style} track]: [a {role}] in {key}.",
        "[a {role}] in the spirit of {who}, in {key}.",
        "[one {single} loop], {bars} bars.",
        "[a {full} {role}] for a loop of {bars} bars.",
    ),
    "technical": (
        "{role}, {style}, {key}, {bpm} BPM, {bars} bars",
        "{role}, {key}, {bpm} BPM, {bars} bars, {amount_label}",
        "Role: {role}; style: {style}; key: {key}; tempo: {bpm} BPM",
        "{bpm} BPM, {bars} bars, {role}, {amount_label}",
        "{style} {role} | {key} | {bpm} BPM | {bars} bars | {amount_label}",
        "{role} {bars} bars {bpm} BPM",
    ),
    "mood": (
        "[a {mood} {role}] in {key}.",
        "Something {mood} for the {role}, {bpm} BPM.",
        "I want [one {mood} feel]: [a {style} {role}].",
        "{mood} mood, {role}, {bars} bars.",
        "[a {mood} {role}], {amount}, at {bpm} BPM.",
    ),
}
TEMPLATES: Final[dict[Language, dict[Kind, tuple[str, ...]]]] = {"fr": _FRENCH, "en": _ENGLISH}
