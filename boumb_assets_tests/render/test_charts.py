"""Charts: as high as what they count, and drawn again the same."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.render.charts import FOOT, HEIGHT, WIDTH, columns_svg, overview_svg

EVIL = '"><script>'


@given(st.lists(st.integers(0, 10**9), max_size=60))
def test_columns_are_as_high_as_what_they_count(counts: list[int]) -> None:
    chart = ElementTree.fromstring(columns_svg(counts, [str(place) for place in range(len(counts))], "what"))
    columns = chart.findall("rect")
    drawn = [count for count in counts if count]
    assert len(columns) == len(drawn)
    for count, column in zip(drawn, columns, strict=True):
        height = float(column.attrib["height"])
        assert height == pytest.approx((HEIGHT - FOOT) * count / max(counts), abs=0.06)
        assert float(column.attrib["y"]) + height == pytest.approx(HEIGHT - FOOT, abs=0.11)
        assert 0 <= float(column.attrib["x"]) < float(column.attrib["x"]) + float(column.attrib["width"]) <= WIDTH


def test_labels_leave_each_other_room() -> None:
    chart = ElementTree.fromstring(columns_svg([1] * 40, [str(10 * place) for place in range(40)], "what"))
    places = [float(text.attrib["x"]) for text in chart.findall("text")]
    assert 5 < len(places) < 40
    assert min(b - a for a, b in pairwise(places)) > 3 * 6


def test_the_mark_stands_where_its_column_begins() -> None:
    chart = ElementTree.fromstring(columns_svg([1, 2, 3, 4], "abcd", "what", mark=3))
    (line,) = [line for line in chart.findall("line") if line.attrib["class"] == "mark"]
    assert float(line.attrib["x1"]) == WIDTH * 3 / 4
    beyond = columns_svg([1], "a", "what", mark=9)
    assert f'x1="{WIDTH:.1f}"' in beyond


def test_words_are_words() -> None:
    chart = columns_svg([1], [EVIL], EVIL)
    assert "<script" not in chart and ElementTree.fromstring(chart).attrib["aria-label"] == EVIL
    assert "<script" not in overview_svg([(EVIL, chart)])


def test_an_overview_is_one_document_with_its_own_colours() -> None:
    charts = [(f"chart {number}", columns_svg([number, 1], "ab", "what")) for number in range(4)]
    document = overview_svg(charts)
    page = ElementTree.fromstring(document)
    inner = page.findall("{http://www.w3.org/2000/svg}svg")
    assert len(inner) == 4 and len({(one.attrib["x"], one.attrib["y"]) for one in inner}) == 4
    _, _, width, height = map(float, page.attrib["viewBox"].split())
    assert all(float(one.attrib["x"]) + WIDTH <= width for one in inner)
    assert all(float(one.attrib["y"]) + HEIGHT <= height for one in inner)
    assert "fill:" in document and "http" not in document.replace("http://www.w3.org/2000/svg", "")
    assert ElementTree.fromstring(overview_svg([])).tag.endswith("svg")
