"""From the loops of the mix to chat rows: which system messages, which lists of pitches, in which order of lines."""

from collections import Counter
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from boumb_assets.corpus.draws import Hashes, mixed
from boumb_assets.corpus.known_loops import KnownLoops, analysed
from boumb_assets.corpus.moves import in_register, key_blobs, key_ranges
from boumb_assets.corpus.row_kernel import Lines, Prompts
from boumb_assets.corpus.row_lines import RowLines
from boumb_assets.corpus.row_settings import RowSettings
from boumb_assets.corpus.rows_schema import NAMES
from boumb_assets.corpus.said import KINDS_OF_ROWS, USERS, Said, in_order, with_users, worded
from boumb_assets.corpus.shard_rows import ShardRows
from boumb_assets.corpus.system_messages import FORMS, LANGUAGES, WEIGHTED, WORDINGS, head_of, heads
from boumb_assets.corpus.text_kernel import Ints, characters, escape
from boumb_assets.prompts.rendering import CLAIMS
from boumb_assets.theory.pitch import HIGHEST, LOWEST
from boumb_assets.theory.scales import SCALES

_APP: Final = FORMS.index("app")
_APP_MESSAGE: Final = KINDS_OF_ROWS.index("app-message")
_SCALE_BITS: Final = np.array([sum(1 << step for step in steps) for steps in SCALES.values()], np.int64)
_WEIGHTED: Final = np.array([FORMS.index(form) for form in WEIGHTED])
_OCTAVE: Final = (1 << 12) - 1


def loop_rows(loops: pa.Table, settings: RowSettings) -> ShardRows:
    """The rows of loops, at least one, of one split and one contract. ``loops``: schema LOOPS with split, work_group,
    rights_train, rights, what `loop_facts.fact_columns` reads beyond LOOPS, and ``asked``: the words of the user whom
    this very loop was the answer to, or null."""
    left_out: Counter[str] = Counter()
    known = analysed(loops, settings, left_out)
    said = with_users(known, worded(known, settings), settings)
    rows = in_order(said)
    worded_loops = np.zeros(loops.num_rows, np.bool_)
    worded_loops[said.loop[rows]] = True
    left_out["no_wording"] = int(np.count_nonzero(~worded_loops[known.usable]))
    form, head = _systems(said, rows)
    lines = _lines(known, said, rows, form, head, settings)
    return ShardRows(_origins(known, said, rows, form), +left_out, _written(known, said, rows, lines))


def _systems(said: Said, rows: Ints) -> tuple[Ints, Ints]:
    """The form and the place of the system message of each row."""
    drawn = mixed(said.row[rows] ^ np.uint64(0x73797374656D))
    form = _WEIGHTED[(drawn & np.uint64(3)).astype(np.int64)]
    form[said.kind[rows] == _APP_MESSAGE] = _APP
    # the platform's own wording as often as all others together
    wording = np.maximum((drawn >> np.uint64(2)) % np.uint64(2 * WORDINGS - 2), np.uint64(WORDINGS - 2))
    return form, head_of(form, said.language[rows], wording.astype(np.int64) - (WORDINGS - 2))


def _lines(known: KnownLoops, said: Said, rows: Ints, form: Ints, head: Ints, settings: RowSettings) -> Lines:
    loop, shift = said.loop[rows], said.shift[rows]
    low, high = known.lowest[loop] + shift, known.highest[loop] + shift
    first, last = low - low % 12, high - high % 12 + 11
    scale = np.zeros(len(rows), np.int64)
    app = np.flatnonzero(form == _APP)
    scale[app] = _listed(known, loop[app], shift[app])
    down, up = np.ones(len(rows), np.int64), np.zeros(len(rows), np.int64)
    if known.in_keys and settings.transpose == "load":
        down, up = _moves(known, said, rows)
        listed = scale != 0
        down = np.where(listed, np.maximum(down, LOWEST - first), down)
        up = np.where(listed, np.minimum(up, HIGHEST - last), up)
        still = (down == up) | (said.kind[rows] == USERS)
        down, up = np.where(still, 1, down), np.where(still, 0, up)
    return Lines(loop, shift, head, rows, scale, first, last, down, up)


def _listed(known: KnownLoops, loop: Ints, shift: Ints) -> Ints:
    """The pitch classes of the scale in the row's key, a bit each, as the studio lists them; 0 where the scale is not
    known, or the loop leaves it."""
    root, scale = known.facts.root[loop].astype(np.int64), known.facts.scale[loop].astype(np.int64)
    sure = (root >= 0) & (scale >= 0)
    bits = _SCALE_BITS[np.maximum(scale, 0)]
    own = _rotated(bits, np.maximum(root, 0))
    inside = sure & (known.classes[loop] != 0) & (known.classes[loop] & ~own == 0)
    return np.where(inside, _rotated(bits, (np.maximum(root, 0) + shift) % 12), 0)


def _rotated(bits: Ints, by: Ints) -> Ints:
    return ((bits << by) | (bits >> (12 - by))) & _OCTAVE


def _moves(known: KnownLoops, said: Said, rows: Ints) -> tuple[Ints, Ints]:
    """How far each row may be moved: as its range allows, and its register where the prompt tells of that. A prompt
    that tells of a key at a place that is not known cannot be moved."""
    lowest, highest = known.lowest[said.loop[rows]], known.highest[said.loop[rows]]
    down, up = key_ranges(lowest, highest)
    low, high = in_register(lowest, highest)
    claims = said.claims[rows]
    held = claims >> CLAIMS.index("register") & 1 == 1
    down, up = np.where(held, np.maximum(down, low), down), np.where(held, np.minimum(up, high), up)
    fixed = (claims >> CLAIMS.index("root") & 1 == 1) & (said.spans[rows, 0, 2] < 0)
    return np.where(fixed, 0, down), np.where(fixed, 0, up)


def _origins(known: KnownLoops, said: Said, rows: Ints, form: Ints) -> pa.Table:
    first, place = _by_appearance(said.loop[rows], known.table.num_rows)
    columns: dict[str, pa.Array] = {
        name: _of_loops(known.table[name], first, place) for name in NAMES if name in known.table.column_names
    }
    columns["row_id"] = _hexadecimal(said.row[rows])
    prompts = pa.LargeStringArray.from_buffers(
        len(said.texts.at) - 1, pa.py_buffer(np.ascontiguousarray(said.texts.at)), pa.py_buffer(said.texts.data)
    )
    columns["prompt"] = prompts.take(pa.array(rows)).cast(pa.string())
    columns["language"] = _of_names(said.language[rows], LANGUAGES)
    columns["kind"] = _of_names(said.kind[rows], KINDS_OF_ROWS)
    columns["system"] = _of_names(form, FORMS)
    columns["transposition"] = pa.array(said.shift[rows].astype(np.int8))
    columns["tokens"], columns["tokens_without"] = (
        pa.array(known.tokens[said.loop[rows], place].astype(np.int32)) for place in range(2)
    )
    return pa.table(columns)


def _by_appearance(value: Ints, values: int) -> tuple[pa.Array, pa.Array]:
    """Of rows with values 0..values - 1 those that there are, in the order in which they first appear, as files have
    them; and the place of each row's among them."""
    first = np.full(values, len(value))
    first[value[::-1]] = np.arange(len(value))[::-1]
    order = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(value))]
    place = np.zeros(values, np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return pa.array(order), pa.array(place[value])


def _of_loops(column: pa.ChunkedArray, first: pa.Array, place: pa.Array) -> pa.DictionaryArray:
    """Of each row the value of its loop."""
    values = pa.concat_arrays(column.cast(pa.string()).take(first).chunks).dictionary_encode()
    return pa.DictionaryArray.from_arrays(values.indices.take(place), values.dictionary)


def _of_names(places: Ints, names: tuple[str, ...]) -> pa.DictionaryArray:
    first, place = _by_appearance(places, len(names))
    return pa.DictionaryArray.from_arrays(place, pa.array(names, pa.string()).take(first))


def _hexadecimal(numbers: Hashes) -> pa.Array:
    text = numbers.astype(">u8").tobytes().hex().encode()
    at = np.arange(0, len(text) + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(at), pa.py_buffer(text))


def _written(known: KnownLoops, said: Said, rows: Ints, lines: Lines) -> RowLines:
    spans, keys, keys_at = _named_keys(known, said, rows[lines.low <= lines.high])
    data, at = escape(*said.texts)
    return RowLines(heads(known.contract), Prompts(data, at, spans, keys, keys_at), known.answers, lines)


def _named_keys(known: KnownLoops, said: Said, rows: Ints) -> tuple[Ints, npt.NDArray[np.uint8], Ints]:
    """``spans``, ``keys`` and ``keys_at`` of `row_kernel.Prompts`, for the prompts ``rows``; of others no spans."""
    places, keys, keys_at = key_blobs(
        said.spans[rows, :, 2].astype(np.int64),
        known.facts.scale[said.loop[rows], None].astype(np.int64),
        known.facts.root[said.loop[rows], None].astype(np.int64),
    )
    spans = np.full(said.spans.shape, -1, np.int64)
    spans[rows] = characters(said.texts.data, said.texts.at, said.spans, rows)
    spans[rows, :, 2] = places
    return spans, keys, keys_at
