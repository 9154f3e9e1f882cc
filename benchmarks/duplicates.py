"""Groups of works, splits and the mix over a large corpus that is made up: time, memory, and nobody in two splits.

    python benchmarks/duplicates.py [--loops 1000000] [--quick] [--json]

Loops of 16 random bands in as many files as the largest public collection has a loop (0.18); three files in ten are
copies of another, half of their loops changed in a quarter of their bands; 5 % of the loops are one of 200 that are
everywhere. All SQL models are made from Parquet and written to Parquet as the assets do it, with two threads; a second
time they read what they decided. --quick takes 100,000 loops. Keys: `loops`, `files`, `seconds` (all models, once),
`seconds_again`, `seconds_by_model`, `peak_rss_mib` (of the process that makes them), `kin`, `crossing` (pairs of kin in
two splits, groups and works too: 0), `moved` (files that changed their split: 0).
"""

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from boumb_assets.sql_models import MEMORY, load_models, make_rows
from boumb_assets.sql_project import Model

FILES_A_LOOP: Final = 0.18
COPIED, COMMON, COMMON_LOOPS = 0.3, 0.05, 200
BANDS: Final = 16
ROLES: Final = np.array(["bass", "lead", "keys", "pad"])
SOURCES: Final = ("loops", "file_facts", "raw_midi", "rights_ledger")


def make_up(folder: Path, loops: int) -> None:
    """Writes the tables that the models read."""
    rng = np.random.default_rng(0)
    files = int(loops * FILES_A_LOOP)
    file = np.sort(rng.integers(0, files, loops))
    bounds = np.searchsorted(file, np.arange(files + 1))
    notes_of, copy = np.arange(loops), np.zeros(loops, bool)
    for one in np.flatnonzero(rng.random(files) < COPIED):
        other = rng.integers(0, files)
        count = min(bounds[one + 1] - bounds[one], bounds[other + 1] - bounds[other])
        mine = slice(bounds[one], bounds[one] + count)
        notes_of[mine], copy[mine] = notes_of[bounds[other] : bounds[other] + count], True
    common = rng.random(loops) < COMMON
    notes_of[common] = rng.integers(0, COMMON_LOOPS, common.sum())
    near = rng.integers(0, 1 << 63, (loops, BANDS), dtype=np.uint64)[notes_of]
    changed = copy & ~common & (rng.random(loops) < 0.5)
    noise = changed[:, None] & (rng.random((loops, BANDS)) < 0.25)
    near[noise] = rng.integers(0, 1 << 63, noise.sum(), dtype=np.uint64)
    notes_of[changed] = loops + np.flatnonzero(changed)
    sha256 = np.array([f"{number:016x}" * 4 for number in rng.integers(0, 1 << 63, files)])
    dataset = np.array(["a", "b", "c"])[rng.integers(0, 3, files)]
    path = np.array([f"{number}.mid" for number in range(files)])
    of_file = {"dataset": dataset, "path": path, "sha256": sha256}
    texts = pa.nulls(files, pa.string())
    tables = {
        "loops": {
            **{name: values[file] for name, values in of_file.items()},
            "loop_id": [f"{number * 11400714819323198485 % (1 << 64):016x}" for number in range(loops)],
            "fingerprint": [f"{number:016x}" for number in notes_of],
            "contract": np.full(loops, "boumb-sequence"),
            "role": ROLES[rng.integers(0, len(ROLES), loops)],
            "style": np.array(["funk", "house", "dub"])[rng.integers(0, 3, loops)],
            "score": rng.random(loops, dtype=np.float32),
            "notes": rng.integers(2, 40, loops, dtype=np.int32),
            "near": pa.ListArray.from_arrays(np.arange(0, BANDS * loops + 1, BANDS, dtype=np.int32), near.ravel()),
        },
        "file_facts": {
            **of_file, "notes": np.full(files, 100), "fingerprint": [f"{number:016x}" for number in range(files)],
            "composer": [f"Some Body {number % 977}" for number in range(files)],
            "title": [f"A piece {number // 2000}" for number in range(files)],
            "duration_s": np.ones(files), "bpm": np.ones(files), "key_root": np.zeros(files, np.int8),
            **dict.fromkeys(("official_split", "status", "metre", "grid", "key_mode"), texts),
        },
        "raw_midi": {
            **of_file, "bytes": np.ones(files, np.int64), "composer_died": np.zeros(files, np.int32),
            **dict.fromkeys(("title", "composer", "style", "asked"), texts),
        },
        "rights_ledger": {
            **of_file, "train": np.ones(files, bool), "redistribute": np.ones(files, bool),
            **dict.fromkeys(("obligations", "rule", "reason", "takedown"), texts),
        },
    }  # fmt: skip
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet", compression="zstd")


def in_order() -> list[Model]:
    """The models, each after those that it reads."""
    models = {model.name: model for model in load_models()}
    done: dict[str, Model] = {}

    def visit(name: str) -> None:
        for dep in models[name].deps:
            if dep in models and dep not in done:
                visit(dep)
        done.setdefault(name, models[name])

    for name in models:
        visit(name)
    return list(done.values())


def measure(folder: Path) -> dict[str, Any]:
    """Makes all models twice."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'; set temp_directory = '{folder / 'spilled'}'")
        for name in SOURCES:
            connection.execute(f"create view {name} as from '{folder / name}.parquet'")
        seconds: list[dict[str, float]] = []
        for again in (False, True):
            seconds.append({})
            for model in in_order():
                start = time.perf_counter()
                path = folder / f"{model.name}-{again}.parquet"
                pq.write_table(make_rows(connection, model, {}, again), path, compression="zstd", compression_level=1)
                seconds[-1][model.name] = round(time.perf_counter() - start, 2)
                connection.execute(f"create or replace view {model.name} as from '{path}'")

        def count(statement: str) -> int:
            found = connection.execute(f"select count(*) from {statement}").fetchone()
            return int(found[0]) if found else 0

        crossing = count(
            "kin join file_splits one on one.sha256 = kin.sha256 "
            "join file_splits other on other.sha256 = kin.relative and other.split <> one.split"
        ) + sum(
            count(
                f"(select {key} from file_splits group by {key} having {key} is not null and count(distinct split) > 1)"
            )
            for key in ("work_group", "work_key")
        )
        before = folder / "file_splits-False.parquet"
        return {
            "loops": count("loops"),
            "files": count("file_facts"),
            "seconds": round(sum(seconds[0].values()), 2),
            "seconds_again": round(sum(seconds[1].values()), 2),
            "seconds_by_model": seconds[0],
            "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "kin": count("kin"),
            "crossing": crossing,
            "moved": count(
                f"file_splits now join '{before}' old using (sha256) where now.split is distinct from old.split"
            ),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loops", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    alone = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        loops = 100_000 if options.quick else options.loops
        maker = alone.Process(target=make_up, args=(Path(folder), loops))  # its memory is not that of the models
        maker.start()
        maker.join()
        figures = measure(Path(folder))
    if options.json:
        print(json.dumps(figures, indent=1))
        return
    for name, value in figures.items():
        shown = ", ".join(f"{key} {part}" for key, part in value.items()) if isinstance(value, dict) else value
        print(f"{name:18} {shown}")


if __name__ == "__main__":
    main()
