"""Removing at once what no manifest lists."""

from pathlib import Path

import pyarrow as pa

from boumb_assets.lake.store import Lake


def written(lake: Lake, stage: str, partition: str, value: int) -> None:
    with lake.writing(stage, partition) as commit:
        commit.write("numbers", pa.table({"value": [value]}))
        commit.commit({})


def test_older_generations_go_at_once_and_the_present_ones_stay(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for value in (1, 2, 3):
        written(lake, "parts", "dataset=a", value)
        written(lake, "whole", "", value)
    assert len(list(lake.root.rglob("*.parquet"))) == 6  # readers are given time
    assert lake.purge() == 4
    assert [lake.read(stage, "numbers")["value"].to_pylist() for stage in ("parts", "whole")] == [[3], [3]]
    assert len(list(lake.root.rglob("*.parquet"))) == 2
    assert lake.purge() == 0


def test_what_a_dead_writer_left_goes_too(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    written(lake, "parts", "dataset=a", 1)
    left = lake.folder("parts", "dataset=a") / ".tmp-999999"
    (left / "artefact").mkdir(parents=True)
    (left / "artefact" / "rows.jsonl").write_text("{}", encoding="utf-8")
    never = lake.folder("parts", "dataset=b")
    never.mkdir(parents=True)
    (never / ".lock").touch()
    (never / "numbers-00-0123456789abcdef.parquet").touch()
    assert lake.purge() == 2
    assert not left.exists() and [path.name for path in never.iterdir()] == [".lock"]
    assert lake.read("parts", "numbers")["value"].to_pylist() == [1]


def test_an_empty_lake_has_nothing_to_remove(tmp_path: Path) -> None:
    assert Lake(tmp_path).purge() == 0
