"""A piano roll for the terminal, in block characters."""

from math import ceil

from boumb_assets.contracts.loop_request import Role
from boumb_assets.render.notes import Content, perform
from boumb_assets.render.performance import Performance
from boumb_assets.render.rows import rows_of

_ONSETS = "░▒▓█"  # by velocity
_HELD, _EMPTY, _BEAT, _BAR = "━", " ", "·", "│"


def piano_roll_text(
    content: Content | Performance, width: int = 80, bpm: float | None = None, role: Role | None = None
) -> str:
    """The piano roll of ``content`` in lines of at most ``width`` characters (at least 24): a column is a sixteenth, or
    as many as it takes; an onset is a block as dark as it is loud, a held note a line. What does not fit at eight
    sixteenths a column is cut, and the last line says so."""
    performance = perform(content, bpm, role)
    rows, row_of = rows_of(performance)
    label = max(len(row.label) for row in rows)
    bar_steps = performance.metre[0] * 16 // performance.metre[1]
    total = performance.bars * bar_steps
    room = max(24, width) - label - 2
    per_column, shown = _fit(performance.bars, bar_steps, room)
    columns = ceil(shown * bar_steps / per_column)
    beat = max(1, 16 // performance.metre[1])
    dotted = beat > per_column  # else every column would have its dot
    blank = [_BEAT if dotted and column * per_column % beat == 0 else _EMPTY for column in range(columns)]
    grid = [list(blank) for _ in rows]
    steps_per_s = performance.bpm / 60 * 4
    for index, row in enumerate(row_of):
        onset = round(float(performance.onset_s[index]) * steps_per_s, 6)
        end = min(onset + float(performance.duration_s[index]) * steps_per_s, total)
        first, last = int(onset / per_column), ceil(round(end / per_column, 6))
        for column in range(first + 1, min(last, columns)):
            if grid[row][column] not in _ONSETS:
                grid[row][column] = _HELD
        if first < columns:
            grid[row][first] = _ONSETS[min(3, int(performance.velocity[index]) * 4 // 128)]
    lines = [_line("", _header(columns, per_column, bar_steps, shown), label)]
    lines += [
        _line(row.label if row.is_used or row.is_c else "", _barred(cells, per_column, bar_steps), label)
        for row, cells in zip(rows, grid, strict=True)
    ]
    if shown < performance.bars:
        lines.append(f"(bars 1 to {shown} of {performance.bars})")
    return "\n".join(line.rstrip() for line in lines)


def _fit(bars: int, bar_steps: int, room: int) -> tuple[int, int]:
    """Sixteenths a column, and how many bars are shown, with a line before each bar and one after the last."""
    for per_column in (1, 2, 4, 8):
        wide = ceil(bar_steps / per_column) + 1
        if bars * wide + 1 <= room and bar_steps % per_column == 0:
            return per_column, bars
    per_column = max(size for size in (1, 2, 4, 8) if bar_steps % size == 0)
    return per_column, max(1, min(bars, (room - 1) // (bar_steps // per_column + 1)))


def _line(label: str, cells: str, width: int) -> str:
    return f"{label:>{width}} {cells}"


def _barred(cells: list[str], per_column: int, bar_steps: int) -> str:
    wide = bar_steps // per_column
    return _BAR + _BAR.join("".join(cells[at : at + wide]) for at in range(0, len(cells), wide)) + _BAR


def _header(columns: int, per_column: int, bar_steps: int, bars: int) -> str:
    wide = bar_steps // per_column + 1
    return "".join(f"{' ' + str(bar + 1):<{wide}}"[:wide] for bar in range(bars))
