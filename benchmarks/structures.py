"""Structures out of real pieces: how many, how fast, and why the other files give none.

    python benchmarks/structures.py [--quick] [--json] [--print N]

The songs and chorales below BOUMB_TEST_DATA (default ../shared) and the demo data set, each tenth file of the songs and
chorales with --quick, are read into tables; that is not timed. Then one core derives their structures, after a first
round that compiles. ``--print N`` shows N of the songs' structures with their places in the score, spread over all.

Prints a table, or one object with, for each collection: `files`, `rows`, `seconds`, `kept_share` and `covered_share`
(means), `forms` and `cadences` (counts) and `reasons` (files without a structure, by reason).
"""

import argparse
import csv
import hashlib
import json
import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from boumb_assets.corpus.structures import Structures, derive_structures
from boumb_assets.events.extract import FileTask, extract_files
from boumb_assets.ingest.demo import write_demo

SONGS: Final = "openscore_lieder"
CORPORA: Final = (SONGS, "js_fakes")


def tables(root: Path, dataset: str, every: int) -> tuple[pa.Table, pa.Table]:
    """EVENTS and FILES of the files below ``root``, strings as they come from Parquet."""
    index = root / "index.tsv"
    told = (
        {row["file"]: row for row in csv.DictReader(index.open(encoding="utf-8"), delimiter="\t")}
        if index.exists()
        else {}
    )
    tasks = []
    for path in sorted(root.rglob("*.mid"))[::every]:
        name = path.relative_to(root).as_posix()
        facts = told.get(name, {})
        died = facts.get("died") or ""
        known = {
            "title": facts.get("title"),
            "composer": facts.get("composer"),
            "composer_died": int(died) if died else None,
        }
        tasks.append(FileTask(str(path), name, hashlib.sha256(path.read_bytes()).hexdigest(), known))
    read = extract_files(tasks, dataset)
    plain = [
        pa.field(field.name, field.type.value_type if pa.types.is_dictionary(field.type) else field.type)
        for field in read.events.schema
    ]
    return read.events.cast(pa.schema(plain)), read.files


def measure(made: Structures, files: int, seconds: float) -> dict[str, Any]:
    """The figures of one collection that the module's docstring names."""
    rows = made.table.to_pylist()
    contents = [json.loads(row["content"]) for row in rows]
    return {
        "files": files,
        "rows": len(rows),
        "seconds": round(seconds, 2),
        "kept_share": round(float(np.mean([row["kept_share"] for row in rows])), 3) if rows else None,
        "covered_share": round(float(np.mean([row["covered_share"] for row in rows])), 3) if rows else None,
        "forms": dict(Counter(content["form"] for content in contents).most_common()),
        "cadences": dict(
            Counter(part["cadence"] for content in contents for part in content["sections"]).most_common()
        ),
        "reasons": dict(sorted(made.reasons.items(), key=lambda entry: -entry[1])),
    }


def shown(row: dict[str, Any]) -> str:
    """A structure as lines to be read beside its score."""
    content, request = json.loads(row["content"]), json.loads(row["request"])
    sure = dict(row["confidence"])
    lines = [
        f"{row['path']}: {row['composer'] or '?'}, {row['title'] or '?'}",
        f"  {row['original_key']} ({sure['key']:.2f}), {row['original_metre']}; written in {content['key']}, "
        f"{content['timeSignature']}, {content['tempo']} quarters a minute; "
        f"form {content['form']} ({sure['form']:.2f}); kept {row['kept_share']:.2f}, "
        f"covered {row['covered_share']:.2f}; valence {request['valence']}, "
        f"arousal {request['arousal']}, {request['duration']} s",
    ]
    for place, part in zip(row["places"], content["sections"], strict=True):
        motif = part["melody"]["motifs"][0]
        lines += [
            f"  {place['name']:3} bars {place['first']}-{place['last']}: {place['key']}, {place['cadence']}; "
            f"{part['dynamics']}, {part['texture']}",
            f"      {' '.join(part['chordProgression'])}",
            f"      {motif['degrees']} {motif['rhythm']}",
        ]
    return "\n".join(lines)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the files")
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument("--print", type=int, default=0, metavar="N", help="show N structures of songs")
    options = parser.parse_args()
    corpus = Path(os.environ.get("BOUMB_TEST_DATA", "../shared")) / "corpus"
    every = 10 if options.quick else 1
    figures, songs = {}, []
    with tempfile.TemporaryDirectory() as demo:
        write_demo(Path(demo))
        for name, root, step in [*((name, corpus / name, every) for name in CORPORA), ("demo", Path(demo), 1)]:
            events, files = tables(root, name, step)
            derive_structures(events, files.slice(0, 20))
            began = time.perf_counter()
            made = derive_structures(events, files)
            figures[name] = measure(made, files.num_rows, time.perf_counter() - began)
            if name == SONGS:
                songs = made.table.to_pylist()
    if options.json:
        print(json.dumps(figures))
        return
    for name, found in figures.items():
        print(f"{name}\n" + "\n".join(f"  {key:14} {value}" for key, value in found.items()))
    for row in songs[:: max(1, len(songs) // options.print)][: options.print] if options.print else ():
        print("\n" + shown(row))


if __name__ == "__main__":
    main()
