"""Loops as arrays, from the contract's models and from lists of notes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, BoumbSequence, Note
from boumb_assets.contracts.drum_pattern import DRUM_TRACKS, DrumPattern
from boumb_assets.corpus.loops.notes import LoopNotes
from boumb_assets.corpus.loops.texts import NAMES

Written = tuple[int, int, float]  # step, pitch (of drums the track's index), written length in steps


def loop_notes(
    loops: Sequence[Sequence[Written]], bars: int = 2, drum: bool = False, late: Sequence[float] | None = None
) -> LoopNotes:
    """LoopNotes of ``loops`` in any order of their notes, played as long as written; ``late`` (k,) their delays."""
    ordered = [sorted(loop) for loop in loops]
    sizes = [len(loop) for loop in ordered]
    notes = [note for loop in ordered for note in loop]
    lengths = [length for _, _, length in notes]
    return LoopNotes(
        begin=np.cumsum([0, *sizes])[:-1],
        end=np.cumsum(sizes),
        bars=np.full(len(loops), bars),
        is_drum=np.full(len(loops), drum),
        step=np.array([step for step, _, _ in notes], np.uint8),
        pitch=np.array([pitch for _, pitch, _ in notes], np.uint8),
        duration=np.array([_duration(length) for length in lengths], np.uint8),
        velocity=np.full(len(notes), 7, np.uint8),
        residual=np.array(late if late is not None else [0.0] * len(notes), np.float32),
        length=np.array(lengths, np.float32),
    )


def heard(notes: LoopNotes) -> tuple[Any, Any, Any, Any, Any, Any]:
    """The arrays that most kernels begin with: begin, end, bars, is_drum, step, pitch."""
    return notes.begin, notes.end, notes.bars, notes.is_drum, notes.step, notes.pitch


def of_models(models: Sequence[BoumbSequence | DrumPattern]) -> LoopNotes:
    """LoopNotes of the contract's own objects."""
    begin, end, drums = [], [], []
    rows: list[tuple[int, int, int, float]] = []
    for model in models:
        begin.append(len(rows))
        if isinstance(model, BoumbSequence):
            rows += [(note.step, note.pitch, NAMES.index(note.duration), note.velocity) for note in model.sequence]
        else:
            hits = model.clips.tracks().items()
            rows += sorted((hit.step, DRUM_TRACKS.index(name), 0, hit.velocity) for name, some in hits for hit in some)
        end.append(len(rows))
        drums.append(isinstance(model, DrumPattern))
    step, pitch, duration, velocity = (np.array(column) for column in zip(*rows, strict=True))
    return LoopNotes(
        begin=np.array(begin), end=np.array(end), bars=np.where(drums, 2, 4), is_drum=np.array(drums),
        step=step.astype(np.uint8), pitch=pitch.astype(np.uint8), duration=duration.astype(np.uint8),
        velocity=np.rint(velocity * 10).astype(np.uint8), residual=np.zeros(len(rows), np.float32),
        length=np.ones(len(rows), np.float32),
    )  # fmt: skip


def _duration(length: float) -> int:
    return next(index for index, name in enumerate(NAMES) if DURATION_STEPS[name] == length)


_notes = st.builds(
    Note.on_grid, st.integers(0, 63), st.integers(12, 119), st.sampled_from([0.5, 1, 2, 4, 8, 16]),
    st.integers(1, 10).map(lambda tenth: tenth / 10),
)  # fmt: skip
_hits = st.dictionaries(st.integers(0, 31), st.integers(1, 10).map(lambda tenth: tenth / 10), min_size=1, max_size=16)

SEQUENCES = st.lists(_notes, min_size=1, max_size=40).map(BoumbSequence.of)
PATTERNS = st.dictionaries(st.sampled_from(DRUM_TRACKS), _hits, min_size=1).map(DrumPattern.of)
"""Anything that the contracts allow."""
