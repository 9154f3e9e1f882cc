"""The door of the events, where a takedown is said while it works."""

from pathlib import Path

import pytest

from boumb_assets.events import assets
from boumb_assets.events.parse import parse_midi
from boumb_assets.events.prints import midi_print
from boumb_assets.lake.store import Lake
from boumb_assets.lake.unfinished import Unfinished
from boumb_assets.rights.takedowns import Takedown, TakenPrint, active_takedowns, take_down
from boumb_assets.settings import Settings
from boumb_assets_tests.end_to_end.music_sets import find, read
from boumb_assets_tests.events.smf import Played, written

OTHER = "0" * 64  # the same notes in a file that is not of the data set


class Killed(Exception):
    """The writer ends before it commits."""


def test_a_takedown_that_is_said_as_the_writer_begins_holds_after_it_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    songs, home = tmp_path / "songs", tmp_path / "home"
    songs.mkdir()
    tune = written([Played(240 * index, 240, 48 + index * index % 31, 64) for index in range(40)])
    (songs / "a.mid").write_bytes(tune)
    find(home, songs)

    def said_meanwhile(home: Path) -> tuple[Takedown, ...]:
        before = active_takedowns(home)
        taken = TakenPrint.of(OTHER, midi_print(parse_midi(tune)))
        take_down(home, sha256=[OTHER], prints=[taken], by="the heirs", reason="asked")
        return before

    class KilledLater(Unfinished):
        def remember(self, number: int) -> None:
            super().remember(number)
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(assets, "active_takedowns", said_meanwhile)
        patched.setattr(assets, "Unfinished", KilledLater)
        with pytest.raises(Killed):
            read(Settings(home=home, workers=1))
    read(Settings(home=home, workers=1))
    assert Lake(home).read("midi_events", "rejected")["reason"].to_pylist() == ["taken_down"]
