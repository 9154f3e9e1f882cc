"""A second data set joins the first, with copies of its works: no row changes sides, nothing lies on two, and a changed
file costs the shards of its group."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mido
import pytest

from boumb_assets.corpus.jsonl import read_rows
from boumb_assets.definitions import STAGES
from boumb_assets.ingest.demo import write_demo
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.rebuild import topological
from boumb_assets.rights.builtin import DEMO
from boumb_assets.rights.declaration import save_declaration
from boumb_assets.settings import DataSettings, Settings
from boumb_assets.stages import run_stage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("joining")]

SPLIT_OF_FILES = "select sha256, any_value(split) from training_rows where dataset = 'first' group by sha256"
TWO_SIDES = """
select count(*) from (select {column} as it from training_rows group by all having count(distinct split) > 1)
"""


@dataclass(frozen=True)
class Seen:
    """What there was after a run."""

    splits: dict[str, str]
    """Of the first data set's files."""
    shards: dict[str, int]
    """The inode of each shard of rows: one that is kept is a link to the file that it was."""
    rows: int


def make(settings: Settings, names: tuple[str, ...]) -> Seen:
    """Makes everything up to the rows; what there is then."""
    lake = Lake(settings.home)
    for stage in topological(STAGES):
        if stage.dimension == "variant" or stage.name in ("few_shot_library", "data_cards"):
            continue
        for name in names if stage.dimension == "dataset" else ("",):
            run_stage(stage, STAGES, lake, settings, name, lambda text: None)
    with connect(lake) as connection:
        splits = dict(connection.execute(SPLIT_OF_FILES).fetchall())
        for column in ("sha256", "work_group"):
            assert connection.execute(TWO_SIDES.format(column=column)).fetchall() == [(0,)]
    folder = lake.artefact("training_data")
    shards = {path.name: path.stat().st_ino for path in folder.glob("*.zst")}
    return Seen(splits, shards, sum(1 for _ in read_rows(folder)))


def in_another_key(source: Path, target: Path, semitones: int) -> None:
    song = mido.MidiFile(source)
    for track in song.tracks:
        for message in track:
            if message.type in ("note_on", "note_off") and message.channel != 9:
                message.note += semitones
    target.parent.mkdir(parents=True, exist_ok=True)
    song.save(target)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with two data sets: the demo's files, and some of them in another key beside new ones."""
    home = tmp_path_factory.mktemp("home")
    write_demo(home / "first", seed=0)
    write_demo(home / "others", seed=1)
    files = sorted((home / "first").rglob("*.mid"))
    for path in files[::5]:
        in_another_key(path, home / "second" / "moved" / f"{path.stem}.mid", 2)
    for path in sorted((home / "others").rglob("*.mid"))[::4]:
        (home / "second" / "new").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, home / "second" / "new" / path.name)
    for name in ("first", "second"):
        save_declaration(home, DEMO.model_copy(update={"name": name, "source": str(home / name)}))
    yield home


def test_nothing_moves_and_nothing_leaks(home: Path) -> None:
    settings = Settings(home=home, workers=1, data=DataSettings(shard_mib=0.1))
    alone = make(settings, ("first",))
    assert set(alone.splits.values()) == {"train", "validation", "test"}
    both = make(settings, ("first", "second"))
    stayed = {sha256: split for sha256, split in alone.splits.items() if sha256 in both.splits}
    assert stayed == {sha256: both.splits[sha256] for sha256 in stayed}
    assert len(stayed) > 0.9 * len(alone.splits)
    assert both.rows > alone.rows

    song = sorted((home / "second" / "new").glob("*.mid"))[0]
    in_another_key(song, song, 1)
    again = make(settings, ("first", "second"))
    kept = {name for name, file in both.shards.items() if again.shards.get(name) == file}
    assert len(again.shards) - len(kept) in (1, 2)
    assert len(kept) >= 4
