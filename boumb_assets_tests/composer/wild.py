"""Requests and prompts that nobody sensible would write, drawn by number; the bars of the answers."""

from io import BytesIO
from random import Random
from typing import Any, Final

import mido
import symusic

from boumb_assets.contracts.loop_request import ROLES, STYLES
from boumb_assets.contracts.music_request import FORMS, PERIODS, MusicRequest
from boumb_assets.contracts.music_structure import KEYS, TIME_SIGNATURES
from boumb_assets.theory.scales import SCALES

NONSENSE: Final = (
    "", " ", "auto", "😀🎹🔥", "ſol mineur", "İ", "\x00\x07", "null", "NaN", "'; drop table loops; --", "ﷺ" * 3,
    "é\u0301", "🇫🇷" * 5, "−1", "Ĥ♯ dur", "\u202eabc", "a" * 160, "ABABABABABAB", "{}", "[1,2]", "-0", "１２",
)  # fmt: skip
CADENCES: Final = ("HC", "PAC", "DC", "PICARDY", "pac", "IAC", "half cadence", "", 7, None)
SECTION_NAMES: Final = (
    "A", "B", "A'", "A''", "C", "Intro", "Theme", "Variation 1", "Variation 2", "Development", "Trio", "Coda",
    "Réexposition",
)  # fmt: skip
WORDS: Final = {
    "fr": (
        "basse", "une", "grosse", "qui tache", "funky", "en fa dièse mineur", "140 bpm", "nappe", "douce", "batterie",
        "jazz", "lo-fi", "mélodie", "triste", "sur 4 mesures", "très dense", "ré mineur", "sol majeur", "accords",
        "japonaise", "planante", "house", "sans batterie", "calme", "minimale", "énervée", "dub", "à 90 bpm",
    ),
    "en": (
        "a", "deep", "bass line", "funk", "in F# minor", "at 128 bpm", "dreamy", "pad", "drums", "jazz walking", "busy",
        "sparse", "four bars", "2 bars", "chiptune lead", "Bb major", "phrygian", "trap", "bossa nova keys", "ambient",
        "no drums", "dark", "happy", "C blues", "techno", "slow", "for a rainy night", "hirajoshi",
    ),
}  # fmt: skip


def any_request(number: int) -> MusicRequest:
    """The ``number``-th request: each field left out, usual, at its edge, or as strange as the request allows."""
    rng = Random(f"{number}/request")
    fields: dict[str, Any] = {
        "valence": _number(rng, -1, 1),
        "arousal": _number(rng, 0, 1),
        "focus": _number(rng, 0, 1),
        "confidence": _number(rng, 0, 1),
        "duration": _number(rng, 20, 420),
        "motif_tags": rng.choice([
            [rng.choice((*NONSENSE, "memory", "hope", "la mer")) for _ in range(rng.randint(0, 24))], "a, b,,c", "",
        ]),
        "key": rng.choice([*KEYS, "ré mineur", "Bb", "f# minor", "H dur", *NONSENSE])[:24],
        "form": rng.choice([*FORMS, "AABA", "a-b-a-c-a", "Rondeau", "fugue", "ABACABA", *NONSENSE])[:24],
        "period": rng.choice([*PERIODS, "Romantique", "ars nova", *NONSENSE])[:24],
        "tempo": _number(rng, 40, 220),
        "timeSignature": rng.choice(TIME_SIGNATURES),
        "instrumentation": [rng.choice((*NONSENSE, "piano", "string quartet")) for _ in range(rng.randint(0, 8))],
        "motif_seed": [rng.randint(1, 14) for _ in range(rng.randint(0, 12))],
        "rhythm_seed": [_number(rng, 0.25, 4) for _ in range(rng.randint(0, 12))],
        "section_plan": _plan(rng),
        "emotional_arc": rng.choice([_json(rng, 3), [_number(rng, -3, 3) for _ in range(5)], {"arousal": [0, 1, 0.2]}]),
        "humanize": rng.choice([_json(rng, 2), {"rubato": "expressive", "peakBoost": 9}, {"velocityCurve": []}]),
    }  # fmt: skip
    given = {name: value for name, value in fields.items() if rng.random() < 0.6}
    for name in ("section_plan", "emotional_arc", "humanize"):
        if not isinstance(given.get(name, {}), list | dict):
            del given[name]
    return MusicRequest.model_validate(given)


def _number(rng: Random, least: float, most: float) -> float:
    return rng.choice((least, most, (least + most) / 2, rng.uniform(least, most), round(rng.uniform(least, most), 1)))


def _plan(rng: Random) -> Any:
    kind = rng.random()
    if kind < 0.2:
        return _json(rng, 4)
    entries: list[Any] = [
        {
            name: value
            for name, value in {
                "name": rng.choice([*SECTION_NAMES, *NONSENSE, 3, None]),
                "measures": rng.choice([4, 8, 12, 16, 7, 0, -3, 10**400, 1e300, "8", "douze", 12.5, None, True, [8]]),
                "key": rng.choice([*KEYS, "Bb minor", "auto", *NONSENSE, 5, None]),
                "cadence": rng.choice(CADENCES),
                "mood": _json(rng, 1),
            }.items()
            if rng.random() < 0.8
        }
        for _ in range(rng.choice((0, 1, 2, 3, 4, 6, 12, 15)))
    ]
    if kind < 0.4:
        entries.insert(rng.randint(0, len(entries)), _json(rng, 2))
    return rng.choice([entries, {"sections": entries}, {"plan": {"parts": entries}}, [entries]])


def _json(rng: Random, depth: int) -> Any:
    kind = rng.random()
    if depth and kind < 0.35:
        return [_json(rng, depth - 1) for _ in range(rng.randint(0, 5))]
    if depth and kind < 0.75:
        names = (*NONSENSE, "sections", "name", "arousal", "start", "key")
        return {rng.choice(names): _json(rng, depth - 1) for _ in range(rng.randint(0, 5))}
    return rng.choice([None, True, -1, 0, 10**30, 0.5, 1e308, float("inf"), float("nan"), *NONSENSE])


def any_prompt(number: int) -> str:
    """The ``number``-th prompt: French, English, both, nonsense, emoji, nothing, 10 kB."""
    rng = Random(f"{number}/prompt")
    kind = rng.random()
    if kind < 0.6:
        words = rng.choice((WORDS["fr"], WORDS["en"], WORDS["fr"] + WORDS["en"]))
        said = " ".join(rng.choice(words) for _ in range(rng.randint(1, 9)))
        return rng.choice((said, said.upper(), said + " 🔥", f"  {said}!!!"))
    if kind < 0.7:
        parts = (rng.choice(STYLES), rng.choice(ROLES), rng.choice(list(SCALES)), f"{rng.randint(0, 400)} bpm")
        return " ".join(rng.sample(parts, rng.randint(1, 4)))
    if kind < 0.8:
        return "".join(chr(rng.choice((rng.randint(32, 126), rng.randint(160, 0x2FFF), rng.randint(0x1F300, 0x1F9FF))))
                       for _ in range(rng.randint(0, 80)))  # fmt: skip
    if kind < 0.85:
        return (rng.choice((*NONSENSE, "basse funk ", "\n")) * 10_000)[:10_000]
    return rng.choice(NONSENSE)


def bars_of(midi: bytes) -> set[float]:
    """The bars of a MIDI file: as far as its notes need them, and as each of its tracks is long."""
    score = symusic.Score.from_midi(midi)
    signature = score.time_signatures[0]
    bar = score.tpq * 4 * signature.numerator / signature.denominator
    sounding = -(-score.end() // bar)
    return {float(sounding)} | {sum(m.time for m in track) / bar for track in mido.MidiFile(file=BytesIO(midi)).tracks}
