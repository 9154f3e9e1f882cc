"""Takedowns: rows that are added, what they name, and what is known again by them."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.lake import journal
from boumb_assets.lake.journal import JournalError
from boumb_assets.rights import takedowns
from boumb_assets.rights.takedowns import (
    FILE_PRINTS,
    Takedown,
    TakedownError,
    TakenPrint,
    active_takedowns,
    files_named,
    journal_path,
    normalised,
    normalised_name,
    take_down,
    takedowns_digest,
    taken_files,
    withdraw_takedown,
)
from boumb_assets.theory.work_print import MAX_HASHES, WorkPrint, work_print
from boumb_assets_tests.rights.ledgers import sha

SAID: dict[str, Any] = {"by": "A. Composer", "reason": "mine"}


def work(seed: int, shift: int = 0) -> WorkPrint:
    random = np.random.default_rng(seed)
    onset = np.cumsum(random.choice([1.0, 2.0, 4.0], 100))
    return work_print(onset, random.integers(40, 70, 100) + shift, np.zeros(100, bool))


def files(*rows: tuple[int, str | None, str | None]) -> pa.Table:
    columns: dict[str, list[Any]] = {"sha256": [sha(number) for number, _, _ in rows]}
    columns["path"] = [f"{number}.mid" for number, _, _ in rows]
    columns["title"], columns["composer"] = [row[1] for row in rows], [row[2] for row in rows]
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def prints(**works: WorkPrint) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "dataset": "d",
                "path": name,
                "sha256": sha(int(name[1:])),
                "notes_digest": one.digest,
                "sketch": one.sketch.tolist(),
            }
            for name, one in works.items()
        ],
        schema=FILE_PRINTS,
    )


def test_what_was_said_is_read_again(tmp_path: Path) -> None:
    assert active_takedowns(tmp_path) == () and takedowns_digest(tmp_path) == ""
    kept = TakenPrint.of(sha(1), work(1))
    first = take_down(tmp_path, sha256=[sha(2), sha(1), sha(1)], prints=[kept], **SAID)
    second = take_down(tmp_path, work=" Ave  Maria ", composer="Franz Schubert", **SAID)
    assert active_takedowns(tmp_path) == (first, second)
    assert first.sha256 == (sha(1), sha(2)) and second.title == "Ave Maria"
    assert np.array_equal(first.prints[0].values, work(1).hashes) and first.prints[0].whole


def test_a_withdrawal_is_a_further_row(tmp_path: Path) -> None:
    first = take_down(tmp_path, sha256=[sha(1)], **SAID)
    one = takedowns_digest(tmp_path)
    withdraw_takedown(tmp_path, first.takedown_id, by="A. Composer", reason="we agreed")
    assert active_takedowns(tmp_path) == () and takedowns_digest(tmp_path) == ""
    assert len(journal_path(tmp_path).read_text(encoding="utf-8").splitlines()) == 2
    again = take_down(tmp_path, sha256=[sha(1)], **SAID)
    assert again.takedown_id != first.takedown_id
    assert active_takedowns(tmp_path) == (again,) and takedowns_digest(tmp_path) not in ("", one)


def test_a_withdrawal_of_nothing_names_what_there_is(tmp_path: Path) -> None:
    first = take_down(tmp_path, sha256=[sha(1)], **SAID)
    with pytest.raises(TakedownError, match=first.takedown_id):
        withdraw_takedown(tmp_path, "0" * 12, **SAID)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"sha256": ["abc"]},
        {"sha256": [sha(1).upper().replace("0", "A")]},
        {"work": "  "},
        {"composer": "?!"},
        {"work": "x" * 3000},
        {"sha256": [sha(1)], "by": " "},
        {"sha256": [sha(1)], "reason": ""},
    ],
)
def test_what_does_not_fit_is_refused_before_a_byte_is_written(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(TakedownError) as refused:
        take_down(tmp_path, **{**SAID, **wrong})
    assert "\n" not in str(refused.value)
    assert not journal_path(tmp_path).exists()


def test_a_journal_that_would_grow_too_large_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take_down(tmp_path, sha256=[sha(1)], **SAID)
    before = journal_path(tmp_path).read_bytes()
    monkeypatch.setattr(takedowns, "MAX_BYTES", len(before) + 10)
    with pytest.raises(TakedownError, match="larger"):
        take_down(tmp_path, sha256=[sha(2)], **SAID)
    assert journal_path(tmp_path).read_bytes() == before


@pytest.mark.parametrize("hashes", ["?", "AAA=", "AAAA" * (8 * MAX_HASHES)])
def test_a_row_that_was_broken_by_hand_stops_what_depends_on_it(tmp_path: Path, hashes: str) -> None:
    row = take_down(tmp_path, sha256=[sha(1)], prints=[TakenPrint.of(sha(1), work(1))], **SAID)
    path = journal_path(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace(row.prints[0].hashes, hashes), encoding="utf-8", newline="\n"
    )
    with pytest.raises(JournalError, match=f"{path}:1: prints"):
        active_takedowns(tmp_path)


def test_the_journal_is_read_once_in_one_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take_down(tmp_path, sha256=[sha(1)], **SAID)
    active_takedowns(tmp_path)
    monkeypatch.setattr(journal, "read_rows", None)
    monkeypatch.setattr(takedowns, "read_rows", None)
    assert len(active_takedowns(tmp_path)) == 1


def test_files_are_taken_by_hash_title_composer_and_notes(tmp_path: Path) -> None:
    by_hash = take_down(tmp_path, sha256=[sha(1)], prints=[TakenPrint.of(sha(1), work(1))], **SAID)
    by_work = take_down(tmp_path, work="Für Elise", **SAID)
    by_name = take_down(tmp_path, composer="Franz Schubert", **SAID)
    found = taken_files(
        files(
            (1, None, None),
            (2, "FUR  ELISE.", "anyone"),
            (3, "Ständchen", "Schubert, Franz"),
            (4, "Ständchen", "Schumann"),
            (5, None, None),
            (6, None, None),
        ),
        prints(f5=work(1, shift=5), f6=work(2), f4=work(3)),
        active_takedowns(tmp_path),
    )
    assert found == {
        sha(1): by_hash.takedown_id,
        sha(2): by_work.takedown_id,
        sha(3): by_name.takedown_id,
        sha(5): by_hash.takedown_id,
    }


def test_a_title_with_a_composer_takes_only_that_composers(tmp_path: Path) -> None:
    both = take_down(tmp_path, work="Ave Maria", composer="Charles Gounod", **SAID)
    found = taken_files(
        files((1, "Ave Maria", "Gounod, Charles"), (2, "Ave Maria", "Franz Schubert"), (3, "Ave Maria", None)),
        None,
        active_takedowns(tmp_path),
    )
    assert found == {sha(1): both.takedown_id}


def test_a_composer_is_known_by_another_name_in_other_letters_and_among_several(tmp_path: Path) -> None:
    take_down(tmp_path, composer="Frédéric Chopin", **SAID)
    take_down(tmp_path, composer="Ole Bjorn", **SAID)
    names = ["Fryderyk Chopin", "Chopin, F.", "Ole Bjørn", "Liszt / Chopin", "Ola Bjørn", "Franz Liszt"]
    listed = files(*((number, None, name) for number, name in enumerate(names)))
    assert set(taken_files(listed, None, active_takedowns(tmp_path))) == {sha(number) for number in range(4)}


def test_the_first_that_was_said_is_named(tmp_path: Path) -> None:
    first = take_down(tmp_path, composer="Anon", **SAID)
    take_down(tmp_path, sha256=[sha(1)], **SAID)
    assert taken_files(files((1, None, "anon")), None, active_takedowns(tmp_path)) == {sha(1): first.takedown_id}


def test_nothing_is_taken_where_nothing_was_said() -> None:
    assert taken_files(files((1, None, None)), prints(f1=work(1)), ()) == {}
    assert files_named(files((1, None, None), (2, "", "")), None, None) == set()


def test_files_without_metadata_are_no_works_of_anybody(tmp_path: Path) -> None:
    take_down(tmp_path, composer="Franz Schubert", **SAID)
    assert taken_files(files((1, None, None), (2, "", "")), None, active_takedowns(tmp_path)) == {}


def test_prints_in_many_chunks_and_slices_are_read_right(tmp_path: Path) -> None:
    row = take_down(tmp_path, sha256=[sha(9)], prints=[TakenPrint.of(sha(9), work(3))], **SAID)
    one = prints(f1=work(1), f2=work(2), f3=work(3), f4=work(4))
    chunked = pa.concat_tables([one.slice(0, 1), one.slice(1, 2), one.slice(3)])
    for table in (one, chunked, one.slice(1), one.slice(2, 1)):
        assert taken_files(files(), table, active_takedowns(tmp_path)) == {sha(3): row.takedown_id}
    assert taken_files(files(), one.slice(0, 0), active_takedowns(tmp_path)) == {}


@given(st.text(max_size=40))
def test_normalising_is_settled_at_once(text: str) -> None:
    once = normalised(text)
    assert once is None or normalised(once) == once
    assert normalised(text.upper().lower()) == normalised(text.lower().upper().lower())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bach, Johann Sebastian", "Johann Sebastian Bach"),
        ("ANTONÍN DVOŘÁK", "Antonin Dvorak"),
        ("J. S. Bach", "j s  bach"),
    ],
)
def test_names_are_compared_as_people_would(one: str, other: str) -> None:
    assert normalised_name(one) == normalised_name(other)


def test_a_takedown_says_what_it_is(tmp_path: Path) -> None:
    row = take_down(tmp_path, sha256=[sha(1)], work="Song", composer="Somebody", **SAID)
    assert row.sentence == f"1 file and every 'Song' of 'Somebody'; by A. Composer, {row.date}: mine"
    back = withdraw_takedown(tmp_path, row.takedown_id, by="B", reason="settled")
    assert isinstance(back, Takedown) and back.sentence.startswith(f"takes back {row.takedown_id}")
