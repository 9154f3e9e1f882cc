"""What a thing was made of and where it went, in a small lake written by hand."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from boumb_assets.lake.store import Lake
from boumb_assets.provenance import trace

ONE, TWO = "a" * 64, "b" * 64


def commit(lake: Lake, stage: str, partition: str, **tables: pa.Table) -> None:
    with lake.writing(stage, partition) as made:
        for name, table in tables.items():
            made.write(name, table)
        made.commit({"code": "1"})


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path)
    files = pa.table({
        "dataset": ["songs", "songs"], "path": ["one.mid", "two.mid"], "sha256": [ONE, TWO],
        "title": ["Air", None], "composer": [None, None],
    })  # fmt: skip
    commit(lake, "raw_midi", "dataset=songs", raw_midi=files)
    decided = pa.table({
        "dataset": ["songs", "songs"], "path": ["one.mid", "two.mid"], "sha256": [ONE, TWO], "train": [True, False],
        "rule": ["cleared", "unknown_composition"], "reason": ["r", "r"], "obligations": ["attribution", ""],
        "takedown": pa.array([None, None], pa.string()),
    })  # fmt: skip
    commit(lake, "rights_ledger", "dataset=songs", rights_ledger=decided)
    loops = pa.table({
        "loop_id": ["loop-one-1", "loop-one-2", "loop-two-1"], "dataset": ["songs"] * 3, "sha256": [ONE, ONE, TWO],
        "contract": ["boumb-sequence"] * 3, "role": ["bass"] * 3, "style": [None, None, "funk"],
        "track": [0, 0, 0], "start_bar": [0, 2, 0],
    })  # fmt: skip
    commit(lake, "loops", "dataset=songs", loops=loops)
    rows = pa.table({
        "row_id": ["row-one-1", "row-one-2"], "dataset": ["songs"] * 2, "sha256": [ONE] * 2,
        "loop_id": ["loop-one-1", "loop-one-2"], "split": ["train"] * 2, "shard": ["s"] * 2, "line": [0, 1],
        "contract": ["boumb-sequence"] * 2, "language": ["fr", "en"], "rights": ["attribution"] * 2,
    })  # fmt: skip
    commit(lake, "training_data", "", training_rows=rows)
    learned = pa.table({"variant": ["nano"], "dataset": ["songs"], "sha256": [ONE], "rows": [2]})
    commit(lake, "lora_adapter", "variant=nano", trained_on=learned)
    with lake.writing("hub_release", "variant=nano") as made:
        folder = made.workspace() / "release"
        (folder / "training_data").mkdir(parents=True)
        (folder / "release.json").write_text(json.dumps({"version": "feedfacecafebeef"}))
        (folder / "training_data" / "manifest.json").write_text(
            json.dumps({"files": [{"dataset": "songs", "sha256": ONE}]})
        )
        made.adopt(folder, "release")
        made.commit({"code": "1"})
    return lake


def test_a_file_is_followed_to_its_releases(lake: Lake) -> None:
    found = trace(lake, ONE[:8])
    assert found.found_as == ("file",)
    assert [loop["loop_id"] for loop in found.loops] == ["loop-one-1", "loop-one-2"]
    assert [row["row_id"] for row in found.rows] == ["row-one-1", "row-one-2"]
    assert found.adapters == [{"variant": "nano", "files": 1, "rows": 2}]
    assert found.releases == [{"variant": "nano", "version": "feedfacecafebeef", "files": 1}]


def test_a_file_that_nothing_learned_from_ends_at_its_loops(lake: Lake) -> None:
    found = trace(lake, TWO)
    assert [loop["loop_id"] for loop in found.loops] == ["loop-two-1"]
    assert (found.rows, found.adapters, found.releases) == ([], [], [])
    assert found.files[0]["rule"] == "unknown_composition"


def test_a_row_is_followed_back_to_its_file_and_its_own_loop_alone(lake: Lake) -> None:
    found = trace(lake, "row-one-2")
    assert found.found_as == ("row",)
    assert [file["path"] for file in found.files] == ["one.mid"]
    assert [loop["loop_id"] for loop in found.loops] == ["loop-one-2"]
    assert [row["row_id"] for row in found.rows] == ["row-one-2"]


def test_a_loop_is_followed_both_ways(lake: Lake) -> None:
    found = trace(lake, "loop-one-1")
    assert [file["sha256"] for file in found.files] == [ONE]
    assert [row["row_id"] for row in found.rows] == ["row-one-1"]
    assert [adapter["variant"] for adapter in found.adapters] == ["nano"]


@pytest.mark.parametrize(("identifier", "kind"), [("nano", "adapter"), ("feedface", "release")])
def test_a_model_is_followed_back_to_its_files(lake: Lake, identifier: str, kind: str) -> None:
    found = trace(lake, identifier)
    assert kind in found.found_as
    assert [file["sha256"] for file in found.files] == [ONE]
    assert (found.loops, found.rows) == ([], [])


def test_what_is_not_there_and_what_is_too_short_are_said(lake: Lake) -> None:
    with pytest.raises(LookupError, match="nothing in the lake begins with"):
        trace(lake, "123456789")
    with pytest.raises(ValueError, match="first 6 characters"):
        trace(lake, "aaa")


def test_a_quotation_mark_is_no_way_into_the_query(lake: Lake) -> None:
    with pytest.raises(LookupError):
        trace(lake, "x') or ('1'='1")
