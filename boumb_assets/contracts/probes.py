"""Texts on either side of every rule, whose verdicts are part of a contract's fingerprint.

A schema does not say that times are sorted or how a cadence ends. Each probe is a good text with one thing changed:
when a rule changes, so does the verdict on a probe, or the canonical text that it is read as.
"""

import json
from collections.abc import Iterator
from typing import Any

Change = tuple[tuple[str | int, ...], Any]  # a path, and the value put there; GONE takes it away

GONE = object()

_NOTE = {"note": "C2", "time": "0:0:0", "duration": "8n", "velocity": 0.9}
_SEQUENCE = {"sequence": [_NOTE, {"note": "F#2", "time": "0:0:0", "duration": "16n", "velocity": 1.0}]}
_HIT = {"time": "0:0:0", "note": "C4", "duration": "16n", "velocity": 0.9}
_DRUMS = {"clips": {"track-kick": [_HIT, {**_HIT, "time": "1:3:3"}], "track-hho": [{**_HIT, "fill": 0.25}]}}
_STEPS = {"notes": [{"pitch": "C3", "start": 0, "duration": 2, "velocity": 100}]}
_MOTIFS = [{"degrees": [5, 4], "rhythm": [1, 0.5]}]
_SECTION = {
    "name": "A", "measures": 8, "key": "d minor", "chordProgression": ["i", "iv", "V", "i"],
    "melody": {"motifs": _MOTIFS}, "dynamics": "p", "texture": "simple",
    "cadence": "PAC", "harmonicFunctions": ["release", "tension", "tension", "release"],
}  # fmt: skip
_PLAIN = {key: value for key, value in _SECTION.items() if key != "harmonicFunctions"}
_LEITMOTIFS = [{"tag": "memory", "degrees": [5], "rhythm": [1], "meaning": "m", "transformations": ["inversion"]}]
_STRUCTURE = {
    "key": "d minor", "tempo": 72, "timeSignature": "3/4", "form": "ABA",
    "sections": [_SECTION, {**_SECTION, "key": "C major", "chordProgression": ["I", "ii", "V"], "cadence": "HC",
                            "harmonicFunctions": ["release", "ambiguity", "tension"]}],
    "leitmotifs": _LEITMOTIFS,
    "humanize": {"rubato": "subtle", "velocityCurve": "phrase", "peakBoost": 0.22, "phraseEndSoftness": 0.35},
    "instrumentation": "piano", "character": "calm", "reasoning": "r",
}  # fmt: skip
_ONE_NOTE = {**_STRUCTURE, "sections": [{**_SECTION, "melody": {"motifs": [{"degrees": [1], "rhythm": [1]}]}}] * 2}

_FIRST: tuple[str | int, ...] = ("sequence", 0)
_KICK: tuple[str | int, ...] = ("clips", "track-kick", 0)
_SECTION_0: tuple[str | int, ...] = ("sections", 0)
_MOTIF: tuple[str | int, ...] = (*_SECTION_0, "melody", "motifs", 0)

_CHANGES: dict[str, tuple[Any, list[Change]]] = {
    "boumb-sequence": (
        _SEQUENCE,
        [
            *(((*_FIRST, "note"), name) for name in ("C0", "B8", "E#2", "C9", "Db2", "c2", "F#2", "G2", "C-1")),
            *(((*_FIRST, "time"), time) for time in ("0:0:1", "4:0:0", "0:4:0", "0:0:4", "9:0:0", "00:0:0", "0:0")),
            *((("sequence", 1, "time"), time) for time in ("3:3:3", "88:3:3", "19:0:0", "89:0:0")),
            *(((*_FIRST, "duration"), name) for name in ("1n", "2n", "4n", "16n", "32n", "64n", "8n.", "8t", 2)),
            *(((*_FIRST, "velocity"), value) for value in (0.1, 1, 1.0, 0, 0.05, 0.85, 1.1, 90, "0.9", True)),
            *(((*_FIRST, key), GONE) for key in _NOTE),
            ((*_FIRST, "extra"), 1), (("extra",), 1), (("sequence",), []), (("sequence",), GONE),
            (_FIRST, {key: _NOTE[key] for key in reversed(_NOTE)}),
        ],
    ),
    "drum-pattern": (
        _DRUMS,
        [
            *(((*_KICK, "time"), time) for time in ("0:0:1", "1:3:3", "2:0:0", "0:0:4")),
            *(((*_KICK, "velocity"), value) for value in (0.1, 1.0, 1, 0, 0.85, 100)),
            *(((*_KICK, "fill"), value) for value in (0, 0.5, 1, 1.1, -0.1, None, "0.5")),
            *(((*_KICK, key), GONE) for key in _HIT),
            *((("clips", track), [_HIT]) for track in ("track-snare", "track-hhc", "track-perc1", "track-bass")),
            ((*_KICK, "note"), "C3"), ((*_KICK, "duration"), "8n"), ((*_KICK, "extra"), 1), (("extra",), 1),
            (("clips", "track-snare"), []), (("clips", "track-kick"), None), (("clips",), {}), (("clips",), GONE),
        ],
    ),
    "boumb-steps": (
        _STEPS,
        [
            *((("notes", 0, "pitch"), name) for name in ("C0", "B8", "E#2", "C9", "Db2")),
            *((("notes", 0, "start"), value) for value in (31, 32, -1, 0.5, "0")),
            *((("notes", 0, "duration"), value) for value in (1, 0, 32, 33, 0.5)),
            *((("notes", 0, "velocity"), value) for value in (1, 0, 127, 128, 0.9)),
            *((("notes", 0, key), GONE) for key in ("pitch", "start", "duration", "velocity")),
            (("notes", 0, "extra"), 1), (("extra",), 1), (("notes",), []), (("notes",), GONE),
        ],
    ),
    "music-structure": (
        _STRUCTURE,
        [
            *(((*path, "key"), key) for path in ((), _SECTION_0) for key in ("a minor", "D minor", "F# minor", "auto")),
            *((("tempo",), value) for value in (40, 220, 39, 221, 72.5, "72")),
            *((("timeSignature",), metre) for metre in ("2/4", "4/4", "6/8", "2/2", "5/4", "9/8")),
            *(((key,), GONE) for key in _STRUCTURE), *(((*_SECTION_0, key), GONE) for key in _SECTION),
            *((("sections",), [_SECTION] * count) for count in (1, 2, 12, 13)),
            *((("sections",), [{**_SECTION, "measures": count}] * 2) for count in (80, 81)),
            *(((*_SECTION_0, "measures"), count) for count in (4, 128, 3, 129, 8.5)),
            *(((*_SECTION_0, "chordProgression"), chords) for chords in (
                ["i", "v", "V", "i"], ["i", "V", "V", "i"], ["v", "iv", "V", "i"], ["i", "iv", "v", "i"], ["V", "i"],
                ["i", "IV", "V", "i"], ["i", "ii", "V", "i"], ["i"],
                ["i", "vii", "V", "i"], ["i", "II", "V", "i"], ["i", "iv", "VI", "i"], ["i", "iv", "V", "I"],
            )),
            *((_SECTION_0, {**_PLAIN, "chordProgression": ["i"] * count + ["V", "i"]}) for count in (30, 31)),
            *(((*_SECTION_0, "cadence"), name) for name in ("HC", "DC", "PICARDY", "IAC")),
            (_SECTION_0, {**_SECTION, "chordProgression": ["i", "iv", "V", "I"], "cadence": "PICARDY"}),
            (_SECTION_0, {**_SECTION, "chordProgression": ["i", "iv", "V", "VI"], "cadence": "DC"}),
            (_SECTION_0, {**_SECTION, "chordProgression": ["i", "iv", "iv", "V"], "cadence": "HC"}),
            (_SECTION_0, {**_SECTION, "key": "C major", "chordProgression": ["I", "V", "V", "vi"], "cadence": "DC"}),
            (_SECTION_0, {**_SECTION, "key": "C major", "chordProgression": ["I", "V", "V", "I"]}),
            (_SECTION_0, {**_SECTION, "key": "C major", "chordProgression": ["I", "v", "V", "I"]}),
            (_SECTION_0, {**_SECTION, "key": "C major", "chordProgression": ["I", "IV", "V", "I"],
                          "cadence": "PICARDY"}),
            *(((*_SECTION_0, "dynamics"), mark) for mark in ("ff", "sfz")),
            *(((*_SECTION_0, "texture"), name) for name in ("homophonic", "monophonic")),
            *(((*_SECTION_0, "name"), text) for text in ("", "x" * 20, "x" * 21, "😀" * 10, "😀" * 11)),
            *(((*_SECTION_0, "harmonicFunctions"), functions) for functions in (["release"], [], None, ["x"] * 4)),
            *(((*_MOTIF, "degrees"), degrees) for degrees in ([1, 14], [0, 1], [1, 15], [1], [1.5, 2], [])),
            *(((*_MOTIF, "rhythm"), rhythm) for rhythm in ([4, 0.25], [2, 1.0], [1], [3, 1], [0.75, 1])),
            ((), _ONE_NOTE), *(((), {**_ONE_NOTE, "timeSignature": metre}) for metre in ("4/4", "6/8")),
            (_MOTIF, {"degrees": [1] * 13, "rhythm": [1] * 13}),
            ((*_SECTION_0, "melody", "motifs"), []),
            ((*_SECTION_0, "melody", "motifs"), _MOTIFS * 5),
            *((("leitmotifs",), motifs) for motifs in ([], _LEITMOTIFS * 6, _LEITMOTIFS * 7)),
            *((("leitmotifs", 0, key), value) for key, value in (
                ("tag", ""), ("tag", "x" * 33), ("meaning", "x" * 161), ("transformations", ["x"] * 9),
                ("transformations", ["x" * 49]), ("transformations", []), ("meaning", GONE), ("rhythm", [1, 1]),
            )),
            *((("humanize", key), value) for key, value in (
                ("rubato", "none"), ("rubato", "much"), ("velocityCurve", "flat"), ("velocityCurve", "arch"),
                ("peakBoost", 0.6), ("peakBoost", 0.61), ("phraseEndSoftness", 0.8), ("phraseEndSoftness", 0.81),
                ("rubato", GONE), ("peakBoost", 0),
            )),
            *(((key,), "x" * count) for key, count in (
                ("form", 24), ("form", 25), ("instrumentation", 40), ("instrumentation", 41), ("character", 160),
                ("character", 161), ("reasoning", 1200), ("reasoning", 1201),
            )),
            (("extra",), 1), ((*_SECTION_0, "extra"), 1),
        ],
    ),
}  # fmt: skip


def probes(contract: str) -> Iterator[str]:
    """The probes of a contract, by its name: the good text, the same with white space, then one change each."""
    good, changes = _CHANGES[contract]
    yield _text(good)
    yield json.dumps(good, indent=1).replace("},", "} ,") + "\n"
    yield _text(list(good.values()))
    for path, value in changes:
        yield _text(_changed(good, path, value))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _changed(good: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    changed = json.loads(_text(good))  # a copy in which no two places share a value
    place = changed
    for part in path[:-1]:
        place = place[part]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed
