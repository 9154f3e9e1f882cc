"""What a model is told before it is asked for music, in three forms.

``none`` says nothing (a model trained for one contract needs nothing said), ``line`` is one sentence, and ``app`` is
in the form of the apps' own messages, so that a model meets in training what it will meet in use.
"""

from collections.abc import Sequence
from typing import Final, Literal

from boumb_assets.contracts.registry import contract as contract_of

PromptForm = Literal["none", "line", "app"]

_LINES: Final[dict[str, dict[str, str]]] = {
    "boumb-sequence": {
        "en": "You write loops as minified JSON: "
        '{"sequence":[{"note":"C2","time":"bar:beat:sixteenth","duration":"8n","velocity":0.9}]}. JSON only.',
        "fr": "Tu écris des boucles en JSON minifié : "
        '{"sequence":[{"note":"C2","time":"mesure:temps:double-croche","duration":"8n","velocity":0.9}]}. '
        "Rien que le JSON.",
    },
    "boumb-steps": {
        "en": "You write two-bar loops as minified JSON: "
        '{"notes":[{"pitch":"C3","start":0,"duration":2,"velocity":100}]}, in sixteenths. JSON only.',
        "fr": "Tu écris des boucles de deux mesures en JSON minifié : "
        '{"notes":[{"pitch":"C3","start":0,"duration":2,"velocity":100}]}, en doubles croches. Rien que le JSON.',
    },
    "drum-pattern": {
        "en": "You write two-bar drum patterns as minified JSON: "
        '{"clips":{"track-kick":[{"time":"0:0:0","note":"C4","duration":"16n","velocity":0.9}]}}. JSON only.',
        "fr": "Tu écris des rythmes de batterie de deux mesures en JSON minifié : "
        '{"clips":{"track-kick":[{"time":"0:0:0","note":"C4","duration":"16n","velocity":0.9}]}}. Rien que le JSON.',
    },
    "music-structure": {
        "en": "You compose the structure of classical pieces as one minified JSON object. JSON only.",
        "fr": "Tu composes la structure de pièces classiques en un seul objet JSON minifié. Rien que le JSON.",
    },
}

_LOOP_APP: Final[dict[str, dict[str, str]]] = {
    "boumb-sequence": {
        "en": "You are a composer for a loop sequencer. Write a loop of 2 or 4 bars in 4/4 for the requested style."
        '{pitches} Answer with one JSON object {{"sequence":[...]}} of notes with note (sharps only), time '
        "(bar:beat:sixteenth from 0:0:0, sorted), duration (1n 2n 4n 8n 16n 32n) and velocity (0.1 to 1.0), in this "
        "order, and nothing else.",
        "fr": "Tu composes pour un séquenceur de boucles. Écris une boucle de 2 ou 4 mesures à 4/4 dans le style "
        'demandé.{pitches} Réponds par un objet JSON {{"sequence":[...]}} de notes avec note (dièses seulement), time '
        "(mesure:temps:double-croche depuis 0:0:0, dans l'ordre), duration (1n 2n 4n 8n 16n 32n) et velocity (0.1 à "
        "1.0), dans cet ordre, et rien d'autre.",
    },
    "boumb-steps": {
        "en": "You are a composer. Write a short musical idea (4 to 8 notes) for the requested style.{pitches} Answer "
        'with {{"notes":[...]}}, a JSON array of notes with pitch, start (0 to 31), duration (in sixteenths) and '
        "velocity (1 to 127), and nothing else.",
        "fr": "Tu es compositeur. Écris une courte idée musicale (4 à 8 notes) dans le style demandé.{pitches} Réponds "
        'par {{"notes":[...]}}, un tableau JSON de notes avec pitch, start (0 à 31), duration (en doubles croches) et '
        "velocity (1 à 127), et rien d'autre.",
    },
    "drum-pattern": {
        "en": "You program a drum machine. Write a pattern of 2 bars (32 sixteenths) in 4/4 for the requested style. "
        'Answer with one JSON object {{"clips":{{...}}}} of the tracks track-kick, track-snare, track-hhc, track-hho '
        "and track-perc1 that sound: hits with time (bar:beat:sixteenth, sorted), note C4, duration 16n and velocity "
        "(0.1 to 1.0), and nothing else.",
        "fr": "Tu programmes une boîte à rythmes. Écris un motif de 2 mesures (32 doubles croches) à 4/4 dans le style "
        'demandé. Réponds par un objet JSON {{"clips":{{...}}}} des pistes track-kick, track-snare, track-hhc, '
        "track-hho et track-perc1 qui sonnent : des coups avec time (mesure:temps:double-croche, dans l'ordre), note "
        "C4, duration 16n et velocity (0.1 à 1.0), et rien d'autre.",
    },
}
_PITCHES: Final = {"en": " Use only these pitches: [{}].", "fr": " Utilise seulement ces hauteurs : [{}]."}

# AIRIA speaks English to its model whatever its user speaks, so this form has one language.
_STRUCTURE_APP: Final = (
    "You are a classical composer. Compose structured music as one JSON object with the fields key, tempo (40 to 220), "
    "timeSignature (2/4, 3/4, 4/4, 6/8 or 2/2), form, sections, leitmotifs (optional), humanize {rubato, "
    "velocityCurve, peakBoost, phraseEndSoftness}, instrumentation, character and reasoning (optional). 2 to 12 "
    "sections, each with name, measures (4 to 128), key, chordProgression, melody.motifs (degrees 1 to 14 and a rhythm "
    "of the same length out of 0.25 0.5 1 2 4), dynamics (pp p mp mf f ff), texture (simple, contrapuntal or "
    "homophonic), cadence and harmonicFunctions (tension, release or ambiguity, one a chord). Keys have no sharps or "
    "flats: C major, d minor. "
    "Chords: I ii iii IV V vi vii in major, i II III iv v VI vii in minor, with V in minor only at the cadence. Each "
    "progression starts on the tonic and ends as its cadence says: HC on V, PAC V I or V i, DC V vi or V VI, PICARDY "
    "V I in minor. If a section plan is given, follow it exactly. Answer with the JSON object only."
)


def _templates() -> dict[tuple[str, str, str], str]:
    texts = {(name, "line", language): text for name, by in _LINES.items() for language, text in by.items()}
    texts |= {(name, "app", language): text for name, by in _LOOP_APP.items() for language, text in by.items()}
    return texts | {("music-structure", "app", language): _STRUCTURE_APP for language in ("en", "fr")}


# By contract, form and language. Those of a loop's ``app`` form are format strings with a place for the pitches.
SYSTEM_PROMPTS: Final = _templates()
LANGUAGES: Final = ("en", "fr")


def system_prompt(contract: str, form: PromptForm, language: str, pitches: Sequence[str] = ()) -> str | None:
    """The system message for a contract, or None for the form ``none``.

    ``pitches`` are the names that a melodic loop may use: the ``app`` form lists them in brackets, as the studio does.
    Raises ValueError for a contract, form or language that there is not.
    """
    contract_of(contract)
    if form == "none":
        return None
    if (contract, form, language) not in SYSTEM_PROMPTS:
        raise ValueError(f"no system prompt in form {form!r} and language {language!r}: none, line, app; en, fr")
    text = SYSTEM_PROMPTS[contract, form, language]
    if form == "line" or contract == "music-structure":
        return text
    return text.format(pitches=_PITCHES[language].format(", ".join(pitches)) if pitches else "")


def analysis_prompt(root: str, scale: str) -> str:
    """The system message of the studio's first call, which asks for parameters and not for music, given the project's
    key."""
    return (
        "Extract the musical parameters from the user's request as JSON with the keys root, scale_type, bpm, density "
        f"(low, medium or high) and octave_range (a pair of octaves). The project's key is {root} {scale}. JSON only."
    )
