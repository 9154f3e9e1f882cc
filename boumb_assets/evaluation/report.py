"""The evaluation as one HTML file: no script, nothing loaded from elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from boumb_assets.evaluation.compare import Answer, Row
from boumb_assets.render.loops import LOOP_CONTRACTS, loop_of
from boumb_assets.render.page import html_page
from boumb_assets.render.piano_roll import piano_roll_svg

MAX_SHOWN: Final = 12  # requests that are drawn: the page stays small
MAX_TEXT: Final = 400  # characters of a text that cannot be drawn
CURVE: Final = (600, 120)  # SVG units of a curve


@dataclass(frozen=True)
class Column:
    """A column of the table. ``share`` columns are written in per cent."""

    key: str
    title: str
    note: str
    share: bool = True


COLUMNS: Final = (
    Column("asked", "asked", "requests", share=False),
    Column("valid", "valid", "answers that the app takes unchanged"),
    Column("in_register", "in register", "notes in the register of the role asked for"),
    Column("in_scale", "in scale", "notes in the scale asked for"),
    Column("bars_kept", "length", "loops as long as asked for"),
    Column("density_kept", "density", "loops as dense as asked for"),
    Column("distinct", "distinct", "different loops, transpositions being the same"),
    Column("copied", "copied", "runs of eight notes that the training loops have too"),
    Column("pitch_class_entropy", "entropy", "pitch-class entropy in bits, at most 3.58", share=False),
    Column("scale_consistency", "diatonic", "notes in the best-fitting major or minor scale"),
    Column("polyphony", "polyphony", "pitches at once, where any sounds", share=False),
    Column("groove_consistency", "groove", "agreement of onsets between neighbouring bars"),
    Column("empty_beat_rate", "empty beats", "beats in which nothing sounds"),
    Column("note_density", "onsets a bar", "sixteenths of a bar on which something begins", share=False),
)


@dataclass(frozen=True)
class Drawn:
    """One answer on the page: a picture, or the start of the text and why there is no picture."""

    provider: str
    svg: str
    text: str
    problem: str


def render_report(
    rows: Sequence[Row],
    answers: Sequence[Answer] = (),
    facts: Mapping[str, Any] | None = None,
    curves: Mapping[str, Sequence[float]] | None = None,
    title: str = "Evaluation",
) -> str:
    """The page: ``facts`` by name, the table of ``rows`` by contract, ``curves`` (a loss a step, by name), and the
    answers to the first requests as piano rolls, all providers beside one another. Equal arguments, equal bytes; all
    text is escaped."""
    contracts = dict.fromkeys(str(row["contract"]) for row in rows)
    return html_page(
        "boumb_assets.evaluation",
        "report.html",
        title=title,
        facts=dict(facts or {}),
        tables=[(name, _columns(rows, name), [row for row in rows if row["contract"] == name]) for name in contracts],
        cell=_cell,
        curves=[(name, _curve(losses), losses) for name, losses in (curves or {}).items() if len(losses) > 1],
        requests=_requests(answers),
        hidden=max(0, len(_by_request(answers)) - MAX_SHOWN),
    )


def _columns(rows: Sequence[Row], contract: str) -> list[Column]:
    """The columns that say something of a contract."""
    return [
        column
        for column in COLUMNS
        if any(row.get(column.key) is not None for row in rows if row["contract"] == contract)
    ]


def _cell(row: Row, column: Column) -> str:
    value = row.get(column.key)
    if value is None:
        return "–"
    if column.share:
        return f"{100 * value:.0f} %"
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def _by_request(answers: Sequence[Answer]) -> dict[tuple[str, str, int], list[Answer]]:
    groups: dict[tuple[str, str, int], list[Answer]] = {}
    for answer in answers:
        groups.setdefault((answer.item.prompt, answer.item.contract, answer.seed), []).append(answer)
    return groups


def _requests(answers: Sequence[Answer]) -> list[tuple[str, str, list[Drawn]]]:
    groups = list(_by_request(answers).items())[:MAX_SHOWN]
    return [(prompt, contract, [_drawn(answer) for answer in group]) for (prompt, contract, _), group in groups]


def _drawn(answer: Answer) -> Drawn:
    text = answer.text or ""
    if answer.problem is None and answer.item.contract in LOOP_CONTRACTS:
        return Drawn(answer.provider, piano_roll_svg(loop_of(text, answer.item.contract)), "", "")
    short = text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + " …"
    return Drawn(answer.provider, "", short, answer.problem or "")


def _curve(losses: Sequence[float]) -> str:
    """The SVG element of a falling line, from 0 at the bottom to the largest value at the top."""
    width, height = CURVE
    top = max(max(losses), 1e-9)
    points = " ".join(
        f"{width * index / (len(losses) - 1):.1f},{height * (1 - value / top):.1f}"
        for index, value in enumerate(losses)
    )
    label = f"loss from {losses[0]:.2f} to {losses[-1]:.2f}"
    return (
        f'<svg class="curve" viewBox="0 -2 {width} {height + 4}" preserveAspectRatio="none" role="img" '
        f'aria-label="{label}"><polyline points="{points}"/></svg>'
    )
