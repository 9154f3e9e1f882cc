"""Column charts as SVG, in the colours of the page that they stand in: no library, no script, the same bytes always."""

from collections.abc import Sequence
from html import escape
from math import ceil
from typing import Final

WIDTH: Final = 480  # SVG units of a chart
HEIGHT: Final = 130
FOOT: Final = 18  # of HEIGHT, for the labels
LABEL: Final = 6.5  # SVG units that a character of a label takes
GAP: Final = 0.15  # of a column's place, between columns
TITLE: Final = 22
ACROSS: Final = 3
_STYLE: Final = (
    "svg{font:11px system-ui,sans-serif}.paper{fill:#fcfcfd}text{fill:#5f6670}.title{fill:#1c2024;font-weight:600}"
    ".column{fill:#2f6fde}.mark,.ground{stroke:#b3261e}.ground{stroke:#d8dce2}"
)


def columns_svg(values: Sequence[float], labels: Sequence[str], label: str, mark: float | None = None) -> str:
    """The SVG element of a column for each of ``values`` (0 or more), over as many of their ``labels`` as there is room
    for; ``label`` says it in a sentence. ``mark`` is a place to draw a line at: 2 is where the third column begins."""
    place = WIDTH / max(1, len(values))
    parts = [
        f'<svg class="columns" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">',
        *_columns(values, place),
        *_labels(labels, place),
        f'<line class="ground" x1="0" x2="{WIDTH}" y1="{HEIGHT - FOOT}" y2="{HEIGHT - FOOT}"/>',
    ]
    if mark is not None:
        x = f"{min(WIDTH, mark * place):.1f}"
        parts.append(f'<line class="mark" x1="{x}" x2="{x}" y1="0" y2="{HEIGHT - FOOT}"/>')
    return "".join([*parts, "</svg>"])


def _columns(values: Sequence[float], place: float) -> list[str]:
    top = max(values, default=0) or 1
    heights = [(HEIGHT - FOOT) * value / top for value in values]
    return [
        f'<rect class="column" x="{(index + GAP / 2) * place:.1f}" y="{HEIGHT - FOOT - height:.1f}" '
        f'width="{place * (1 - GAP):.1f}" height="{height:.1f}"/>'
        for index, height in enumerate(heights)
        if height > 0
    ]


def _labels(labels: Sequence[str], place: float) -> list[str]:
    longest = max(map(len, labels), default=0)
    every = max(1, ceil((longest + 1) * LABEL / place))
    return [
        f'<text x="{(index + 0.5) * place:.1f}" y="{HEIGHT - 4}" text-anchor="middle">{escape(labels[index])}</text>'
        for index in range(0, len(labels), every)
    ]


def overview_svg(charts: Sequence[tuple[str, str]]) -> str:
    """One SVG document of several charts (a title and its `columns_svg` each), with colours of its own."""
    across = min(ACROSS, max(1, len(charts)))
    down = ceil(len(charts) / across)
    width, height = WIDTH + 2 * TITLE, HEIGHT + 2 * TITLE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across * width} {down * height}">',
        f'<style>{_STYLE}</style><rect class="paper" width="100%" height="100%"/>',
    ]
    for index, (title, chart) in enumerate(charts):
        x, y = index % across * width + TITLE, index // across * height + TITLE
        size = f'<svg x="{x}" y="{y + TITLE / 2:g}" width="{WIDTH}" height="{HEIGHT}" '
        parts.append(f'<text class="title" x="{x}" y="{y}">{escape(title)}</text>{chart.replace("<svg ", size, 1)}')
    return "".join([*parts, "</svg>"])
