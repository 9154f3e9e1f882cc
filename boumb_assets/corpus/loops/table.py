"""The table of loops, put together from arrays."""

import hashlib
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from boumb_assets.contracts.drum_pattern import DRUM_TRACKS, TRACK_GM
from boumb_assets.contracts.loop_request import ROLES
from boumb_assets.corpus.loops.chords import CHORD_TABLES, chord_changes
from boumb_assets.corpus.loops.likeness import BANDS, near
from boumb_assets.corpus.loops.measures import measures_of
from boumb_assets.corpus.loops.parts import Parts
from boumb_assets.corpus.loops.selection import Selection
from boumb_assets.corpus.loops.settings import LoopSettings
from boumb_assets.corpus.loops.sources import Sources
from boumb_assets.corpus.loops.styles import studio_style
from boumb_assets.corpus.loops.texts import contents, onset_texts
from boumb_assets.corpus.loops.tonality import NO_SCALE, TABLES, UNKNOWN, class_weights, file_scales, loop_scales, moods
from boumb_assets.corpus.loops.windows import Windows
from boumb_assets.corpus.schema import LOOPS
from boumb_assets.theory.scales import SCALES

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_CONTRACTS: Final = ("boumb-sequence", "drum-pattern")
_GM: Final = np.array([TRACK_GM[track] for track in DRUM_TRACKS])  # type: ignore[index]
_LONG_ENOUGH: Final = 8  # steps between two onsets from which a tempo is measured
_MOST_TEXT: Final = 1 << 30  # bytes of a chunk of texts, whose places in it are numbers of 31 bits


def loop_table(
    selection: Selection, parts: Parts, windows: Windows, sources: Sources, settings: LoopSettings
) -> pa.Table:
    """The table (schema LOOPS) of ``selection``, in its order."""
    part = windows.part[selection.window]
    file, notes = parts.file[part], selection.notes
    start_bar = parts.first_bar[file] + windows.start[selection.window]
    bpm = _tempos(selection.window, parts, windows, sources)
    measured = measures_of(notes)
    columns: dict[str, Any] = {
        **_copied(sources, file),
        "loop_id": _loop_ids(sources, file, parts.track[part], start_bar, notes.bars, notes.is_drum),
        "track": parts.track[part],
        "program": parts.program[part],
        "start_bar": start_bar,
        "bars": notes.bars,
        "role": _named(ROLES, selection.role),
        "role_confidence": selection.confidence,
        "bpm": bpm,
        "notes": notes.end - notes.begin,
        "density": measured.onsets / notes.bars,
        "swing": measured.swing,
        "syncopation": measured.syncopation,
        "articulation": pa.array(measured.articulation, mask=notes.is_drum),
        "lowest": _keys(measured.lowest, notes.is_drum),
        "highest": _keys(measured.highest, notes.is_drum),
        "contract": _named(_CONTRACTS, notes.is_drum.astype(np.int64)),
        "content": _strings(*contents(notes)),
        "loss": selection.loss,
        "fingerprint": _fingerprints(selection),
        "near": _lists(near(notes.begin, notes.end, notes.bars, notes.is_drum, notes.step, notes.pitch)),
        "loopability": selection.loopability,
        "repetition": selection.repetition,
        "interest": selection.interest,
        "score": _scores(selection, settings),
        **_harmony(selection, parts, file, bpm, measured.onsets, settings),
    }
    arrays = [_column(columns[field.name], field.type) for field in LOOPS]
    return pa.table(arrays, schema=LOOPS)


def _column(values: Any, kind: pa.DataType) -> Any:
    column = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
    return column if column.type == kind else column.cast(kind)


def _copied(sources: Sources, file: Ints) -> dict[str, pa.ChunkedArray]:
    """What the source says of each loop (n,), and the style of the studio that its own word for it names."""
    rows = sources.texts.take(pa.array(file))
    columns = {name: rows.column(name) for name in rows.column_names}
    styles = pa.array([studio_style(text) for text in sources.texts.column("style").to_pylist()], pa.string())
    return {**columns, "style": styles.take(pa.array(file))}


def _loop_ids(sources: Sources, file: Ints, track: Ints, start_bar: Ints, bars: Ints, is_drum: Flags) -> pa.Array:
    """(n,) 16 hexadecimal digits over where each loop is."""
    names = (sources.texts.column(name).to_pylist() for name in ("dataset", "path", "sha256"))
    places = ["\0".join(told).encode("utf-8", "surrogatepass") for told in zip(*names, strict=True)]
    contracts = [contract.encode() for contract in _CONTRACTS]
    return pa.array(
        [
            hashlib.sha256(b"%b\0%d\0%d\0%d\0%b" % (places[one], of, start, long, contracts[drum])).hexdigest()[:16]
            for one, of, start, long, drum in zip(
                file.tolist(), track.tolist(), start_bar.tolist(), bars.tolist(), is_drum.tolist(), strict=True
            )
        ],
        pa.string(),
    )


def _fingerprints(selection: Selection) -> pa.Array:
    """(n,) as `theory.fingerprint.loop_fingerprint`."""
    notes = selection.notes
    starts, text = onset_texts(notes)
    onsets, words = text.tobytes(), (b"pitched|", b"drum|")
    return pa.array(
        [
            hashlib.sha256(words[drum] + onsets[begin:end]).hexdigest()[:16]
            for drum, begin, end in zip(notes.is_drum.tolist(), starts[:-1].tolist(), starts[1:].tolist(), strict=True)
        ],
        pa.string(),
    )


def _tempos(window: Ints, parts: Parts, windows: Windows, sources: Sources) -> Floats:
    """(n,) the file's tempo; where it changes, the loop's own from its first onset to its last."""
    file = parts.file[windows.part[window]]
    first, last = windows.begin[window], windows.end[window] - 1
    steps = (parts.position[last] + parts.residual[last]) - (parts.position[first] + parts.residual[first])
    seconds = parts.second[last] - parts.second[first]
    measured = sources.changes_tempo[file] & (steps >= _LONG_ENOUGH) & (seconds > 0)
    bpm: Floats = np.where(measured, 15 * steps / np.where(measured, seconds, 1), sources.bpm[file])
    return bpm


def _harmony(
    selection: Selection, parts: Parts, file: Ints, bpm: Floats, onsets: Ints, settings: LoopSettings
) -> dict[str, pa.Array]:
    """The columns of pitch, null for drums."""
    notes = selection.notes
    weights = class_weights(notes.begin, notes.end, notes.pitch, notes.length)
    scale, coverage = loop_scales(weights, file_scales(parts.classes, TABLES)[file], settings.min_coverage, TABLES)
    changes = chord_changes(notes.begin, notes.end, notes.bars, notes.step, notes.pitch, notes.duration, CHORD_TABLES)
    valence, arousal = moods(notes.begin, notes.end, notes.bars, onsets, bpm, weights, notes.duration, TABLES)
    drums, unnamed = notes.is_drum, notes.is_drum | (scale == NO_SCALE)
    return {
        "key_root": pa.array(scale % 12, mask=unnamed),
        "scale": pa.array(SCALES).take(pa.array(scale // 12, mask=unnamed)),
        "scale_coverage": pa.array(coverage, mask=drums | (coverage == UNKNOWN)),
        "chord_changes": pa.array(changes, mask=drums | (changes == UNKNOWN)),
        "valence": pa.array(valence, mask=drums),
        "arousal": pa.array(arousal, mask=drums),
    }


def _scores(selection: Selection, settings: LoopSettings) -> Floats:
    """(n,) 0..1: it loops, it comes again, there is something to hear, and it is near its source. The weights are a
    convention; the order they give is all that is used."""
    near_source = 1 - selection.loss / settings.max_loss
    made = 0.3 * selection.loopability + 0.25 * selection.repetition + 0.25 * selection.interest + 0.2 * near_source
    scores: Floats = made
    return scores


def _keys(pitch: Ints, is_drum: Flags) -> Ints:
    keys: Ints = np.where(is_drum, _GM[np.where(is_drum, pitch, 0)], pitch)
    return keys


def _named(names: tuple[str, ...], index: Ints) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(index))


def _lists(hashes: npt.NDArray[np.uint64]) -> pa.Array:
    starts = np.arange(0, hashes.size + BANDS, BANDS, dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(starts), pa.array(hashes.reshape(-1)))


def _strings(starts: Ints, text: npt.NDArray[np.uint8]) -> pa.ChunkedArray:
    """(n,) strings from ``starts`` (n + 1,) and the bytes of all of them."""
    chunks, first = [], 0
    while first + 1 < starts.size:
        after = max(first + 1, int(np.searchsorted(starts, starts[first] + _MOST_TEXT, side="right")) - 1)
        offsets = pa.py_buffer((starts[first : after + 1] - starts[first]).astype(np.int32))
        data = pa.py_buffer(text[starts[first] : starts[after]])
        chunks.append(pa.StringArray.from_buffers(after - first, offsets, data))
        first = after
    return pa.chunked_array(chunks, pa.string())
