"""A piano roll as a PNG: rows are pitches or drums, columns are sixteenths, opacity is velocity."""

import unicodedata
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from boumb_assets.contracts.loop_request import Role
from boumb_assets.render.notes import Content, perform
from boumb_assets.render.performance import Performance
from boumb_assets.render.rows import Row, rows_of

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

    Font = FreeTypeFont | ImageFont

Colour = tuple[int, int, int]

MAX_TITLE: Final = 80
_SCALE: Final = 2  # drawn twice as large and reduced, so that edges are smooth
_PAPER, _INK, _FAINT = (252, 252, 250), (38, 42, 52), (150, 155, 165)
_BLACK_KEY, _BAR, _BEAT, _STEP = (241, 242, 244), (150, 155, 165), (205, 208, 214), (232, 234, 238)
_VOICES: Final[tuple[Colour, ...]] = (
    (31, 98, 189), (203, 82, 32), (24, 128, 98), (140, 68, 160), (176, 134, 10), (96, 96, 104),
)  # fmt: skip
_DRUM: Final[Colour] = (60, 66, 82)
_LEFT, _RIGHT, _TOP, _FOOT = 76, 16, 58, 18
_MARK: Final = 25  # pixels above the grid where the names of sections begin
_ACCENTED_FONTS: Final = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf", "Helvetica.ttc")
_DASHES: Final = {ord("\u2013"): "-", ord("\u2014"): "-", ord("\u2019"): "'"}
_WIDEST: Final = 2400  # pixels of the grid


@dataclass(frozen=True)
class _Layout:
    """Sizes in pixels of the large drawing."""

    rows: int
    steps: float
    steps_per_beat: float
    beats_per_bar: int
    step_px: float
    row_px: float

    @property
    def left(self) -> float:
        return _LEFT * _SCALE

    @property
    def top(self) -> float:
        return _TOP * _SCALE

    def x(self, step: float) -> float:
        return self.left + step * self.step_px

    def y(self, row: float) -> float:
        return self.top + row * self.row_px


def piano_roll_png(
    content: Content | Performance, title: str = "", bpm: float | None = None, role: Role | None = None
) -> bytes:
    """The piano roll of ``content`` as PNG bytes. ``title`` is cut at ``MAX_TITLE`` characters; where it is ASCII the
    font is the library's own, and the bytes are the same on every machine with that library."""
    from PIL import Image, ImageDraw, ImageFont

    performance = perform(content, bpm, role)
    rows, row_of = rows_of(performance)
    layout = _layout(performance, rows)
    size = (round(layout.x(layout.steps)) + _RIGHT * _SCALE, round(layout.y(layout.rows)) + _FOOT * _SCALE)
    image = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(11 * _SCALE)
    _draw_grid(draw, layout, rows, font)
    _draw_marks(draw, layout, performance, font)
    _draw_notes(ImageDraw.Draw(image, "RGBA"), layout, performance, rows, row_of)
    heading, text = _heading(title[:MAX_TITLE])
    draw.text((layout.left, 12 * _SCALE), text, fill=_INK, font=heading)
    draw.text((size[0] - _RIGHT * _SCALE, 16 * _SCALE), _facts(performance), fill=_FAINT, font=font, anchor="ra")
    return _png(image.resize((size[0] // _SCALE, size[1] // _SCALE), Image.Resampling.LANCZOS))


def _heading(title: str) -> tuple["Font", str]:
    """A font for the title, and the title as that font can write it: the library's own has no accents, so a French
    title takes a font of the system, or loses its accents where there is none."""
    from PIL import ImageFont

    if not title.isascii():
        for name in _ACCENTED_FONTS:
            try:
                return ImageFont.truetype(name, 16 * _SCALE), title
            except OSError:
                continue
        title = _in_ascii(title)
    return ImageFont.load_default(16 * _SCALE), title


def _in_ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text.translate(_DASHES)).encode("ascii", "ignore").decode("ascii")


def _layout(performance: Performance, rows: list[Row]) -> _Layout:
    numerator, denominator = performance.metre
    steps_per_beat = 16 / denominator
    steps = performance.bars * numerator * steps_per_beat
    step_px = min(24.0 if steps <= 32 else 14.0, max(1.0, _WIDEST / steps))
    row_px = 26 if all(row.is_drum for row in rows) else 15 if len(rows) <= 36 else 11
    return _Layout(len(rows), steps, steps_per_beat, numerator, step_px * _SCALE, row_px * _SCALE)


def _facts(performance: Performance) -> str:
    numerator, denominator = performance.metre
    notes = len(performance.pitch)
    return (
        f"{performance.bars} bars, {numerator}/{denominator}, {performance.bpm:.4g} bpm, "
        f"{notes} note{'' if notes == 1 else 's'}"
    )


def _draw_grid(draw: "ImageDraw", layout: _Layout, rows: list[Row], font: "Font") -> None:
    right, bottom = layout.x(layout.steps), layout.y(layout.rows)
    for index, row in enumerate(rows):
        if row.is_black or (row.is_drum and index % 2):
            draw.rectangle((layout.left, layout.y(index), right, layout.y(index + 1)), fill=_BLACK_KEY)
        if row.is_used or row.is_c:
            place = (layout.left - 8 * _SCALE, layout.y(index + 0.5))
            draw.text(place, row.label, fill=_INK if row.is_used else _FAINT, font=font, anchor="rm")
        if row.is_c or row.is_drum:
            draw.line((layout.left, layout.y(index + 1), right, layout.y(index + 1)), fill=_BEAT, width=_SCALE)
    if layout.step_px >= 10 * _SCALE:
        for step in range(int(layout.steps) + 1):
            draw.line((layout.x(step), layout.top, layout.x(step), bottom), fill=_STEP, width=_SCALE)
    bar_px = layout.beats_per_bar * layout.steps_per_beat * layout.step_px
    every = next(n for n in (1, 2, 4, 8, 16, 32, 64, 1024) if n * bar_px >= 26 * _SCALE)
    for beat in range(round(layout.steps / layout.steps_per_beat) + 1):
        bar, inside = divmod(beat, layout.beats_per_bar)
        x = layout.x(beat * layout.steps_per_beat)
        if inside and layout.steps_per_beat * layout.step_px < 6 * _SCALE:
            continue
        draw.line(
            (x, layout.top - (0 if inside else 6 * _SCALE), x, bottom), fill=_BEAT if inside else _BAR, width=_SCALE
        )
        if x < right - 1 and not inside and bar % every == 0:
            draw.text((x + 4 * _SCALE, layout.top - 5 * _SCALE), str(bar + 1), fill=_INK, font=font, anchor="lb")
        elif inside and layout.steps_per_beat * layout.step_px >= 40 * _SCALE:
            draw.text((x, layout.top - 5 * _SCALE), f"{bar + 1}.{inside + 1}", fill=_FAINT, font=font, anchor="mb")
    draw.line((layout.left, layout.top, right, layout.top), fill=_BEAT, width=_SCALE)
    draw.line((layout.left, bottom, right, bottom), fill=_BAR, width=_SCALE)


def _draw_marks(draw: "ImageDraw", layout: _Layout, performance: Performance, font: "Font") -> None:
    """A line where each section of a piece begins, and as much of its name as there is room for."""
    starts = [layout.x(mark.bar * layout.steps / performance.bars) for mark in performance.marks]
    ends = [*starts, layout.x(layout.steps)][1:]
    for mark, x, until in zip(performance.marks, starts, ends, strict=True):
        name = _in_ascii(mark.name)
        while name and draw.textlength(name, font=font) > until - x - 6 * _SCALE:
            name = name[:-1]
        top = layout.top - _MARK * _SCALE
        draw.line((x, top, x, layout.y(layout.rows)), fill=_INK, width=_SCALE)
        draw.text((x + 4 * _SCALE, top), name, fill=_INK, font=font, anchor="lt")


def _draw_notes(
    draw: "ImageDraw", layout: _Layout, performance: Performance, rows: list[Row], row_of: list[int]
) -> None:
    """Drawn from the left, so that where two notes of a row overlap the later onset shows."""
    steps_per_s = performance.bpm / 60 * 4
    for index, row in enumerate(row_of):
        start = float(performance.onset_s[index]) * steps_per_s
        end = min(start + float(performance.duration_s[index]) * steps_per_s, layout.steps)
        colour = _DRUM if rows[row].is_drum else _VOICES[int(performance.voice[index]) % len(_VOICES)]
        opacity = round(70 + 185 * int(performance.velocity[index]) / 127)
        x0, x1 = layout.x(start) + _SCALE, max(layout.x(end) - _SCALE, layout.x(start) + 3 * _SCALE)
        y0, y1 = layout.y(row) + 1.5 * _SCALE, layout.y(row + 1) - 1.5 * _SCALE
        radius = min(3 * _SCALE, (x1 - x0) / 2)
        draw.rounded_rectangle((x0, y0, x1, y1), radius=radius, fill=(*colour, opacity))
        draw.rectangle((x0, y0 + radius, x0 + 1.5 * _SCALE, y1 - radius), fill=(*colour, 255))


def _png(image: "Image") -> bytes:
    out = BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()
