"""Loops from events: every part of every usable file, cut at bar lines into windows, each kept once."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from boumb_assets.contracts.loop_request import STYLES
from boumb_assets.corpus.loops.candidates import WINDOW_FILTERS, Window, drum_loop, melodic_loop, window
from boumb_assets.corpus.loops.parts import FILE_FILTERS, Part, parts_of
from boumb_assets.corpus.loops.settings import LoopSettings
from boumb_assets.corpus.loops.windows import Span, identity, repeats_its_half, spans
from boumb_assets.corpus.schema import LOOPS

FILTERS: Final = (*FILE_FILTERS, "too_short", "empty", "repeated", "halves_equal", *WINDOW_FILTERS)
_COPIED: Final = ("dataset", "sha256", "path", "title", "composer", "official_split")
_STYLES: Final = re.compile(
    r"(?<![a-z])(?:" + "|".join(f"({style.replace('-', '[ _-]?')}y?)" for style in STYLES) + r")(?![a-z])"
)
_RICH: Final = 2.5  # bits of pitch entropy from which a loop has variety enough


@dataclass(frozen=True)
class Loops:
    """``table`` (schema LOOPS), sorted by path, track, start_bar, bars; ``dropped``: by filter, how many files
    (``file_...``), parts (``too_short``) or windows (all others) it removed, 0 included."""

    table: pa.Table
    dropped: dict[str, int]


def cut_loops(events: pa.Table, files: pa.Table, settings: LoopSettings | None = None) -> Loops:
    """The loops of ``events`` (schema EVENTS) of ``files`` (schema FILES): one row a kept window of two or four bars of
    one track. Takes files with a musical grid in an unchanging 4/4; time follows the notes."""
    settings = settings or LoopSettings()
    parts, refused = parts_of(events, files)
    dropped = Counter(refused)
    rows: list[dict[str, Any]] = []
    for part in parts:
        rows.extend(_loops_of(part, settings, dropped))
    rows.sort(
        key=lambda row: (row["path"], row["dataset"], row["track"], row["start_bar"], row["bars"], row["contract"])
    )
    return Loops(pa.Table.from_pylist(rows, schema=LOOPS), {name: dropped[name] for name in FILTERS})


def studio_style(text: str | None) -> str | None:
    """The first of the studio's styles that a data set's own word for a style names: ``latin/brazilian-bossa`` is
    bossa, ``rock`` none."""
    match = _STYLES.search((text or "")[:200].lower())
    return STYLES[(match.lastindex or 1) - 1] if match else None


def _loops_of(part: Part, settings: LoopSettings, dropped: Counter[str]) -> Iterator[dict[str, Any]]:
    """The loops of one part; what is removed is counted in ``dropped``."""
    cuts = _windows(part, dropped)
    times = Counter(key for _, _, key in cuts)
    emitted: set[tuple[int, bytes]] = set()
    for (start, bars), cut, key in cuts:
        if key in emitted:
            dropped["repeated"] += 1
            continue
        columns = drum_loop(cut, settings) if part.is_drum else melodic_loop(cut, settings)
        if isinstance(columns, str):
            dropped[columns] += 1
            continue
        emitted.add(key)
        columns["score"] = _score(cut, columns["loss"] / settings.max_loss, times[key])
        yield _named(part, start, bars, columns)


Key = tuple[int, bytes]


def _windows(part: Part, dropped: Counter[str]) -> list[tuple[Span, Window, Key]]:
    """The windows of a part with notes in them; of one whose halves are equal, the half."""
    todo = spans(part.source.bars, part.is_drum)
    if not todo:
        dropped["too_short"] += 1
    known = set(todo)
    cuts: list[tuple[Span, Window, Key]] = []
    for span in todo:
        start, bars = span
        cut = window(part, start, bars)
        if len(cut.step) == 0:
            dropped["empty"] += 1
        elif bars == 4 and repeats_its_half(cut.step, cut.pitch, cut.steps):
            dropped["halves_equal"] += 1
            if (start, 2) not in known:
                todo.append((start, 2))
        else:
            cuts.append((span, cut, (bars, identity(cut.step, cut.pitch))))
    return cuts


def _score(cut: Window, loss: float, times: int) -> float:
    """0..1: whole at its seams, near its source (``loss`` 0..1), repeated there (``times``), and not one note over and
    over. The weights are a convention; the order they give is all that is used."""
    seams = 1 - 0.5 * cut.clipped / len(cut.step) - 0.5 * cut.rings_in
    counts = np.bincount(cut.pitch)
    share = counts[counts > 0] / len(cut.pitch)
    variety = min(1.0, float(-(share * np.log2(share)).sum()) / _RICH)
    return 0.3 * seams + 0.2 * (1 - loss) + 0.25 * (1 - 1 / times) + 0.25 * variety


def _named(part: Part, start: int, bars: int, columns: dict[str, Any]) -> dict[str, Any]:
    facts = part.source.facts
    start_bar = part.source.first_bar + start
    place = (facts["dataset"], facts["path"], facts["sha256"], part.track, start_bar, bars, columns["contract"])
    return {
        "loop_id": hashlib.sha256("\0".join(map(str, place)).encode("utf-8", "surrogatepass")).hexdigest()[:16],
        **{name: facts[name] for name in _COPIED},
        "track": part.track,
        "start_bar": start_bar,
        "bars": bars,
        "style": studio_style(facts["style"]),
        **columns,
    }
