"""The lines of rows, put together a frame's worth at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from boumb_assets.corpus.row_kernel import FIELD_BYTES, Answers, Heads, Lines, Prompts, write_lines
from boumb_assets.corpus.text_kernel import BLOCK, Ints
from boumb_assets.theory.pitch import HIGHEST, LOWEST

FRAME_BYTES: Final = 1 << 20
_LIST_BYTES: Final = 6 * (HIGHEST - LOWEST + 1)  # of a list of all pitches


@dataclass(frozen=True)
class RowLines:
    """Rows that become lines when they are iterated over: whole lines, FRAME_BYTES or a little more at a time, in a
    buffer that the next ones overwrite, and how many they are."""

    heads: Heads
    prompts: Prompts
    answers: Answers
    lines: Lines

    def __iter__(self) -> Iterator[tuple[memoryview, int]]:
        out = np.empty(FRAME_BYTES + self._longest(), np.uint8)
        begin, count = 0, len(self.lines.answer)
        while begin < count:
            end, size = write_lines(out, begin, FRAME_BYTES, self.heads, self.prompts, self.answers, self.lines)
            yield out.data[:size], end - begin
            begin = end

    def _longest(self) -> int:
        """The bytes of the longest line that there could be, and what is written beyond it."""
        texts = sum(_most(bounds) for bounds in (self.prompts.at, self.answers.at, self.answers.names))
        head = int(np.max(self.heads.parts[:, -1] - self.heads.parts[:, 0]))
        return texts + head + _LIST_BYTES + FIELD_BYTES + 2 * _most(self.prompts.keys_at) + 2 * BLOCK


def _most(bounds: Ints) -> int:
    return int(np.max(np.diff(bounds), initial=0))
