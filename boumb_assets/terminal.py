"""What the `boumb` command shows: bars while it works, a table at the end; on stderr, so stdout stays the result."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from boumb_assets.lake.progress import listening

WIDTH_OF_A_LOG: Final = 160
console: Final = Console(
    stderr=True, highlight=False, width=None if sys.stderr.isatty() or "COLUMNS" in os.environ else WIDTH_OF_A_LOG
)
SECONDS_BETWEEN_LINES: Final = 10.0


class Bars:
    """Progress bars on a terminal; elsewhere a line now and then, so that a log shows that work goes on."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("  {task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[note]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,  # it would print an empty line
        )
        self._tasks: dict[str, TaskID] = {}
        self._said = time.monotonic()

    def __call__(self, done: int, total: int, text: str = "") -> None:
        """Shows that ``done`` of ``total`` parts are done; ``text`` is the work, then after a colon a note."""
        name, _, note = text.partition(":")
        if not console.is_terminal:
            self._say(done, total, text)
            return
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=total, note="")
        self._progress.update(self._tasks[name], completed=done, total=total, note=note.strip())

    def _say(self, done: int, total: int, text: str) -> None:
        if time.monotonic() - self._said >= SECONDS_BETWEEN_LINES:
            self._said = time.monotonic()
            console.print(f"  {text} {done}/{total}")

    def clear(self) -> None:
        """Takes the bars of finished work away."""
        for task in self._tasks.values():
            self._progress.remove_task(task)
        self._tasks.clear()

    @contextmanager
    def shown(self) -> Iterator["Bars"]:
        """Within it, progress that is reported shows."""
        with self._progress, listening(self):
            yield self


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], right: Sequence[str] = ()) -> Table:
    """A table for the terminal, each cell shown as it is; the columns named in ``right`` hold numbers."""
    made = Table(title=title or None, title_justify="left", title_style="bold", header_style="dim", pad_edge=False)
    for column in columns:
        made.add_column(escape(column), justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    return made
