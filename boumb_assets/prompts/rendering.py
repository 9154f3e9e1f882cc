"""The wording of a whole batch: the prompts of `wording.word_loop`, as arrays, in a compiled loop."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.prompts.columns import FactColumns
from boumb_assets.prompts.flat_book import flat_book
from boumb_assets.prompts.key_names import KEY_FORMS, key_names
from boumb_assets.prompts.slots import CLAIMS
from boumb_assets.prompts.templates import KINDS

__all__ = ["CLAIMS", "KEY_FORMS", "KINDS", "LANGUAGE_NAMES", "PromptBatch", "key_names", "render_prompts"]

LANGUAGE_NAMES: Final = ("fr", "en")
_USUAL_BYTES: Final = 96  # of a prompt, for the first try
_FARTHEST: Final = 127
Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class PromptBatch:
    """m prompts.

    ``text``: uint8, the UTF-8 of all, prompt i from ``offsets[i]`` to ``offsets[i + 1]`` (int64, (m + 1,)).
    ``language``: uint8 (m,), index into LANGUAGE_NAMES. ``kind``: uint8 (m,), into KINDS. ``claims``: uint32 (m,), a
    bit a fact in the order of CLAIMS. ``template``: int32 (m,). ``key_spans``: int32 (m, 2, 3), of up to two places
    that name the key the first byte within the prompt, the one after the last, and the form (into KEY_FORMS); -1 for
    none, and then for the second too.
    """

    text: Array
    offsets: Array
    language: Array
    kind: Array
    claims: Array
    template: Array
    key_spans: Array

    def __len__(self) -> int:
        return len(self.language)

    def prompt(self, index: int) -> str:
        """One prompt as a string."""
        return bytes(self.text[self.offsets[index] : self.offsets[index + 1]]).decode()

    def said(self, index: int) -> frozenset[str]:
        """The names of the facts that a prompt states."""
        return frozenset(name for bit, name in enumerate(CLAIMS) if self.claims[index] >> bit & 1)


def render_prompts(facts: FactColumns, row: Array, shift: Array, seed: Array) -> PromptBatch:
    """A prompt for each of m (loop, transposition, seed).

    ``row``: int64 (m,), index into ``facts``. ``shift``: int8 (m,), semitones by which the loop is moved: the key and
    the register are said as they are then. ``seed``: uint64 (m,); an even one gives French, an odd one English.
    Raises ValueError for arrays of different lengths and for rows that there are not.
    """
    from boumb_assets.prompts.render_kernel import Written, render

    row, shift, seed = np.asarray(row, np.int64), np.asarray(shift, np.int64), np.asarray(seed, np.uint64)
    if not row.shape == shift.shape == seed.shape or row.ndim != 1:
        raise ValueError(f"row, shift and seed have shapes {row.shape}, {shift.shape} and {seed.shape}")
    if len(row) and (row.min() < 0 or row.max() >= len(facts) or np.abs(shift).max() > _FARTHEST):
        raise ValueError(f"rows lie in 0..{len(facts) - 1}, shifts within {_FARTHEST} semitones")
    count, flat = len(row), flat_book()
    book, matrix = flat.with_names(facts.composers, facts.genres), facts.matrix()
    written = Written(
        text=np.empty(_USUAL_BYTES * count + flat.longest, np.uint8),
        offsets=np.zeros(count + 1, np.int64),
        language=np.empty(count, np.uint8),
        kind=np.empty(count, np.uint8),
        claims=np.empty(count, np.uint32),
        template=np.empty(count, np.int32),
        spans=np.full((count, 2, 3), -1, np.int32),
    )
    done = 0
    while (done := render(book, matrix, row, shift, seed, done, flat.longest, written)) < count:
        room = np.empty(len(written.text) // 2 + flat.longest, np.uint8)
        written = written._replace(text=np.concatenate((written.text, room)))
    return PromptBatch(written.text[: written.offsets[count]], *written[1:])
