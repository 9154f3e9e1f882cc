"""The system messages of rows: none, a line, or in the form of the studio's own, each in several wordings, so that a
model learns what is asked and not one sentence."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from boumb_assets.contracts.system_prompts import PromptForm, system_prompt
from boumb_assets.corpus.row_kernel import Heads
from boumb_assets.corpus.text_kernel import BLOCK, Ints

FORMS: Final[tuple[PromptForm, ...]] = ("none", "line", "app")
# How often a row has which form, of four; the studio's own message always comes with the studio's own system message.
WEIGHTED: Final[tuple[PromptForm, ...]] = ("none", "none", "line", "app")
LANGUAGES: Final = ("fr", "en")  # in the order of prompts.rendering
WORDINGS: Final = 4  # of a line and of the app's form; the first is the one that the platform itself sends

_SEQUENCE: Final = '{"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9}]}'
_DRUMS: Final = '{"clips":{"track-kick":[{"time":"0:0:0","note":"C4","duration":"16n","velocity":0.9}]}}'
_MARK: Final = "\x00"  # where the list of pitches stands, if there is one

_LINES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("boumb-sequence", "en"): (
        f"Answer every request with one loop in this JSON and nothing else: {_SEQUENCE}",
        "You are a loop generator. Output minified JSON with a sequence of notes: note, time, duration, velocity.",
        "Reply only with a JSON loop for the sequencer.",
    ),
    ("boumb-sequence", "fr"): (
        f"Réponds à chaque demande par une boucle dans ce JSON et rien d'autre : {_SEQUENCE}",
        "Tu es un générateur de boucles. Donne un JSON minifié avec une suite de notes : note, time, duration, "
        "velocity.",
        "Réponds seulement par une boucle en JSON pour le séquenceur.",
    ),
    ("drum-pattern", "en"): (
        f"Answer every request with one drum pattern in this JSON and nothing else: {_DRUMS}",
        "You are a drum machine. Output minified JSON with the hits of each track over two bars.",
        "Reply only with a JSON drum pattern.",
    ),
    ("drum-pattern", "fr"): (
        f"Réponds à chaque demande par un rythme de batterie dans ce JSON et rien d'autre : {_DRUMS}",
        "Tu es une boîte à rythmes. Donne un JSON minifié avec les coups de chaque piste sur deux mesures.",
        "Réponds seulement par un motif de batterie en JSON.",
    ),
}
_APP: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("boumb-sequence", "en"): (
        f"You write parts for a music studio that plays loops in 4/4. Style and mood are the user's.{_MARK} Give a "
        "JSON object with the key sequence: notes of note, time, duration and velocity, sorted by time.",
        f"Generate a short musical loop for the request, 2 or 4 bars.{_MARK} Output only JSON: "
        '{"sequence":[...]}, times as bar:beat:sixteenth, sharps and no flats.',
        f"You are an assistant inside a browser studio.{_MARK} The user wants a loop; return it as a JSON object with "
        "sequence, without comments and without code fences.",
    ),
    ("boumb-sequence", "fr"): (
        "Tu écris des parties pour un studio qui joue des boucles à 4/4. Le style et l'humeur sont ceux de la "
        f"demande.{_MARK} Donne un objet JSON avec la clé sequence : des notes de note, time, duration et velocity, "
        "triées par time.",
        f"Génère une courte boucle musicale pour la demande, 2 ou 4 mesures.{_MARK} Rien que du JSON : "
        '{"sequence":[...]}, les temps en mesure:temps:double-croche, des dièses et pas de bémols.',
        f"Tu es l'assistant d'un studio dans le navigateur.{_MARK} L'utilisateur veut une boucle ; rends-la en un "
        "objet JSON avec sequence, sans commentaire et sans balise de code.",
    ),
    ("drum-pattern", "en"): (
        "You program drums for a music studio that plays loops in 4/4. Give a JSON object with the key clips: for each "
        "track that sounds its hits of time, note, duration and velocity, sorted by time.",
        "Generate a two-bar drum pattern for the request. Output only JSON: "
        '{"clips":{...}}, times as bar:beat:sixteenth.',
        "You are an assistant inside a browser studio. The user wants a beat; return it as a JSON object with clips, "
        "without comments and without code fences.",
    ),
    ("drum-pattern", "fr"): (
        "Tu programmes la batterie d'un studio qui joue des boucles à 4/4. Donne un objet JSON avec la clé clips : "
        "pour chaque piste qui sonne, ses coups de time, note, duration et velocity, triés par time.",
        "Génère un rythme de batterie de deux mesures pour la demande. Rien que du JSON : "
        '{"clips":{...}}, les temps en mesure:temps:double-croche.',
        "Tu es l'assistant d'un studio dans le navigateur. L'utilisateur veut un rythme ; rends-le en un objet JSON "
        "avec clips, sans commentaire et sans balise de code.",
    ),
}
_PITCHES: Final[dict[str, tuple[str, ...]]] = {
    "en": (" Use only these pitches: [|].", " Allowed pitches: [|]", " Stay on these notes: [|].", " Pitches: [|]."),
    "fr": (
        " Utilise seulement ces hauteurs : [|].",
        " Hauteurs permises : [|].",
        " Reste sur ces notes : [|].",
        " Hauteurs : [|].",
    ),
}
_BEFORE: Final = '{"messages":['
_SYSTEM: Final = '{"role":"system","content":"'
_USER: Final = '{"role":"user","content":"'


@dataclass(frozen=True)
class System:
    """One wording of a system message, in the pieces around its list of pitches; the last two of the list's sentence
    are empty where the message has no place for one."""

    before: str
    opens: str = ""
    closes: str = ""
    after: str = ""

    def text(self, pitches: str = "") -> str:
        """The message, with the names of ``pitches`` in its list where it has one."""
        listed = self.opens + pitches + self.closes if pitches and self.opens else ""
        return self.before + listed + self.after


def head_of(form: Ints, language: Ints, wording: Ints) -> Ints:
    """The places of heads in `system_messages`, from the places in FORMS and LANGUAGES and of the wordings."""
    return (form * len(LANGUAGES) + language) * WORDINGS + wording


@cache
def system_messages(contract: str) -> tuple[System | None, ...]:
    """Every system message for the loops of a contract, by `head_of`; None where nothing is said."""
    return tuple(
        _system(contract, form, language, wording)
        for form in FORMS
        for language in LANGUAGES
        for wording in range(WORDINGS)
    )


def in_string(text: str) -> str:
    """A text as it stands in a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _system(contract: str, form: PromptForm, language: str, wording: int) -> System | None:
    if form == "none":
        return None
    if form == "line":
        own = system_prompt(contract, "line", language) or ""
        return System((own, *_LINES[contract, language])[wording])
    own = (system_prompt(contract, "app", language, (_MARK,)) or "").replace(_sentence(language), _MARK)
    before, _, after = (own, *_APP[contract, language])[wording].partition(_MARK)
    opens, _, closes = _PITCHES[language][wording].partition("|")
    return System(before, opens, closes, after) if contract == "boumb-sequence" else System(before)


def _sentence(language: str) -> str:
    return _PITCHES[language][0].replace("|", _MARK)


@cache
def heads(contract: str) -> Heads:
    """What stands before the prompts of a contract's rows, by `head_of`."""
    data, parts, chars = bytearray(), [], []
    for system in system_messages(contract):
        pieces = (_BEFORE + _USER, "", "", "")
        if system is not None:
            opened, end = _BEFORE + _SYSTEM, '"},' + _USER
            pieces = (
                opened + in_string(system.before),
                in_string(system.opens),
                in_string(system.closes),
                in_string(system.after) + end,
            )
        bounds = [len(data)]
        for piece in pieces:
            data += piece.encode()
            bounds.append(len(data))
        parts.append(bounds)
        chars.append(-1 if system is None else len(system.before + system.opens))
    padded = np.frombuffer(bytes(data) + bytes(BLOCK), np.uint8)
    return Heads(padded, np.array(parts, np.int64), np.array(chars, np.int64))
