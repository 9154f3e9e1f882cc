"""Training rows: the writer alone against other writers of JSON, and the asset's whole way against a plain script.

    python benchmarks/jsonl.py [--files 4000] [--rounds 5] [--work DIR] [--big] [--quick] [--json]

The files of `corpus/` below BOUMB_TEST_DATA (default ../shared), drawn with one seed, as data sets that may be trained
on. Their events are read first, outside the clock. Loops in all twelve keys that range allows, two prompts a loop and
key, as the settings' defaults word them but for `transpose = "all"`.

The writer (`writer_mb_per_second`): from loops as canonical texts, and prompts as texts, to lines in memory: the
escaping, the finding of notes, the lines. Peers get the same rows as Python objects and make the same lines: the answer
from its notes, and the row around it, both by json.dumps, by orjson and by msgspec (`writer_ratio_to_orjson` and so
on), or, with `ready` in the name, the row alone around an answer that is a text already; DuckDB's COPY gets these
texts in a table and writes a file. All in one process on one core, in turns; figures are of the best round.

A second of a core is one of processor time, of a process that may run on one core alone: others may use the machine.
What such a process waits for, as the disk, shows in `all_seconds_by_the_clock` and `mb_per_second_by_the_clock`.

The whole way (`asset_mb_per_second_per_core`): the stages from the lake's events to compressed shards (loops, the SQL
models, training_data; the structures of pieces, another contract, are made outside the clock), one after the other in
a process of its own, with their Parquet, hashes and flushing to the disk; megabytes are those of the lines. Before
that the process makes the same stages of 60 files, outside the clock: it has its modules and machine code then, as one
has that makes more than these gigabytes. `loops_per_second_per_core`: the loops that were cut, over the same time.
`left_out_by_quota`: the loops that the settings' quotas keep out of the rows.
The plain script reads with mido and cuts every track into windows of two bars on the nearest sixteenths, in twelve
keys, with json.dumps: no roles, filters, measures, duplicates, splits, rights or compression. Its clock starts when
mido is done (`asset_ratio_to_plain_script`); `..._with_reading` counts mido for it, and for the asset its events.

`bytes_equal`: of 10,000 rows, whether each is the line that json.dumps writes around the contract's model's own JSON of
the moved loop; outside the clock. `peak_rss_mib`: of the process of the whole way; `--big` makes 5 GB of lines.
"""

import argparse
import json
import multiprocessing
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

COLLECTIONS: Final = ("openscore_lieder", "ceol_rince", "groove", "js_fakes", "freedoom")
BIG_BYTES: Final = 5_000_000_000
CHECKED: Final = 10_000
WRITER_LOOPS: Final = 1500
FEW_FILES: Final = 60
NAMES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def read_events(home: Path, corpus: Path, files: int) -> tuple[list[Path], float]:
    """Makes raw_midi, the rights and the events of a sample of files in a lake; the files, and the seconds of the
    events by the clock: a worker reads them."""
    from boumb_assets.rights.builtin import DEMO
    from boumb_assets.rights.declaration import save_declaration

    paths = sorted(path for name in COLLECTIONS for path in (corpus / name).rglob("*.mid"))
    sources = home.with_name(f"{home.name}-sources")
    drawn = sorted(random.Random(1).sample(paths, min(files, len(paths))))
    for name in COLLECTIONS:
        for path in drawn:
            if path.is_relative_to(corpus / name):
                copy = sources / name / path.relative_to(corpus / name)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
        source = sources / name
        if source.is_dir():
            save_declaration(home, DEMO.model_copy(update={"name": name, "source": str(source.resolve())}))
    seconds = 0.0
    for name in sorted(path.name for path in sources.iterdir()):
        run(home, "raw_midi", name)
        begun = time.perf_counter()
        run(home, "midi_events", name)
        seconds += time.perf_counter() - begun
        run(home, "rights_ledger", name)
    return drawn, seconds


def run(home: Path, stage: str, key: str = "", **data: Any) -> float:
    """Makes one partition of a stage; the processor's seconds of it, in this process."""
    from boumb_assets.definitions import STAGES
    from boumb_assets.lake.store import Lake
    from boumb_assets.settings import DataSettings, Settings
    from boumb_assets.stages import run_stage

    settings = Settings(home=home, workers=1, data=DataSettings(transpose="all", **data))
    start = time.process_time()
    run_stage(STAGES[stage], STAGES, Lake(home), settings, key, lambda text: None)
    return time.process_time() - start


def whole_way(home: Path, prompts: int) -> dict[str, float]:
    """The stages from events to shards, in this process: seconds by stage, megabytes of lines, loops, peak memory."""
    from boumb_assets.corpus.shard_index import read_index
    from boumb_assets.definitions import STAGES
    from boumb_assets.lake.store import Lake
    from boumb_assets.lake.views import connect
    from boumb_assets.rebuild import topological

    lake = Lake(home)
    seconds = {"structures": 0.0, "loops": 0.0, "sql": 0.0, "training_data": 0.0}
    begun = 0.0
    for music in ("structures", "loops"):
        begun = time.perf_counter()
        for partition in lake.partitions("midi_events"):
            seconds[music] += run(home, music, partition.removeprefix("dataset="))
    needed = {dep for stage in STAGES.values() if stage.group == "sql" for dep in (stage.name, *stage.deps)}
    for stage in topological(STAGES):
        if stage.name in needed and stage.group == "sql":
            seconds["sql"] += run(home, stage.name)
    seconds["training_data"] = run(home, "training_data", prompts_per_loop=prompts)
    by_the_clock = time.perf_counter() - begun
    with connect(lake) as connection:
        (quota,) = connection.execute("select coalesce(sum(loops), 0) from left_out where reason = 'quota'").fetchall()
    manifest = lake.manifest("training_data")
    return {
        **{f"{stage}_seconds": taken for stage, taken in seconds.items()},
        "all_seconds_by_the_clock": by_the_clock,
        "left_out_by_quota": int(quota[0]),
        "mb": sum(entry.bytes for entry in read_index(lake.artefact("training_data"))) / 1e6,
        "rows": manifest.rows("training_rows") if manifest else 0,
        "loops": lake.read("loops", "loops", columns=["loop_id"]).num_rows,
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _in_child(home: Path, few: Path, prompts: int) -> dict[str, float]:
    whole_way(few, prompts)
    return whole_way(home, prompts)


def on_one_core() -> None:
    """Keeps this process, and those that it starts, on the last of the cores that it may run on."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def in_a_process(home: Path, few: Path, prompts: int = 2) -> dict[str, float]:
    """`whole_way` of a lake as it was before, in a process of its own that has done it for the lake ``few`` already."""
    for lake in (home / "lake", few / "lake"):
        for stage in lake.iterdir():
            if stage.name not in ("raw_midi", "midi_events", "rights_ledger"):
                shutil.rmtree(stage)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(_in_child, home, few, prompts).result()


def sample(home: Path) -> tuple[Any, Any]:
    """Melodic loops of the mix, with all that rows are made of, and their rows in all keys."""
    from boumb_assets.corpus.row_settings import RowSettings
    from boumb_assets.corpus.rows import loop_rows
    from boumb_assets.corpus.training_data import LOOPS_QUERY
    from boumb_assets.lake.store import Lake
    from boumb_assets.lake.views import connect

    with connect(Lake(home)) as connection:
        loops = connection.sql(
            f"from ({LOOPS_QUERY}) where contract = 'boumb-sequence' and split = 'train' "
            f"order by md5(loop_id) limit {WRITER_LOOPS}"
        ).to_arrow_table()
    return loops, loop_rows(loops, RowSettings(transpose="all"))


def objects_of(loops: Any, rows: Any) -> list[dict[str, Any]]:
    """The rows as Python objects, with the answer's notes beside: what other writers start from."""
    from boumb_assets.contracts.transpose import transpose_content

    contents = dict(zip(loops["loop_id"].to_pylist(), loops["content"].to_pylist(), strict=True))
    made = []
    lines = (line for block, _ in rows.blocks for line in bytes(block).splitlines())
    columns = (rows.origins[name].to_pylist() for name in ("loop_id", "transposition"))
    for line, loop, shift in zip(lines, *columns, strict=True):
        moved = transpose_content("boumb-sequence", contents[loop], shift)
        made.append({"line": line, "row": json.loads(line), "notes": json.loads(moved or "")})
    return made


def bytes_equal(loops: Any, rows: Any) -> bool:
    """Whether each of CHECKED rows is what json.dumps makes of its messages, with the model's own JSON as answer."""
    from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
    from boumb_assets.contracts.registry import contract
    from boumb_assets.theory.pitch import note_name

    models: dict[str, Any] = {
        loop: contract("boumb-sequence").parse(content)
        for loop, content in zip(loops["loop_id"].to_pylist(), loops["content"].to_pylist(), strict=True)
    }
    lines = (line for block, _ in rows.blocks for line in bytes(block).split(b"\n")[:-1])
    origins = rows.origins.slice(0, CHECKED).to_pylist()
    for origin, line in zip(origins, lines, strict=False):
        shift = origin["transposition"]
        notes = [
            Note(note=note_name(note.pitch + shift), time=note.time, duration=note.duration, velocity=note.velocity)
            for note in models[origin["loop_id"]].sequence
        ]
        row = json.loads(line)
        row["messages"][-1]["content"] = BoumbSequence(sequence=notes).to_json()
        if row["messages"][-2]["content"] != origin["prompt"]:
            return False
        if json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() != line:
            return False
    return True


def writers(loops: Any, rows: Any, scratch: Path) -> dict[str, Callable[[], object]]:
    """By name, what makes all lines once."""
    import duckdb
    import msgspec
    import orjson
    import pyarrow as pa

    from boumb_assets.corpus.known_loops import texts_of
    from boumb_assets.corpus.text_kernel import escape, find_notes

    content, said = texts_of(loops["content"]), texts_of(rows.origins["prompt"])

    def ours() -> None:
        escape(*said)
        find_notes(*escape(*content))
        for _ in rows.blocks:
            pass

    objects = objects_of(loops, rows)
    ready = [one["row"] for one in objects]
    pairs = [(one["row"], one["row"]["messages"][-1], one["notes"]) for one in objects]

    def from_notes(answer: Callable[[Any], str], line: Callable[[Any], object]) -> Callable[[], object]:
        def write() -> None:
            for row, last, notes in pairs:
                last["content"] = answer(notes)
                line(row)

        return write

    def dumps(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    encoder = msgspec.json.Encoder()
    table = pa.Table.from_pylist(ready)
    connection = duckdb.connect(config={"threads": 1})
    connection.register("ready", table)
    target = str(scratch / "copied.jsonl")
    return {
        "ours": ours,
        "json_dumps": from_notes(dumps, lambda row: dumps(row).encode()),
        "orjson": from_notes(lambda notes: orjson.dumps(notes).decode(), orjson.dumps),
        "msgspec": from_notes(lambda notes: encoder.encode(notes).decode(), encoder.encode),
        "json_dumps_ready": lambda: [dumps(row).encode() for row in ready],
        "orjson_ready": lambda: [orjson.dumps(row) for row in ready],
        "msgspec_ready": lambda: [encoder.encode(row) for row in ready],
        "duckdb_copy_ready": lambda: connection.execute(f"copy ready to '{target}' (format json)"),
    }


def best_of(rounds: int, work: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """The seconds of the best of ``rounds``, in turns."""
    seconds = dict.fromkeys(work, float("inf"))
    for _ in range(rounds):
        for name, one in work.items():
            start = time.process_time()
            one()
            seconds[name] = min(seconds[name], time.process_time() - start)
    return seconds


def plain_script(paths: Sequence[Path], target: Path) -> tuple[float, float, float]:
    """What a short script would do; the seconds of mido, those of the rest, and the megabytes that it wrote."""
    import mido

    reading = writing = 0.0
    size = 0
    with target.open("w", encoding="utf-8") as file:
        for path in paths:
            start = time.process_time()
            try:
                midi = mido.MidiFile(path)
            except Exception:  # mido raises anything for what it cannot read
                reading += time.process_time() - start
                continue
            reading += time.process_time() - start
            start = time.process_time()
            size += sum(file.write(line) for line in _plain_rows(midi))
            writing += time.process_time() - start
    return reading, writing, size / 1e6


def _plain_rows(midi: Any) -> Iterator[str]:
    for track in midi.tracks:
        time_, open_notes, notes = 0, dict[tuple[int, int], list[tuple[int, int]]](), []
        for message in track:
            time_ += message.time
            if message.type == "note_on" and message.velocity > 0:
                open_notes.setdefault((message.channel, message.note), []).append((time_, message.velocity))
            elif message.type in ("note_on", "note_off") and open_notes.get((message.channel, message.note)):
                begin, velocity = open_notes[message.channel, message.note].pop(0)
                notes.append((round(4 * begin / midi.ticks_per_beat), message.note, time_ - begin, velocity))
        windows: dict[int, list[tuple[int, int, int, int]]] = {}
        for note in sorted(notes):
            windows.setdefault(note[0] // 32, []).append(note)
        for window in windows.values():
            if len(window) >= 2:
                yield from (_plain_row(window, shift, midi.ticks_per_beat) for shift in range(-5, 7))


def _plain_row(window: Sequence[tuple[int, int, int, int]], shift: int, ticks: int) -> str:
    sequence = []
    for step, pitch, length, velocity in window:
        step, pitch = step % 32, min(max(pitch + shift, 12), 119)
        steps = max(4 * length / ticks, 0.5)
        sequence.append({
            "note": f"{NAMES[pitch % 12]}{pitch // 12 - 1}",
            "time": f"{step // 16}:{step // 4 % 4}:{step % 4}",
            "duration": min(("32n", 0.5), ("16n", 1), ("8n", 2), ("4n", 4), ("2n", 8), ("1n", 16),
                            key=lambda one: abs(one[1] - steps))[0],
            "velocity": max(1, round(velocity / 12.7)) / 10,
        })  # fmt: skip
    answer = json.dumps({"sequence": sequence}, separators=(",", ":"))
    messages = [{"role": "user", "content": "Write a loop."}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": messages}, ensure_ascii=False, separators=(",", ":")) + "\n"


def measure(corpus: Path, files: int, rounds: int, work: Path, big: bool) -> dict[str, Any]:
    """All figures."""
    on_one_core()
    drawn, reading = read_events(work, corpus, files)
    few = work.with_name("few")
    read_events(few, corpus, FEW_FILES)
    in_a_process(work, few)  # compiles what is not compiled yet
    ways = [in_a_process(work, few) for _ in range(min(rounds, 3))]
    way = min(ways, key=_seconds)
    loops, rows = sample(work)
    size = sum(len(block) for block, _ in rows.blocks) / 1e6
    seconds = best_of(rounds, writers(loops, rows, work))
    mido, script, script_mb = plain_script(drawn[:: max(1, len(drawn) // 150)], work / "plain.jsonl")
    asset = way["mb"] / _seconds(way)
    figures: dict[str, Any] = {
        "writer_mb_per_second": size / seconds["ours"],
        **{f"writer_ratio_to_{name}": taken / seconds["ours"] for name, taken in seconds.items() if name != "ours"},
        "asset_mb_per_second_per_core": asset,
        "mb_per_second_by_the_clock": way["mb"] / way["all_seconds_by_the_clock"],
        "asset_ratio_to_plain_script": asset / (script_mb / script),
        "asset_ratio_to_plain_script_with_reading": way["mb"]
        / (_seconds(way) + reading)
        / (script_mb / (script + mido)),
        "loops_per_second_per_core": way["loops"] / _seconds(way),
        "bytes_equal": bytes_equal(loops, rows),
        "files": len(drawn),
        "events_seconds": reading,
        **way,
    }
    if big:
        way = in_a_process(work, few, min(32, round(2 * BIG_BYTES / 1e6 / way["mb"]) or 1))
        figures |= {"big_mb": way["mb"], "big_seconds": _seconds(way), "peak_rss_mib": way["peak_rss_mib"]}
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in figures.items()}


def _seconds(way: Mapping[str, float]) -> float:
    return way["loops_seconds"] + way["sql_seconds"] + way["training_data_seconds"]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", type=Path, help="an empty folder for the lake; default: one that is removed")
    parser.add_argument("--big", action="store_true", help="make 5 GB of lines, too, for the peak of memory")
    parser.add_argument("--quick", action="store_true", help="300 files, two rounds")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    corpus = Path(os.environ.get("BOUMB_TEST_DATA", "../shared")) / "corpus"
    if not corpus.is_dir():
        sys.exit(f"there is no {corpus}: set BOUMB_TEST_DATA to the folder that holds corpus/")
    files, rounds = (300, 2) if options.quick else (options.files, options.rounds)
    with tempfile.TemporaryDirectory() as made:
        work = (options.work or Path(made)) / "home"
        work.mkdir(parents=True, exist_ok=True)
        figures = measure(corpus, files, rounds, work, options.big)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:44}{value:>16,}")


if __name__ == "__main__":
    main()
