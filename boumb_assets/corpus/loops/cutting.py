"""Loops from events: every part of every usable file, cut at bar lines into windows, each kept once."""

from dataclasses import dataclass

import pyarrow as pa

from boumb_assets.corpus.loops.settings import FILTERS, LoopSettings


@dataclass(frozen=True)
class Loops:
    """``table`` (schema LOOPS), sorted by path, track, start_bar, bars; ``dropped``: by filter, how many files
    (``file_...``), parts (``too_short``) or windows (all others) it removed, 0 included."""

    table: pa.Table
    dropped: dict[str, int]


def cut_loops(events: pa.Table, files: pa.Table, settings: LoopSettings | None = None) -> Loops:
    """The loops of ``events`` (schema EVENTS) of ``files`` (schema FILES): one row a kept window of two or four bars of
    one track. Takes files with a musical grid in an unchanging 4/4; time follows the notes."""
    from boumb_assets.corpus.loops.parts import parts_of
    from boumb_assets.corpus.loops.selection import select
    from boumb_assets.corpus.loops.sources import usable_sources
    from boumb_assets.corpus.loops.table import loop_table
    from boumb_assets.corpus.loops.windows import windows_of

    settings = settings or LoopSettings()
    sources, refused = usable_sources(files)
    parts = parts_of(events, sources)
    windows, uncut = windows_of(parts)
    selection, removed = select(parts, windows, sources, settings)
    dropped = refused | uncut | removed
    return Loops(loop_table(selection, parts, windows, sources, settings), {name: dropped[name] for name in FILTERS})
