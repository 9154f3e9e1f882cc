"""Readers during writes: each sees one generation, whole, and never an error."""

import multiprocessing
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import WAREHOUSE, connect, publish

SECONDS = 4.0
SHARDS = 3
# Both tables of one generation, whole: the marks, and the rows of each.
QUERY = """
select list(distinct one.generation), list(distinct other.generation), count(*)
from notes as one join facts as other using (place)
"""


def write(lake: Lake, generation: int) -> None:
    """Commits a generation: two tables in shards, whose rows carry its number."""
    with lake.writing("notes", "dataset=d") as commit:
        for shard in range(SHARDS):
            places = list(range(shard * 100, shard * 100 + 100))
            rows = pa.table({"place": places, "generation": [generation] * len(places)})
            commit.write("notes", rows, shard)
            commit.write("facts", rows, shard)
        commit.commit({"code": str(generation)})


def write_for_ever(home: str) -> None:
    lake, generation = Lake(Path(home)), 0
    while True:
        generation += 1
        write(lake, generation)
        if generation % 3 == 0:
            publish(lake)


def by_views(lake: Lake) -> duckdb.DuckDBPyConnection:
    return connect(lake, threads=1)


def by_warehouse(lake: Lake) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(lake.home / WAREHOUSE), read_only=True, config={"threads": 1})


@pytest.mark.slow
def test_readers_see_one_generation_while_it_is_written(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    write(lake, 0)
    publish(lake)
    seen: list[tuple[str, int]] = []
    wrong: list[object] = []
    ended = threading.Event()

    def hammer(opened: Callable[[Lake], duckdb.DuckDBPyConnection]) -> None:
        while not ended.is_set():
            try:
                with opened(lake) as connection:
                    for _ in range(3):  # what a reader has opened stays as it is
                        ones, others, count = connection.execute(QUERY).fetchone() or ([], [], 0)
                        if len(ones) != 1 or ones != others or count != SHARDS * 100:
                            wrong.append((ones, others, count))
                        seen.append((opened.__name__, ones[0]))
                        time.sleep(0.01)
            except Exception as error:
                wrong.append(error)

    writer = multiprocessing.get_context("spawn").Process(target=write_for_ever, args=(str(tmp_path),))
    writer.start()
    # One of the warehouse: what a process has open, DuckDB does not open anew.
    readers = [threading.Thread(target=hammer, args=(opened,)) for opened in (by_views, by_views, by_warehouse)]
    for reader in readers:
        reader.start()
    while len({generation for _, generation in seen}) < 2:
        time.sleep(0.01)
    time.sleep(SECONDS)
    ended.set()
    for reader in readers:
        reader.join()
    writer.kill()
    writer.join()
    assert wrong == []
    for name in ("by_views", "by_warehouse"):
        assert len({generation for opened, generation in seen if opened == name}) > 5, "too few generations were seen"
