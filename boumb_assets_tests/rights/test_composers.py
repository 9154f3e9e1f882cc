"""Our own table of composers: who is known, and who is not taken for somebody else."""

import csv
from importlib.resources import files
from pathlib import Path

import pytest

from boumb_assets.rights.composers import is_traditional, known_composer, normal_name, same_person


@pytest.mark.parametrize(
    ("written", "died"),
    [
        ("Johann Sebastian Bach", 1750),
        ("Bach, Johann Sebastian", 1750),
        ("J.S. Bach", 1750),
        ("J. S. BACH (1685–1750)", 1750),
        ("Bach", 1750),
        ("Frederic Chopin", 1849),
        ("Frédéric  Chopin", 1849),
        ("Dvořák, Antonín", 1904),
        ("Camille Saint-Saens", 1921),
        ("Franz Schubert / Franz Liszt", 1886),
        ("Johann Sebastian Bach / Ferruccio Busoni", 1924),
    ],
)
def test_a_composer_is_known_however_the_name_is_written(written: str, died: int) -> None:
    found = known_composer(written)
    assert found is not None
    assert found.died == died


@pytest.mark.parametrize(
    "written",
    ["", "Strauss", "Anna Bach", "P. D. Q. Bach", "Franz Liszt / Somebody", "Weber", "Kim, Franz", "/", "Mozart Jr"],
)
def test_nobody_is_taken_for_another(written: str) -> None:
    assert known_composer(written) is None


def test_every_row_of_the_table_can_be_found_and_is_a_life() -> None:
    text = (files("boumb_assets.rights") / "composers.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    assert len(rows) > 200
    for row in rows:
        found = known_composer(row["name"])
        assert found is not None, row["name"]
        assert 5 < found.died - found.born < 105, row["name"]


def test_the_table_says_what_the_songs_say(shared: Path) -> None:
    path = shared / "corpus" / "openscore_lieder" / "index.tsv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    known = {row["composer"]: found for row in rows if (found := known_composer(row["composer"])) is not None}
    assert len(known) > 20
    for row in rows:
        if row["composer"] in known:
            found = known[row["composer"]]
            assert (str(found.born), str(found.died)) == (row["born"], row["died"]), row["composer"]


def test_names_are_compared_by_their_letters() -> None:
    assert same_person("Bach, Johann Sebastian", "J. S. Bach")
    assert same_person("Ana Müller", "MULLER, Ana")
    assert not same_person("Clara Schumann", "Robert Schumann")
    assert not same_person("東京", "大阪")
    assert normal_name("東京 2") != normal_name("大阪 2")
    assert normal_name("…") == "…"


@pytest.mark.parametrize(
    ("name", "holds"), [("Trad.", True), (" traditional ", True), ("Anonyme", True), ("Tradd", False)]
)
def test_tradition_is_nobody(name: str, holds: bool) -> None:
    assert is_traditional(name) is holds
