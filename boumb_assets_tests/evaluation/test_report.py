"""The report: one file that needs nothing else, and lets nothing in."""

from html.parser import HTMLParser

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.evaluation.compare import EvalItem, ask_all, table
from boumb_assets.evaluation.report import MAX_SHOWN, render_report
from boumb_assets.render.loops import loop_of
from boumb_assets.render.piano_roll import piano_roll_svg
from boumb_assets_tests.evaluation.loops import drums, sequence

EVIL = '<script>alert("x")</script>'


class Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def page() -> str:
    items = [
        EvalItem(EVIL, request=LoopRequest(role="bass")),
        EvalItem("Batterie", "drum-pattern", LoopRequest(role="drums")),
    ]
    beat, line = drums(kick=(0, 8), snare=(4,)), sequence((0, 36, 4), (8, 39, 4))
    answers = ask_all(
        {"rules": lambda item, seed: beat if item.contract == "drum-pattern" else line, EVIL: lambda item, seed: EVIL},
        items,
    )
    return render_report(table(answers), answers, {"model": EVIL}, {"adapter": [2.0, 1.0, 0.5]})


def test_it_needs_no_network_and_no_script() -> None:
    seen = Page(page())
    assert not {"script", "link", "img", "iframe", "object"} & set(seen.tags)
    assert not [value for name, value in seen.attributes if name in {"src", "href"} or name.startswith("on")]
    assert "url(" not in page() and "@import" not in page()


def test_foreign_text_is_shown_as_text() -> None:
    assert "<script" not in page() and "&lt;script&gt;" in page()


def test_answers_are_drawn_or_told() -> None:
    seen = Page(page())
    assert seen.tags.count("svg") == 3  # two loops and a curve
    assert seen.tags.count("rect") == 5
    assert "not_json" in page() or "json" in page()


def test_it_is_the_same_each_time() -> None:
    assert page() == page()


def test_an_empty_evaluation_says_so() -> None:
    assert "nothing to compare" in render_report([])


def test_many_requests_stay_one_small_page() -> None:
    line = sequence((0, 36, 4))
    answers = ask_all({"a": lambda item, seed: line}, [EvalItem(f"loop {index}") for index in range(MAX_SHOWN + 3)])
    html = render_report(table(answers), answers)
    assert Page(html).tags.count("svg") == MAX_SHOWN
    assert "3 more requests" in html


def test_notes_lie_where_they_sound() -> None:
    svg = piano_roll_svg(loop_of(sequence((0, 60, 4), (28, 72, 16)), "boumb-sequence"))
    assert 'aria-label="2 notes in 2 bars, from C4 to C5"' in svg
    assert 'x="0"' in svg and 'width="31"' in svg  # four sixteenths of eight units, less a gap
    assert 'x="224"' in svg  # and the last one is cut at the end of the loop:
    assert svg.count('width="31"') == 2
