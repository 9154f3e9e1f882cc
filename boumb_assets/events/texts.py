"""The texts of a MIDI file: decoded without loss, bounded, and gathered into a table.

The standard asks for ASCII and says nothing of what else is there. What programs write, in this order of tries:

- UTF-8, where a text is that: text in other encodings hardly ever happens to be.
- Shift-JIS as Windows has it (cp932), where all the other texts of the file decode and one has a sign that no Western
  text has by chance: kana (their first byte is 0x82 or 0x83, a low quotation mark or a florin sign in Windows-1252) or
  two kanji in a row whose first bytes are 0x88 to 0x9F. One program wrote them all, so they are decided on together.
- Windows-1252, or Latin-1 for a text with one of the five bytes that it does not define: between them every byte is a
  character, so nothing is ever lost, if not always understood.

Texts are kept as they are, line ends and control characters too; whoever shows them makes them printable.
"""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from boumb_assets.events.file_columns import file_columns

MAX_TEXT_BYTES: Final = 4096  # of one text
MAX_FILE_BYTES: Final = 262_144  # of all texts of a file

KINDS: Final = (
    "text", "copyright", "track_name", "instrument", "lyric", "marker", "cue", "program_name", "device",
)  # fmt: skip
"""The kinds of meta event 1 to 9, in order (RP-001; RP-019 for the last two)."""

FILE_TEXTS: Final = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("track", pa.int32(), nullable=False),
        pa.field("tick", pa.int64(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
    ]
)
"""One row a text of a file that is not empty, sorted by path, then in the order of the file's tracks.

dataset, sha256, path: where it comes from, as in EVENTS
kind:  one of KINDS
track: the track chunk of the file, from 0; a part of EVENTS is a track's notes of one channel and program, so this is
       not the ``track`` of EVENTS
tick:  as in the file
text:  at most 4,096 bytes of it; a file's texts beyond 20,000 or 256 KiB are left out
"""

_JAPANESE: Final = re.compile(rb"[\x82\x83][\x40-\x7e\x80-\xfc]|(?:[\x88-\x9f][\x40-\x7e\x80-\xfc]){2}")


@dataclass(frozen=True)
class Texts:
    """The texts of one file, in the order of its tracks; each array (k,)."""

    kind: npt.NDArray[np.int64]
    """Kind of meta event, 1..9."""
    track: npt.NDArray[np.int64]
    tick: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    """Where each text ends in ``utf8``; it begins where the one before ends."""
    utf8: bytes
    cut: int
    """How many texts were shortened or left out."""
    japanese: bool
    """Whether those that are not UTF-8 were read as Shift-JIS."""

    def of_kind(self, kind: str) -> list[str]:
        """The texts of one of KINDS, in order."""
        wanted = np.flatnonzero(self.kind == KINDS.index(kind) + 1).tolist()
        begins = [0, *self.ends.tolist()]
        return [self.utf8[begins[index] : begins[index + 1]].decode() for index in wanted]


_NONE: Final = np.zeros(0, np.int64)
NO_TEXTS: Final = Texts(_NONE, _NONE, _NONE, _NONE, b"", 0, False)


def read_texts(data: bytes, rows: npt.NDArray[np.int64], left_out: int) -> Texts:
    """The texts that ``rows`` (k, 5; ``texts`` of ``scan.Scanned``) say lie in the file ``data``; ``left_out`` is how
    many the rows do not tell of."""
    if not rows.shape[0]:
        return NO_TEXTS
    spans = rows[:, 3:].tolist()
    raw = [data[begin : begin + min(size, MAX_TEXT_BYTES)] for begin, size in spans]
    total, kept = 0, 0
    for text in raw:
        total += len(text)
        if total > MAX_FILE_BYTES:
            break
        kept += 1
    raw = raw[:kept]
    cut = left_out + len(spans) - kept + sum(size > MAX_TEXT_BYTES for _, size in spans[:kept])
    joined, japanese = b"".join(raw), False
    if not joined.isascii():
        japanese = _is_japanese(raw)
        raw = [decoded(text, japanese).encode() for text in raw]
        joined = b"".join(raw)
    ends = np.cumsum([len(text) for text in raw])
    return Texts(rows[:kept, 2].copy(), rows[:kept, 1].copy(), rows[:kept, 0].copy(), ends, joined, cut, japanese)


def decoded(text: bytes, japanese: bool) -> str:
    """A text as UTF-8, or else as Shift-JIS or a Western encoding. One of MAX_TEXT_BYTES that ends inside a character
    of UTF-8 was cut there, and loses that character."""
    read = _utf8(text)
    if read is not None:
        return read
    for encoding in ("cp932", "cp1252") if japanese else ("cp1252",):
        if _reads(text, encoding):
            return text.decode(encoding)
    return text.decode("latin-1")


def _is_japanese(raw: list[bytes]) -> bool:
    foreign = [text for text in raw if _utf8(text) is None]
    return any(_JAPANESE.search(text) for text in foreign) and all(_reads(text, "cp932") for text in foreign)


def _utf8(text: bytes) -> str | None:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        if len(text) == MAX_TEXT_BYTES and error.end == len(text) and error.start > len(text) - 4:
            return text[: error.start].decode()
        return None


def _reads(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


class TextTable:
    """A growing table of schema FILE_TEXTS."""

    def __init__(self) -> None:
        self._files: list[tuple[str, str]] = []
        self._texts: list[Texts] = []

    def add(self, path: str, sha256: str, texts: Texts) -> None:
        """Adds the texts of one file."""
        if texts.ends.size:
            self._files.append((path, sha256))
            self._texts.append(texts)

    def table(self, dataset: str) -> pa.Table:
        """The table, in the order in which files were added."""
        if not self._texts:
            return FILE_TEXTS.empty_table()
        counts = [texts.ends.size for texts in self._texts]
        kind = np.concatenate([texts.kind for texts in self._texts]) - 1
        columns = [
            *file_columns(dataset, self._files, counts),
            pa.array(KINDS, pa.string()).take(kind),
            pa.array(np.concatenate([texts.track for texts in self._texts]).astype(np.int32)),
            pa.array(np.concatenate([texts.tick for texts in self._texts])),
            self._strings(counts),
        ]
        return pa.table(columns, schema=FILE_TEXTS)

    def _strings(self, counts: list[int]) -> pa.Array:
        """All texts as one array, over the bytes that they lie in."""
        sizes = np.cumsum([0, *(len(texts.utf8) for texts in self._texts)])
        ends = np.concatenate([texts.ends for texts in self._texts]) + np.repeat(sizes[:-1], counts)
        offsets = pa.py_buffer(np.concatenate([[0], ends]).astype(np.int64))
        utf8 = pa.py_buffer(b"".join(texts.utf8 for texts in self._texts))
        return pa.LargeStringArray.from_buffers(ends.size, offsets, utf8).cast(pa.string())
