"""The first scan of a collection, the scan after it and its fingerprint, against `sha256sum` on two cores.

    python benchmarks/ingest.py [--files 180000] [--rounds 3] [--folder /tmp] [--quick] [--json]

Makes that many files of some kilobytes in a temporary folder, in the shape of the Lakh data set (sixteen folders), and
removes them afterwards. The peer, in the same run and taking turns at going first, with the cache warm for both, is

    find . -type f -print0 | xargs -0 -n 1000 -P 2 sha256sum

A scan here is the whole of what the asset does: walk, hash, metadata, merge with the scan before, and commit to a fresh
lake, timed inside a process of its own. Figures are medians. Memory is the peak of that process over a first scan and
one after it, for an eighth, a half and all of the files.

Prints a table, or one object with `files`, `mb`, `first_scan_s`, `rescan_s`, `fingerprint_s`, `sha256sum_s`,
`first_scan_to_sha256sum`, `rescan_to_sha256sum`, `peak_mb` (by files) and `growth_mb` (from an eighth to all).
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

PEER: Final = "find . -type f -print0 | xargs -0 -n 1000 -P 2 sha256sum > /dev/null"
FOLDERS: Final = 16
# Where the sixteen folders lie, so that an eighth and a half of the files are trees of their own.
EIGHTH, HALF = Path("half") / "eighth", Path("half")


def make_files(root: Path, files: int, seed: int = 0) -> int:
    """Writes ``files`` files below ``root`` and returns their bytes: log-normal sizes, median 6 kB, as MIDI has."""
    rng = Random(seed)
    folders = [root / _place(number) for number in range(FOLDERS)]
    for folder in folders:
        folder.mkdir(parents=True)
    written = 0
    for number in range(files):
        content = b"MThd" + rng.randbytes(min(200_000, int(rng.lognormvariate(8.7, 0.9))))
        (folders[number % FOLDERS] / f"{rng.getrandbits(128):032x}.mid").write_bytes(content)
        written += len(content)
    return written


def measure(files: int, rounds: int, parent: Path | None) -> dict[str, Any]:
    """All figures, over ``files`` files in a folder that is made below ``parent`` and removed."""
    with tempfile.TemporaryDirectory(dir=parent) as name:
        root = Path(name) / "files"
        size = make_files(root, files)
        _scans(root)  # the warm-up, of both: the cache is the same
        ours, peer = [], []
        for number in range(rounds):
            for turn in (0, 1):
                if (number + turn) % 2:
                    ours.append(_scans(root))
                else:
                    peer.append(_sha256sum(root))
        parts = {files // 8: _scans(root / EIGHTH), files // 2: _scans(root / HALF), files: ours[-1]}
    seconds = {name: round(median(one[name] for one in ours), 2) for name in ("first_scan", "rescan", "fingerprint")}
    peaks = {str(count): round(one["peak_mb"]) for count, one in parts.items()}
    return {
        "files": files,
        "mb": size >> 20,
        **{f"{name}_s": value for name, value in seconds.items()},
        "sha256sum_s": round(median(peer), 2),
        "first_scan_to_sha256sum": round(seconds["first_scan"] / median(peer), 2),
        "rescan_to_sha256sum": round(seconds["rescan"] / median(peer), 2),
        "peak_mb": peaks,
        "growth_mb": round(ours[-1]["peak_mb"] - parts[files // 8]["peak_mb"]),
    }


def scan_twice(root: Path, home: Path) -> dict[str, float]:
    """Seconds of a first scan of ``root`` into a lake below ``home``, of the one after it and of the fingerprint, and
    the most memory that this process took meanwhile."""
    from boumb_assets.ingest.listing import listing_fingerprint

    start = time.perf_counter()
    first = _scan(root, home)
    middle = time.perf_counter()
    again = _scan(root, home)
    end = time.perf_counter()
    if first == 0 or again != 0:
        raise SystemExit(f"the first scan read {first} files and the one after it {again}")
    listing_fingerprint(root)
    return {
        "first_scan": middle - start,
        "rescan": end - middle,
        "fingerprint": time.perf_counter() - end,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _scan(root: Path, home: Path) -> int:
    """One scan as the asset makes it; how many files it read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from boumb_assets.ingest.scan import KNOWN_COLUMNS, Scan
    from boumb_assets.ingest.schema import RAW
    from boumb_assets.lake.parquet import ROWS_A_GROUP
    from boumb_assets.lake.store import Lake

    lake = Lake(home)

    def known() -> Iterator[pa.RecordBatch]:
        for path in lake.paths(commit.previous, "raw_midi") if commit.previous else []:
            yield from pq.ParquetFile(path).iter_batches(ROWS_A_GROUP, columns=list(KNOWN_COLUMNS))

    with lake.writing("raw_midi", "dataset=files") as commit:
        scan = Scan(root, "files", known())
        commit.write_batches("raw_midi", RAW, scan.batches())
        commit.write("rejected", scan.rejected())
        commit.commit({})
    return scan.hashed


def _place(number: int) -> Path:
    """The folder of one sixteenth of the files."""
    within = EIGHTH if number < FOLDERS // 8 else HALF if number < FOLDERS // 2 else Path()
    return within / f"{number:x}"


def _scans(root: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=root.parent) as home:
        command = [sys.executable, __file__, "--scan", str(root), home]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    figures: dict[str, float] = json.loads(told)
    return figures


def _sha256sum(root: Path) -> float:
    start = time.perf_counter()
    subprocess.run(["sh", "-c", PEER], check=True, cwd=root)
    return time.perf_counter() - start


def _show(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("", "seconds", "files/s", "to sha256sum", title=f"{figures['files']:,} files, {figures['mb']:,} MB")
    for name in ("first_scan", "rescan", "fingerprint", "sha256sum"):
        seconds = figures[f"{name}_s"]
        ratio = seconds / figures["sha256sum_s"]
        table.add_row(name.replace("_", " "), f"{seconds:.2f}", f"{figures['files'] / seconds:,.0f}", f"{ratio:.2f}")
    console = Console()
    console.print(table)
    peaks = ", ".join(f"{peak} MB at {int(count):,} files" for count, peak in figures["peak_mb"].items())
    console.print(f"memory: {peaks}")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=180_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the temporary folder is made")
    parser.add_argument("--quick", action="store_true", help="20,000 files")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--scan", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.scan:
        print(json.dumps(scan_twice(*options.scan)))
        return
    figures = measure(20_000 if options.quick else options.files, options.rounds, options.folder)
    if options.json:
        print(json.dumps(figures))
    else:
        _show(figures)


if __name__ == "__main__":
    main()
