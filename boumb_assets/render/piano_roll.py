"""A loop as an inline SVG: drawn in the page's own colours, so that it follows light and dark."""

from typing import Final

from boumb_assets.contracts.base import STEPS_PER_BAR, STEPS_PER_BEAT
from boumb_assets.render.loops import Loop
from boumb_assets.theory.pitch import HIGHEST, LOWEST, note_name

STEP: Final = 8  # SVG units a sixteenth
ROW: Final = 6  # SVG units a pitch
MARGIN: Final = 1  # empty rows above and below
LEAST_ROWS: Final = 12


def piano_roll_svg(loop: Loop) -> str:
    """The SVG element of a loop: sixteenths to the right, pitches upwards (of drums a row a drum, lowest key below),
    lines at beats and bars, and a sentence for those who cannot see it. Holds numbers and note names alone."""
    rows = sorted(set(loop.pitches.tolist())) if loop.drums else _pitches(loop)
    height_of = {pitch: (len(rows) - 1 - index) * ROW for index, pitch in enumerate(rows)}
    width, height = loop.bars * STEPS_PER_BAR * STEP, len(rows) * ROW
    parts = [
        f'<svg class="roll" viewBox="0 0 {width} {height}" preserveAspectRatio="none" '
        f'role="img" aria-label="{loop_words(loop)}">',
        *(_line(step, height) for step in range(0, loop.bars * STEPS_PER_BAR, STEPS_PER_BEAT)),
        *(
            f'<rect class="note" x="{step * STEP}" y="{height_of[pitch]}" '
            f'width="{_number(_width(step, length, loop.bars))}" height="{ROW - 1}" rx="1"/>'
            for step, pitch, length in zip(
                loop.steps.tolist(), loop.pitches.tolist(), loop.lengths.tolist(), strict=True
            )
        ),
        "</svg>",
    ]
    return "".join(parts)


def _pitches(loop: Loop) -> list[int]:
    lowest, highest = int(loop.pitches.min()) - MARGIN, int(loop.pitches.max()) + MARGIN
    spare = max(0, LEAST_ROWS - (highest - lowest + 1))
    return list(range(lowest - spare // 2, highest + spare - spare // 2 + 1))


def _line(step: int, height: int) -> str:
    kind = "bar" if step % STEPS_PER_BAR == 0 else "beat"
    return f'<line class="{kind}" x1="{step * STEP}" x2="{step * STEP}" y1="0" y2="{height}"/>'


def _width(step: int, length: float, bars: int) -> float:
    return min(length, bars * STEPS_PER_BAR - step) * STEP - 1


def _number(value: float) -> str:
    return f"{value:g}"


def loop_words(loop: Loop) -> str:
    """How many notes a loop has in how many bars, and from which to which."""
    what = "drum hits" if loop.drums else "notes"
    text = f"{loop.notes} {what} in {loop.bars} bars"
    lowest, highest = int(loop.pitches.min()), int(loop.pitches.max())
    if loop.drums or not LOWEST <= lowest <= highest <= HIGHEST:
        return text
    return f"{text}, from {note_name(lowest)} to {note_name(highest)}"
