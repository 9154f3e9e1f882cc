"""Loops a second: from the tables of events and files in memory to the table of loops, on one core.

    python benchmarks/loops.py [--rounds 5] [--quick] [--json]

All files of openscore_lieder, ceol_rince, groove, js_fakes and freedoom below BOUMB_TEST_DATA (default ../shared), each
tenth with --quick, are read into tables; that is not timed. The figure is of the best round, after one that compiles.

Prints a table, or one object with `loops_per_second`, `notes_per_second` (of the events), `loops`, `dropped` (by
filter), and `bytes` (the length of the texts: median, nine of ten, largest).
"""

import argparse
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.corpus.loops import cut_loops
from boumb_assets.events.extract import FileTask, extract_files

CORPORA: Final = ("openscore_lieder", "ceol_rince", "groove", "js_fakes", "freedoom")


def tables(every: int) -> tuple[pa.Table, pa.Table]:
    """EVENTS and FILES of the corpora, strings as they come from Parquet."""
    corpus = Path(os.environ.get("BOUMB_TEST_DATA", "../shared")) / "corpus"
    read = []
    for name in CORPORA:
        paths = sorted((corpus / name).rglob("*.mid"))[::every]
        tasks = [
            FileTask(str(path), str(path.relative_to(corpus)), hashlib.sha256(path.read_bytes()).hexdigest())
            for path in paths
        ]
        read.append(extract_files(tasks, name))
    events = pa.concat_tables([one.events for one in read])
    plain = [
        pa.field(field.name, field.type.value_type if pa.types.is_dictionary(field.type) else field.type)
        for field in events.schema
    ]
    return events.cast(pa.schema(plain)), pa.concat_tables([one.files for one in read])


def measure(rounds: int, every: int) -> dict[str, Any]:
    """The figures that the module's docstring names."""
    events, files = tables(every)
    made, best = cut_loops(events, files), np.inf
    for _ in range(rounds):
        began = time.perf_counter()
        cut_loops(events, files)
        best = min(best, time.perf_counter() - began)
    lengths = pc.utf8_length(made.table.column("content")).to_numpy()
    return {
        "loops_per_second": round(made.table.num_rows / best),
        "notes_per_second": round(events.num_rows / best),
        "loops": made.table.num_rows,
        "bytes": [int(at) for at in np.percentile(lengths, (50, 90, 100))],
        "dropped": made.dropped,
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a tenth of the files")
    parser.add_argument("--json", action="store_true", help="print one object")
    options = parser.parse_args()
    figures = measure(options.rounds, 10 if options.quick else 1)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:18} {value}")


if __name__ == "__main__":
    main()
