"""Rows to train on: loops so simple that a tiny model can learn what a bass is."""

import json
from pathlib import Path
from random import Random
from typing import Any

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note

CONTRACTS = ("boumb-sequence", "drum-pattern")
PLACES = {"Basse": 36, "Mélodie": 72}
STYLES = ("funky", "techno", "dub")


def row(rng: Random, notes: int = 4) -> dict[str, list[dict[str, str]]]:
    """A bass at C2 or a melody at C5, up to five semitones above."""
    role = rng.choice(list(PLACES))
    played = [Note.on_grid(index * 4, PLACES[role] + rng.randrange(6), 4, 0.8) for index in range(notes)]
    messages = [
        {"role": "user", "content": f"{role} {rng.choice(STYLES)}"},
        {"role": "assistant", "content": BoumbSequence.of(played).to_json()},
    ]
    if rng.random() < 0.5:
        messages.insert(0, {"role": "system", "content": "Rien que le JSON."})
    return {"messages": messages}


def lines(count: int, seed: int = 0, notes: int = 4) -> list[str]:
    """The rows as JSON lines."""
    rng = Random(seed)
    return [json.dumps(row(rng, notes), ensure_ascii=False) for _ in range(count)]


ENGLISH = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
FRENCH = ("do", "do#", "ré", "mi bémol", "mi", "fa", "fa#", "sol", "la bémol", "la", "si bémol", "si")


def movable_row(rng: Random, low: int = -5, high: int = 6) -> dict[str, Any]:
    """A bass in C minor, in the studio's own form, and by how much it may be moved."""
    names, before, after = rng.choice(
        ((ENGLISH, "A bass in ", " minor, please"), (FRENCH, "Une ligne très funky en ", " mineur"))
    )
    played = [Note.on_grid(index * 4, 36 + rng.choice((0, 3, 7, 10)), 4, 0.8) for index in range(4)]
    told, pitches = "Use only these pitches: [", "C2, D#2, G2, A#2"
    return {
        "messages": [
            {"role": "system", "content": f"{told}{pitches}]."},
            {"role": "user", "content": f"{before}{names[0]}{after}, {rng.randrange(60, 180)} bpm"},
            {"role": "assistant", "content": BoumbSequence.of(played).to_json()},
        ],
        "transpose": {
            "low": low,
            "high": high,
            "names": [[1, len(before), len(before) + len(names[0]), list(names)]],
            "pitches": [[0, len(told), len(told) + len(pitches)]],
        },
    }


def movable_lines(count: int, seed: int = 0) -> list[str]:
    """Rows that may be read in other keys, as JSON lines."""
    rng = Random(seed)
    return [json.dumps(movable_row(rng), ensure_ascii=False) for _ in range(count)]


def write_shard(path: Path, rows: list[str], rows_a_frame: int = 0) -> Path:
    """Writes rows, packed where the name says so: into one frame, or a frame each ``rows_a_frame``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = [f"{line}\n".encode() for line in rows]
    if path.suffix == ".zst":
        import zstandard

        compressor = zstandard.ZstdCompressor(level=3, write_checksum=True)
        step = rows_a_frame or max(1, len(data))
        data = [compressor.compress(b"".join(data[first : first + step])) for first in range(0, len(data), step)]
    path.write_bytes(b"".join(data))
    return path
