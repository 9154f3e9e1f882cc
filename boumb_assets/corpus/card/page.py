"""The card as one HTML file: no script, nothing loaded from elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from boumb_assets.corpus.card.figures import Figures, Histogram, figures
from boumb_assets.render.charts import columns_svg, overview_svg
from boumb_assets.render.loops import LOOP_CONTRACTS, loop_of
from boumb_assets.render.page import html_page
from boumb_assets.render.piano_roll import loop_words, piano_roll_svg
from boumb_assets.theory.pitch import NOTE_NAMES

SHOWN: Final = 60
MAX_TEXT: Final = 600  # characters of an answer that is not drawn
OVERVIEW: Final = ("Keys", "Tempi", "Density", "Answers", "Answers without", "Notes")

RowAt = Callable[[str, int], Mapping[str, Any]]
"""The row at a line (from 0) of a shard, read from the file."""

# What a user said to an app is not shown on a page that is given on.
DRAWN_ROWS: Final = """
select rows.shard, rows.line, rows.row_id, rows.split, rows.contract, rows.language, rows.kind, rows.role, rows.style,
       rows.dataset, loops.bpm, (loops.key_root::int + rows.transposition + 120) % 12 as root, loops.scale
from training_rows as rows
left join loops on loops.dataset = rows.dataset and loops.loop_id = rows.loop_id
where rows.kind <> 'user'
order by md5($seed || ':' || rows.row_id) limit $shown
"""


@dataclass(frozen=True)
class DataCard:
    """The page; ``overview`` is an SVG document of its main charts, ``numbers`` are its main figures by name."""

    html: str
    overview: str
    numbers: dict[str, float]


@dataclass(frozen=True)
class ShownRow:
    """A row on the page: the answer as a picture, or the start of its text."""

    place: str
    facts: tuple[str, ...]
    system: str
    prompt: str
    svg: str
    text: str
    problem: str


def data_card(
    connection: duckdb.DuckDBPyConnection,
    row_at: RowAt,
    left_out: Mapping[str, int] | None = None,
    most_tokens: int = 950,
    seed: int = 0,
    shown: int = SHOWN,
) -> DataCard:
    """The card of the rows in the lake that ``connection`` sees, which it gets a temporary table of.

    ``row_at`` reads the ``shown`` rows that ``seed`` draws, ``left_out`` counts what gave no row, by reason. Equal
    arguments give equal bytes; all text of others is escaped. Raises duckdb.Error where the tables training_rows,
    loops, loops_dropped or rights_ledger are missing.
    """
    counted = figures(connection, most_tokens)
    found = connection.execute(DRAWN_ROWS, {"seed": str(seed), "shown": shown})
    names = [column[0] for column in found.description or ()]
    drawn = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    charts = {chart.title: _chart(chart) for chart in counted.histograms}
    return DataCard(
        html=_page(counted, charts, [_shown(row, row_at(row["shard"], row["line"])) for row in drawn], left_out or {}),
        overview=overview_svg([(title, charts[title]) for title in OVERVIEW]),
        numbers=_numbers(counted, most_tokens),
    )


def _page(figures: Figures, charts: Mapping[str, str], rows: list[ShownRow], left_out: Mapping[str, int]) -> str:
    return html_page(
        "boumb_assets.corpus.card",
        "card.html",
        facts=_facts(figures),
        histograms=[(chart, charts[chart.title]) for chart in figures.histograms if sum(chart.counts)],
        shares=[share for share in figures.shares if share.total],
        sources=figures.sources,
        left_out=dict(left_out),
        rows=rows,
    )


def _chart(histogram: Histogram) -> str:
    total = sum(histogram.counts)
    most = max(range(len(histogram.counts)), key=histogram.counts.__getitem__)
    label = f"{histogram.note}: {total} in all, most at {histogram.labels[most]}"
    return columns_svg(histogram.counts, histogram.labels, label, histogram.mark)


def _facts(figures: Figures) -> dict[str, str]:
    totals = figures.totals
    if not totals["rows"]:
        return {}
    return {
        "rows": f"{totals['rows']:,}",
        "loops and structures": f"{totals['loops']:,}",
        "files": f"{totals['files']:,}",
        "groups of works": f"{totals['work_groups']:,}",
        "data sets": f"{totals['datasets']:,}",
        "different prompts": f"{totals['prompts']:,}, {totals['prompts'] / totals['rows']:.1%} of the rows",
        "answers": f"{totals['tokens']:,} tokens, {totals['median_tokens']:.0f} in the middle and "
        f"{totals['longest']:,} at most",
        "without the JSON vocabulary": f"{totals['median_without']:.0f} tokens in the middle; "
        f"{totals['too_long_without']:.1%} of the answers would be too long",
    }


def _numbers(figures: Figures, most_tokens: int) -> dict[str, float]:
    totals = figures.totals
    return {
        "rows": totals["rows"],
        "loops": totals["loops"],
        "files": totals["files"],
        "different prompts": totals["prompts"],
        "share of different prompts": round(totals["prompts"] / max(1, totals["rows"]), 4),
        "tokens an answer at most": totals["longest"],
        "tokens an answer, median": totals["median_tokens"],
        "tokens an answer without the vocabulary, median": totals["median_without"],
        f"share over {most_tokens} tokens without the vocabulary": round(totals["too_long_without"], 4),
    }


def _shown(row: Mapping[str, Any], read: Mapping[str, Any]) -> ShownRow:
    texts = {str(message["role"]): str(message["content"]) for message in read["messages"]}
    answer = texts.get("assistant", "")
    svg, text, words, problem = "", "", "", ""
    if row["contract"] in LOOP_CONTRACTS:
        try:
            loop = loop_of(answer, row["contract"])
            svg, words = piano_roll_svg(loop), loop_words(loop)
        except ValueError as error:
            problem, text = str(error).splitlines()[0], _short(answer)
    else:
        text = _short(answer)
    return ShownRow(
        place=f"{row['shard']}:{row['line']}",
        facts=tuple(fact for fact in (*_known(row), _keys(read.get("transpose")), words) if fact),
        system=texts.get("system", ""),
        prompt=texts.get("user", ""),
        svg=svg,
        text=text,
        problem=problem,
    )


def _known(row: Mapping[str, Any]) -> tuple[str, ...]:
    key = f"{NOTE_NAMES[row['root']]} {row['scale']}" if row["root"] is not None and row["scale"] else ""
    bpm = f"{row['bpm']:.0f} bpm" if row["bpm"] else ""
    said = (row[name] or "" for name in ("kind", "language", "dataset", "split"))
    return (row["role"] or "", row["style"] or "", key, bpm, *said)


def _keys(moves: object) -> str:
    """How far the trainer may move a row."""
    return f"{moves.get('low')} to {moves.get('high')} semitones" if isinstance(moves, Mapping) else ""


def _short(answer: str) -> str:
    return answer if len(answer) <= MAX_TEXT else answer[:MAX_TEXT] + " …"
