"""The card of the training data: what it counts is there, what it shows is a row, and it lets nothing in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from xml.etree import ElementTree

import duckdb
import pyarrow as pa
import pytest

from boumb_assets.corpus.card import DataCard, data_card
from boumb_assets.corpus.card.figures import TOP, figures
from boumb_assets.corpus.rows_schema import TRAINING_ROWS
from boumb_assets.rights.declaration import LAYERS
from boumb_assets_tests.corpus.mixes import bass, drums
from boumb_assets_tests.evaluation.test_report import EVIL, Page

LOOPS = pa.schema([
    ("dataset", pa.string()), ("loop_id", pa.string()), ("bpm", pa.float32()), ("key_root", pa.int8()),
    ("scale", pa.string()), ("bars", pa.int8()), ("density", pa.float32()), ("notes", pa.int32()),
])  # fmt: skip
LEDGER = pa.schema([(name, pa.string()) for name in ("dataset", "sha256", "path", "attribution")]
                   + [(f"{layer}_licence", pa.string()) for layer in LAYERS])  # fmt: skip
DROPPED = pa.schema([("dataset", pa.string()), ("filter", pa.string()), ("count", pa.int64())])


class Lake:
    """Rows of some loops, two a loop, as the tables of a lake."""

    def __init__(self, loops: int, seed: int = 0, **changed: Any) -> None:
        rng = Random(seed)
        self.loops = [self._loop(rng, number) for number in range(loops)]
        self.rows = [self._row(rng, loop, place) | changed for loop in self.loops for place in range(2)]
        self.rows = [row | {"line": line} for line, row in enumerate(self.rows)]
        self.ledger = [
            {"dataset": "made", "sha256": f"file{number}", "path": f"{copy}.mid", "attribution": f"by {number % 5}",
             **{f"{layer}_licence": "none" if layer == "generator" else "CC-BY-4.0" for layer in LAYERS}}
            for number in range(loops) for copy in range(2)
        ]  # fmt: skip
        self.answers = {row["line"]: (drums if row["role"] == "drums" else bass)(row["line"]) for row in self.rows}

    @staticmethod
    def _loop(rng: Random, number: int) -> dict[str, Any]:
        drum = number % 3 == 0
        return {
            "dataset": "made", "loop_id": f"loop{number}", "bpm": rng.uniform(20, 300), "bars": rng.choice((2, 4)),
            "key_root": None if drum else rng.randrange(12), "scale": None if drum else rng.choice(("minor", "major")),
            "density": rng.uniform(0, 30), "notes": rng.randrange(3, 120),
        }  # fmt: skip

    @staticmethod
    def _row(rng: Random, loop: Mapping[str, Any], place: int) -> dict[str, Any]:
        drum = loop["key_root"] is None
        number = loop["loop_id"].removeprefix("loop")
        tokens = rng.randrange(20, 949)
        return {
            "row_id": f"{number}-{place}", "split": rng.choice(("train", "validation", "test")), "line": 0,
            "shard": "train-boumb-sequence-00.jsonl.zst", "loop_id": loop["loop_id"], "dataset": "made",
            "sha256": f"file{number}", "contract": "drum-pattern" if drum else "boumb-sequence",
            "prompt": f"Basse funky {rng.randrange(50)}", "language": rng.choice(("fr", "en")), "kind": "sentence",
            "system": "line", "role": "drums" if drum else "bass", "style": rng.choice(("funk", "techno", None)),
            "transposition": 0 if drum else rng.randrange(-5, 7), "tokens": tokens, "tokens_without": 5 * tokens,
            "rights": "attribution", "work_group": f"group{number}",
        }  # fmt: skip

    def row_at(self, shard: str, line: int) -> dict[str, Any]:
        row = self.rows[line]
        assert shard == row["shard"]
        answer = {"role": "assistant", "content": self.answers[line]}
        return {"messages": [{"role": "user", "content": f"{row['prompt']} at {line}"}, answer]}

    def connection(self, dropped: Sequence[Mapping[str, Any]] = ()) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        tables = {
            "training_rows": (self.rows, TRAINING_ROWS), "loops": (self.loops, LOOPS),
            "rights_ledger": (self.ledger, LEDGER), "loops_dropped": (dropped, DROPPED),
        }  # fmt: skip
        for name, (rows, schema) in tables.items():
            connection.register(name, pa.Table.from_pylist(list(rows), schema))
        return connection

    def card(self, **given: Any) -> DataCard:
        return data_card(self.connection(), self.row_at, **given)


def _ends(value: float, low: int, width: int, high: int) -> int:
    return int(min(max((value - low) // width, 0), (high - low) // width))


def test_it_counts_what_plain_python_counts() -> None:
    lake = Lake(200)
    found = figures(
        lake.connection(
            [
                {"dataset": "made", "filter": name, "count": count}
                for name, count in (("held", 7), ("held", 7), ("empty", 0))
            ]
        ),
        950,
    )
    loops = {loop["loop_id"]: loop for loop in lake.loops}
    pairs = [(row, loops[row["loop_id"]]) for row in lake.rows]
    columns = {chart.title: {place: count for place, count in enumerate(chart.counts) if count}
               for chart in found.histograms}  # fmt: skip
    melodic = [(row, loop) for row, loop in pairs if loop["key_root"] is not None]
    assert columns["Keys"] == Counter((loop["key_root"] + row["transposition"]) % 12 for row, loop in melodic)
    assert columns["Tempi"] == Counter(_ends(loop["bpm"], 40, 10, 230) for _, loop in pairs)
    assert columns["Density"] == Counter(_ends(loop["density"], 0, 1, 24) for _, loop in pairs)
    assert columns["Notes"] == Counter(_ends(loop["notes"], 0, 4, 96) for _, loop in pairs)
    assert columns["Answers"] == Counter(row["tokens"] // 50 for row in lake.rows)
    assert columns["Answers without"] == Counter(min(40, row["tokens_without"] // 50) for row in lake.rows)
    shares = {share.title: dict(share.counts) for share in found.shares}
    for title, column in (("Splits", "split"), ("Roles", "role"), ("Languages of prompts", "language")):
        assert shares[title] == Counter(row[column] for row in lake.rows)
    assert shares["Styles"] == Counter(row["style"] for row in lake.rows if row["style"])
    assert shares["Licences of the encoding"] == {"CC-BY-4.0": 400}  # a file that lies at two paths counts once
    assert shares["What each filter removed"] == {"held": 14}
    (source,) = found.sources
    assert (source.rows, source.loops, source.files, sum(source.splits)) == (400, 200, 200, 400)
    assert (source.credits, source.more_credits) == (("by 0", "by 1", "by 2"), 2)
    assert found.totals["prompts"] == len({row["prompt"] for row in lake.rows})
    assert found.totals["too_long_without"] == pytest.approx(
        sum(row["tokens_without"] > 950 for row in lake.rows) / 400
    )


def test_many_values_are_added_up() -> None:
    lake = Lake(40)
    lake.rows = [row | {"style": f"style {row['line'] % 30}"} for row in lake.rows]
    (styles,) = [share for share in figures(lake.connection(), 950).shares if share.title == "Styles"]
    assert len(styles.counts) == TOP + 1 and styles.total == 80 and styles.counts[-1][0] == f"{30 - TOP} others"


def test_rows_are_drawn_by_the_seed_from_everywhere_and_shown_whole() -> None:
    lake = Lake(100)
    card = lake.card(seed=1)
    seen = Page(card.html)
    assert ("class", "roll") in seen.attributes
    assert seen.attributes.count(("class", "roll")) == 60
    assert card == lake.card(seed=1)
    assert card.html != lake.card(seed=2).html
    shown = [line for line in range(200) if f" at {line}<" in card.html]
    assert len(shown) == 60 and min(shown) < 50 and max(shown) > 150
    assert lake.card(shown=5).html.count('class="roll"') == 5


def test_a_row_says_what_it_is() -> None:
    lake = Lake(2)
    lake.loops[1] |= {"key_root": 9, "scale": "minor", "bpm": 99.6}
    lake.rows = [row | {"transposition": 3} for row in lake.rows]
    html = lake.card().html
    assert html.count("C minor · 100 bpm") == 2 and html.count("5 notes in 2 bars, from C2 to C3") >= 2


def test_what_a_user_said_is_not_shown() -> None:
    lake = Lake(30)
    lake.rows = [row | ({"kind": "user"} if row["line"] % 2 else {}) for row in lake.rows]
    html = lake.card().html
    assert {line for line in range(60) if f" at {line}<" in html} == set(range(0, 60, 2))


def test_it_needs_no_network_and_no_script_and_foreign_text_is_shown_as_text() -> None:
    lake = Lake(20, prompt=EVIL, style=EVIL, rights=EVIL, system=EVIL)
    lake.ledger = [row | {"attribution": EVIL, "encoding_licence": EVIL} for row in lake.ledger]
    card = lake.card(left_out={EVIL: 3})
    seen = Page(card.html)
    assert not {"script", "link", "img", "iframe", "object"} & set(seen.tags)
    assert not [value for name, value in seen.attributes if name in {"src", "href"} or name.startswith("on")]
    assert "url(" not in card.html and "@import" not in card.html
    assert card.html.count("&lt;script&gt;") > 20
    assert "<script" not in card.overview
    ElementTree.fromstring(card.overview)


def test_an_answer_that_is_none_is_told() -> None:
    lake = Lake(3)
    lake.answers[1] = "{}" + "x" * 5000
    html = lake.card().html
    assert html.count('class="roll"') == 5 and 'class="bad"' in html and "x" * 5000 not in html


def test_a_structure_is_shown_as_text() -> None:
    lake = Lake(2)
    lake.rows = [row | {"contract": "music-structure", "role": None, "loop_id": "structure"} for row in lake.rows]
    lake.answers = dict.fromkeys(lake.answers, '{"key":"a minor"}')
    html = lake.card().html
    assert ("class", "roll") not in Page(html).attributes
    assert html.count("a minor") == 4 and 'class="bad"' not in html


def test_no_rows_is_a_page_that_says_so() -> None:
    card = Lake(0).card()
    assert "There are no rows" in card.html and card.numbers["rows"] == 0
    assert "<figure" not in card.html


def test_numbers_are_what_the_page_says() -> None:
    card = Lake(50).card()
    assert card.numbers["rows"] == 100 and card.numbers["loops"] == 50
    assert 0 < card.numbers["share of different prompts"] <= 0.5
    assert 0 < card.numbers["share over 950 tokens without the vocabulary"] < 1
