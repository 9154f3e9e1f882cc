"""Overrides: rows with a name, a date and a reason, added and taken back, never edited."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from boumb_assets.lake.journal import JournalError
from boumb_assets.rights.overrides import (
    JOURNAL,
    OverrideError,
    active_overrides,
    add_override,
    overrides_digest,
    overrides_for,
    withdraw_override,
)

DAY = dt.date(2026, 2, 3)
ASKED: dict[str, Any] = {"by": "Ada", "reason": "a letter of the heirs", "date": DAY}


def test_an_override_is_a_row_that_says_who_when_and_why(tmp_path: Path) -> None:
    made = add_override(
        tmp_path, composer="X", layer="composition", licence="cc by 4.0", holder="heirs", evidence="letter", **ASKED
    )
    assert active_overrides(tmp_path) == (made,)
    assert made.licence == "CC-BY-4.0"
    assert len(made.override_id) == 12
    assert made.sentence == ("Ada on 2026-02-03 says CC-BY-4.0 of the composition of composer X: a letter of the heirs")
    assert len((tmp_path / JOURNAL).read_text().splitlines()) == 1


def test_what_already_holds_is_not_written_again(tmp_path: Path) -> None:
    first = add_override(tmp_path, dataset="songs", deny=True, **ASKED)
    assert add_override(tmp_path, dataset="songs", deny=True, **ASKED) == first
    assert len((tmp_path / JOURNAL).read_text().splitlines()) == 1


def test_the_id_is_of_the_content(tmp_path: Path) -> None:
    hashes = ["b" * 64, "a" * 64]
    here = add_override(tmp_path / "a", sha256=hashes, deny=True, **ASKED)
    there = add_override(tmp_path / "b", sha256=hashes[::-1], deny=True, **ASKED)
    other = add_override(tmp_path / "b", sha256=hashes, deny=True, **(ASKED | {"reason": "another"}))
    assert here.override_id == there.override_id != other.override_id


def test_one_is_taken_back_by_a_further_row_and_may_be_said_again(tmp_path: Path) -> None:
    made = add_override(tmp_path, dataset="songs", deny=True, **ASKED)
    kept = add_override(tmp_path, dataset="tunes", deny=True, **ASKED)
    taken = withdraw_override(tmp_path, made.override_id, by="Ada", reason="a mistake", date=DAY)
    assert taken.withdraws == made.override_id
    assert active_overrides(tmp_path) == (kept,)
    assert len((tmp_path / JOURNAL).read_text().splitlines()) == 3
    with pytest.raises(OverrideError, match=kept.override_id):
        withdraw_override(tmp_path, made.override_id, by="Ada", reason="again")
    add_override(tmp_path, dataset="songs", deny=True, **ASKED)
    assert active_overrides(tmp_path) == (kept, made)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"dataset": "songs"}, "gives a licence"),
        ({"dataset": "songs", "deny": True, "layer": "encoding"}, "goes with the layer"),
        ({"dataset": "songs", "licence": "MIT"}, "goes with the layer"),
        ({"dataset": "songs", "licence": "MIT", "layer": "encoding", "deny": True}, "gives a licence"),
        ({"deny": True}, "names files"),
        ({"dataset": "songs", "licence": "free", "layer": "encoding"}, "no SPDX identifier"),
        ({"dataset": "songs", "licence": "unknown", "layer": "encoding"}, "say deny"),
        ({"dataset": "songs", "licence": "per-file", "layer": "encoding"}, "say deny"),
        ({"sha256": ["abc"], "deny": True}, "sha256"),
        ({"dataset": "songs", "deny": True, "by": "  "}, "a name and a reason"),
        ({"dataset": "songs", "deny": True, "reason": "x" * 3000}, "reason"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line_and_not_written(
    tmp_path: Path, said: dict[str, Any], words: str
) -> None:
    with pytest.raises(OverrideError, match=words) as caught:
        add_override(tmp_path, **(ASKED | said))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / JOURNAL).exists()


def test_a_row_that_cannot_be_read_stops_and_is_named(tmp_path: Path) -> None:
    add_override(tmp_path, dataset="songs", deny=True, **ASKED)
    with (tmp_path / JOURNAL).open("a") as handle:
        handle.write('{"date": "2026-01-01", "by": "Ada"}\n')
    with pytest.raises(JournalError, match=r"overrides\.jsonl:2"):
        active_overrides(tmp_path)


def test_only_what_may_match_a_data_set_concerns_it(tmp_path: Path) -> None:
    songs = add_override(tmp_path, dataset="songs", deny=True, **ASKED)
    everywhere = add_override(tmp_path, composer="X", deny=True, **ASKED)
    found = active_overrides(tmp_path)
    assert overrides_for(found, "songs") == (songs, everywhere)
    assert overrides_for(found, "tunes") == (everywhere,)
    assert overrides_digest(overrides_for(found, "songs")) != overrides_digest(overrides_for(found, "tunes"))
