"""The check that stands between the rows and what learns from them: it reads the rows, whatever the models say."""

from pathlib import Path

import dagster as dg
import pyarrow as pa
import pytest

from boumb_assets.corpus.checks import no_leak
from boumb_assets.lake.store import Lake
from boumb_assets.resources import Platform

FILES = {"f1": ("g1", "w1"), "f2": ("g2", "w2"), "f3": ("g3", None), "f4": ("g4", None)}
KIN = ("f3", "f4")


def checked(home: Path, rows: list[tuple[str, str]]) -> dg.AssetCheckResult:
    """What the check says of rows of these files in these splits."""
    written = {
        "training_rows": [{"sha256": sha256, "work_group": FILES[sha256][0], "split": split} for sha256, split in rows],
        "file_splits": [{"sha256": sha256, "work_key": key} for sha256, (_, key) in FILES.items()],
        "kin": [{"sha256": KIN[0], "relative": KIN[1]}],
    }
    for name, content in written.items():
        with Lake(home).writing(name) as commit:
            commit.write(name, pa.Table.from_pylist(content))
            commit.commit({})
    found = no_leak(platform=Platform(home=str(home)))
    assert isinstance(found, dg.AssetCheckResult)
    return found


def test_rows_on_one_side_each_are_no_leak(tmp_path: Path) -> None:
    rows = [("f1", "train"), ("f1", "train"), ("f2", "test"), ("f3", "train"), ("f4", "train")]
    assert checked(tmp_path, rows).passed


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("f1", "test"), "1 groups, 1 files, 1 works"),
        (("f4", "validation"), "1 pairs of kin"),
    ],
)
def test_each_kind_of_leak_is_found_and_named(tmp_path: Path, more: tuple[str, str], words: str) -> None:
    found = checked(tmp_path, [("f1", "train"), ("f2", "test"), ("f3", "train"), more])
    assert not found.passed and found.description == f"in two splits: {words}"
