"""Rows to train on: loops so simple that a tiny model can learn what a bass is."""

import json
from pathlib import Path
from random import Random

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


def write_shard(path: Path, rows: list[str]) -> Path:
    """Writes rows, packed where the name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "".join(f"{line}\n" for line in rows).encode()
    if path.suffix == ".zst":
        import zstandard

        data = zstandard.ZstdCompressor(level=3).compress(data)
    path.write_bytes(data)
    return path
