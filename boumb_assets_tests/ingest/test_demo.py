import csv
import hashlib
from collections import Counter
from itertools import islice
from pathlib import Path
from time import process_time

import mido
import pytest
import symusic

from boumb_assets.composer.habits import STYLE_HABITS
from boumb_assets.contracts.loop_request import ROLES
from boumb_assets.ingest.demo import COLUMNS, LICENCE, demo_bands, demo_loops, demo_tunes, write_demo
from boumb_assets.ingest.listing import METADATA_NAMES
from boumb_assets.ingest.standard_midi import Conductor, Part, key_signature, midi_file_bytes

SLOWEST = 6.0  # seconds of one core for the whole data set


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    start = process_time()
    files = write_demo(folder)
    assert process_time() - start < SLOWEST
    assert files == len(list(folder.rglob("*.mid")))
    return folder


@pytest.fixture(scope="module")
def index(demo: Path) -> list[dict[str, str]]:
    with (demo / "index.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_style_and_role_has_loops_of_two_four_and_eight_bars(demo: Path) -> None:
    for style in STYLE_HABITS:
        for role in ROLES:
            paths = sorted((demo / style / role).glob("*.mid"))
            assert [path.name for path in paths] == [f"{style}-{role}-{n:02d}.mid" for n in range(1, 14)]
            lengths = Counter(sum(m.time for m in mido.MidiFile(path).tracks[0]) // (4 * 480) for path in paths)
            assert set(lengths) == {2, 4, 8}
    assert len(list(demo.glob("*/*/*.mid"))) >= 640


def test_the_index_speaks_of_every_file(demo: Path, index: list[dict[str, str]]) -> None:
    assert tuple(index[0]) == COLUMNS
    assert "index.tsv" in METADATA_NAMES
    assert {row["file"] for row in index} == {p.relative_to(demo).as_posix() for p in demo.rglob("*.mid")}
    assert {row["licence"] for row in index} == {LICENCE}
    assert len({row["title"] for row in index}) == len(index)
    for row in index:
        assert 40 <= int(row["bpm"]) <= 220
        if row["file"].startswith("tunes/"):
            assert row["composer"].startswith("traditional (") or int(row["died"]) < 1950
        else:
            assert row["file"].startswith(f"{row['style']}/") and row["died"] == ""
    assert "CC0" in (demo / "LICENSE").read_text(encoding="utf-8")


def test_files_are_what_the_index_says_by_another_reader(demo: Path, index: list[dict[str, str]]) -> None:
    for row in index:
        score = symusic.Score(demo / row["file"])
        assert score.ticks_per_quarter == 480
        assert round(score.tempos[0].qpm) == int(row["bpm"])
        assert score.note_num() > 0
        if row["role"]:
            assert [track.name for track in score.tracks] == [row["role"]]
            assert score.tracks[0].is_drum == (row["role"] == "drums")
            assert row["role"] != "bass" or 32 <= score.tracks[0].program <= 39
            assert row["role"] != "pad" or 48 <= score.tracks[0].program <= 95


def test_no_two_loops_have_the_same_notes(demo: Path) -> None:
    seen = set()
    loops = 0
    for path in demo.glob("*/*/*.mid"):
        for track in symusic.Score(path).tracks if "band" not in path.parts else []:
            notes = sorted((round(note.start / 120), note.pitch) for note in track.notes)
            origin = 0 if track.is_drum else notes[0][1]
            seen.add((track.is_drum, tuple((step, pitch - origin) for step, pitch in notes)))
            loops += 1
    assert loops >= 640 and len(seen) >= loops - 2  # strokes of a roll may round onto one step


def test_keys_are_written_for_major_and_minor_alone(demo: Path, index: list[dict[str, str]]) -> None:
    for row in index[::3]:
        keys = [m.key for m in mido.MidiFile(demo / row["file"]).tracks[0] if m.type == "key_signature"]
        if row["role"] in ("bass", "pad"):
            _, _, scale = row["title"].split(" in ")[1].partition(" ")
            assert bool(keys) == (scale in ("major", "minor"))
            assert not keys or keys[0].endswith("m") == (scale == "minor")
        if row["role"] == "drums":
            assert not keys


def test_loops_breathe_and_swing(demo: Path) -> None:
    velocities, off_grid = set(), 0
    for path in (demo / "lo-fi").glob("*/*.mid"):
        for track in symusic.Score(path).tracks:
            velocities |= {note.velocity for note in track.notes}
            off_grid += any(note.start % 120 > 12 for note in track.notes)
    assert len(velocities) > 40
    assert off_grid > 50


def test_bands_play_together() -> None:
    for file in demo_bands(0):
        score = symusic.Score.from_midi(file.content)
        assert sorted(track.name for track in score.tracks) == ["bass", "drums", "keys", "lead"]
        assert len({track.is_drum for track in score.tracks}) == 2
        assert {track.end() > 7 * 4 * 480 for track in score.tracks} == {True}


def test_tunes_have_their_metre_and_their_pickup() -> None:
    files = {file.path: file for file in demo_tunes()}
    greensleeves = symusic.Score.from_midi(files["tunes/greensleeves.mid"].content)
    metres = [(metre.time, metre.numerator, metre.denominator) for metre in greensleeves.time_signatures]
    assert metres == [(0, 1, 8), (240, 6, 8)]
    assert [track.name for track in greensleeves.tracks] == ["melody", "accompaniment"]
    prelude = symusic.Score.from_midi(files["tunes/bach-prelude-in-c.mid"].content)
    assert [track.name for track in prelude.tracks] == ["melody"]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    def digest(seed: int) -> str:
        files = [*islice(demo_loops(seed), 66), *islice(demo_bands(seed), 2), *islice(demo_tunes(), 5)]
        return hashlib.sha256(b"".join(file.content for file in files)).hexdigest()

    assert digest(0) == digest(0) != digest(1)


def test_key_signatures_have_the_names_that_midi_knows() -> None:
    for root in range(12):
        for scale in ("major", "minor"):
            name = key_signature(root, scale)
            content = midi_file_bytes([Part("p", 0, ((0, 10, 60, 64),))], Conductor(120, 1920, key=name))
            assert len(symusic.Score.from_midi(content).key_signatures) == 1
    assert key_signature(0, "dorian") is None
