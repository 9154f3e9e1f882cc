"""What is known of the loops of a shard before rows are made of them."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.corpus.answer_length import answer_tokens
from boumb_assets.corpus.draws import Hashes
from boumb_assets.corpus.loop_facts import fact_columns
from boumb_assets.corpus.row_kernel import Answers
from boumb_assets.corpus.row_settings import RowSettings
from boumb_assets.corpus.text_kernel import Ints, Texts, escape, find_notes, text_hashes
from boumb_assets.prompts.columns import FactColumns

_MELODIC: Final = "boumb-sequence"


@dataclass(frozen=True)
class KnownLoops:
    """The loops of a shard and what is known of their answers."""

    table: pa.Table
    contract: str
    in_keys: bool
    """Whether rows may be in other keys than the loop's own."""
    usable: Ints
    """The loops that rows are made of."""
    answers: Answers
    tokens: Ints
    """(loops, 2), as `answer_length.answer_tokens`."""
    lowest: Ints
    highest: Ints
    classes: Ints
    """The pitch classes that an answer has, a bit each."""
    hashes: Hashes
    facts: FactColumns


def analysed(loops: pa.Table, settings: RowSettings, left_out: Counter[str]) -> KnownLoops:
    """Reads the answers of ``loops`` (as `rows.loop_rows` takes them), and counts those of no use in ``left_out``, by
    reason."""
    contract, split = loops["contract"][0].as_py(), loops["split"][0].as_py()
    content = texts_of(loops["content"])
    tokens = answer_tokens(contract, *content)
    data, at = escape(*content)
    melodic = contract == _MELODIC
    names, name_at, pitch, seen = find_notes(data, at) if melodic else _no_notes(len(at))
    cleared = pc.fill_null(loops["rights_train"], False).to_numpy(zero_copy_only=False)
    usable = cleared.copy()
    left_out["not_cleared"] = int(np.count_nonzero(~usable))
    for reason, kept in (
        ("not_canonical", seen[:, 0] >= 0),
        ("answer_too_long", tokens[:, 0] <= settings.max_answer_tokens),
    ):
        left_out[reason] = int(np.count_nonzero(usable & ~kept))
        usable &= kept
    return KnownLoops(
        table=loops,
        contract=contract,
        in_keys=melodic and split == "train",
        usable=np.flatnonzero(usable),
        answers=Answers(data, at, names, name_at, pitch),
        tokens=tokens,
        lowest=seen[:, 0],
        highest=seen[:, 1],
        classes=seen[:, 2],
        hashes=text_hashes(*texts_of(loops["loop_id"])),
        facts=fact_columns(loops),
    )


def _no_notes(bounds: int) -> tuple[Ints, Ints, npt.NDArray[np.uint8], Ints]:
    none = np.zeros(0, np.int64)
    return np.zeros(bounds, np.int64), none, np.zeros(0, np.uint8), np.zeros((bounds - 1, 3), np.int64)


def texts_of(column: pa.ChunkedArray) -> Texts:
    """A column of strings as bytes, and where each text is in them; a null is an empty text."""
    empty = pa.array([], pa.large_string())
    text = pa.concat_arrays([*pc.fill_null(column.cast(pa.large_string()), "").chunks, empty])
    _, at, data = text.buffers()
    if not len(text):
        return Texts(np.zeros(0, np.uint8), np.zeros(1, np.int64))
    bounds = np.frombuffer(at, np.int64)[: len(text) + 1]
    return Texts(np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8), bounds)
