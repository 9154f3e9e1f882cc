"""One window of a part, filtered, measured and written down: a loop, or the name of the filter that removed it."""

from dataclasses import dataclass
from typing import Any, Final, get_args

import numpy as np

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.boumb_sequence import velocity_of
from boumb_assets.contracts.drum_pattern import DRUM_TRACKS, TRACK_GM, DrumTrack
from boumb_assets.corpus.loops.measures import longest_rest, middle, swing, syncopation, voices
from boumb_assets.corpus.loops.parts import UNMAPPED, Part
from boumb_assets.corpus.loops.settings import LoopSettings
from boumb_assets.corpus.loops.texts import (
    STEPS,
    Floats,
    Ints,
    duration_indices,
    fitting_indices,
    pattern_text,
    sequence_text,
)
from boumb_assets.events.roles import role_of
from boumb_assets.theory.fingerprint import loop_fingerprint
from boumb_assets.theory.keys import ScaleEstimate, estimate_scale
from boumb_assets.theory.pitch import HIGHEST, LOWEST
from boumb_assets.theory.scales import SCALES, scale_classes

WINDOW_FILTERS: Final = (
    "few_notes", "unmapped_drums", "pitch_range", "too_many_notes", "chord_too_big", "long_rest", "few_onsets",
    "off_grid", "loss",
)  # fmt: skip

_TENTHS: Final = np.array([round(10 * velocity_of(velocity)) for velocity in range(256)])
_GM: Final = np.array([TRACK_GM[track] for track in get_args(DrumTrack)])
_BEAT: Final = (DRUM_TRACKS.index("track-kick"), DRUM_TRACKS.index("track-snare"))
_OWN_COVERAGE: Final = 0.95  # of a loop that leaves its file's scale, by the scale that is named for it instead
_OWN_CLASSES: Final = 5
_ALL_SCALES: Final = np.array(  # (168, 12): the pitch classes of every scale on every root
    [[pitch in scale_classes(root, scale) for pitch in range(12)] for scale in SCALES for root in range(12)]
).astype(np.float64)
_LONG_ENOUGH: Final = 8  # steps between two onsets from which a tempo is measured


@dataclass(frozen=True, eq=False)
class Window:
    """The notes of a part that begin in a window, steps from the window's start."""

    part: Part
    bars: int
    begin: int
    """Index of its first note in the part."""
    step: Ints
    pitch: Ints
    residual: Floats
    length: Floats
    """(n,) steps, clipped at the window's end."""
    clipped: int
    """How many notes were."""
    rings_in: bool
    """Whether a note from before sounds on into it."""

    @property
    def steps(self) -> int:
        """Its length in steps."""
        return self.bars * STEPS_PER_BAR

    @property
    def is_stated(self) -> bool:
        """Whether the collection says that this is a loop: then its rests and its few notes are meant."""
        return bool(self.part.source.facts["loop_bars"] == self.part.source.bars == self.bars)


def window(part: Part, start: int, bars: int) -> Window:
    """The window of ``bars`` bars from bar ``start`` of the part's source."""
    first, steps = start * STEPS_PER_BAR, bars * STEPS_PER_BAR
    begin, end = np.searchsorted(part.position, (first, first + steps)).tolist()
    step = part.position[begin:end] - first
    length, residual = part.length[begin:end], part.residual[begin:end]
    room = steps - step - residual
    rings_in = begin > 0 and float((part.position[:begin] + part.length[:begin]).max()) > first + 1
    return Window(
        part=part,
        bars=bars,
        begin=begin,
        step=step,
        pitch=part.pitch[begin:end],
        residual=residual,
        length=np.minimum(length, room),
        clipped=int(np.count_nonzero(length > room + 1)),
        rings_in=rings_in,
    )


def melodic_loop(cut: Window, settings: LoopSettings) -> dict[str, Any] | str:
    """The columns that a melodic window gives, or the filter that removes it."""
    count = len(cut.step)
    if count < settings.min_notes:
        return "few_notes"
    if count > settings.max_notes:
        return "too_many_notes"
    if cut.pitch.min() < LOWEST or cut.pitch.max() > HIGHEST:
        return "pitch_range"
    onsets, sizes = np.unique(cut.step, return_counts=True)
    if sizes.max() > settings.max_chord:
        return "chord_too_big"
    if not cut.is_stated and longest_rest(cut.step + cut.residual, cut.length, cut.steps) > settings.max_silence:
        return "long_rest"
    role, confidence = _role(cut, len(onsets))
    if not cut.is_stated and len(onsets) < settings.min_onsets[role]:
        return "few_onsets"
    if _unevenness(cut.residual) > settings.max_onset_error:
        return "off_grid"
    durations = _durations(cut)
    loss = float(np.abs(cut.residual).mean() + np.abs(STEPS[durations] - cut.length).mean())
    if loss > settings.max_loss:
        return "loss"
    scale, coverage = _scale(cut, settings)
    return {
        "role": role,
        "role_confidence": confidence,
        "key_root": scale.root if scale else None,
        "scale": scale.scale if scale else None,
        "scale_coverage": coverage,
        "lowest": int(cut.pitch.min()),
        "highest": int(cut.pitch.max()),
        "contract": "boumb-sequence",
        "content": sequence_text(cut.step, cut.pitch, durations, _tenths(cut)),
        "loss": loss,
        "fingerprint": loop_fingerprint(cut.step.tolist(), cut.pitch.tolist()),
        **_rhythm(cut, onsets),
    }


def drum_loop(cut: Window, settings: LoopSettings) -> dict[str, Any] | str:
    """The columns that a window of drums gives, or the filter that removes it."""
    known = cut.pitch != UNMAPPED
    count = int(known.sum())
    if count < settings.min_notes:
        return "few_notes"
    if count < (1 - settings.max_unmapped) * len(known):
        return "unmapped_drums"
    if count > settings.max_drum_notes:
        return "too_many_notes"
    step, track, residual = cut.step[known], cut.pitch[known], cut.residual[known]
    onsets = np.unique(step)
    if not cut.is_stated and longest_rest(step.astype(np.float64), np.ones(count), cut.steps) > settings.max_silence:
        return "long_rest"
    if not cut.is_stated and len(onsets) < settings.min_onsets["drums"]:
        return "few_onsets"
    if _unevenness(residual) > settings.max_onset_error:
        return "off_grid"
    loss = float(np.abs(residual).mean())  # a hit has no length
    if loss > settings.max_loss:
        return "loss"
    keys = _GM[track]
    return {
        "role": "drums",
        "role_confidence": 1.0,
        "key_root": None,
        "scale": None,
        "scale_coverage": None,
        "lowest": int(keys.min()),
        "highest": int(keys.max()),
        "contract": "drum-pattern",
        "content": pattern_text(step, track, _tenths(cut)[known]),
        "loss": loss,
        "fingerprint": loop_fingerprint(step.tolist(), keys.tolist(), drum=True),
        **_rhythm(cut, onsets, known),
        "syncopation": _beat_syncopation(step, track, cut.steps),
    }


def _role(cut: Window, onsets: int) -> tuple[str, float]:
    polyphony, _ = voices(cut.step + cut.residual, cut.length)
    density, length = onsets / cut.bars, float(cut.length.mean())
    return role_of(cut.part.program, False, cut.pitch, polyphony, density, length, cut.part.name)


def _unevenness(residual: Floats) -> float:
    """The mean error of onset that is not a constant lag, in steps: a drummer behind the beat is on the grid."""
    return float(np.abs(residual - middle(residual)).mean()) if residual.any() else 0.0


def _durations(cut: Window) -> Ints:
    """The contract's nearest duration of each note, but none that sounds into an onset which the note itself does not
    reach, or beyond the end of the loop."""
    reach = cut.part.reach[cut.begin : cut.begin + len(cut.step)]
    return np.minimum(duration_indices(cut.length), fitting_indices(np.minimum(reach, cut.steps - cut.step)))


def _tenths(cut: Window) -> Ints:
    return _TENTHS[cut.part.velocity[cut.begin : cut.begin + len(cut.step)]]


def _scale(cut: Window, settings: LoopSettings) -> tuple[ScaleEstimate | None, float | None]:
    """The file's scale where it covers the loop, else the loop's own where that is clear; and its coverage, or the
    share that the file's has where none is."""
    source = cut.part.source
    if source.scale is None:
        return None, None
    histogram = np.bincount(cut.pitch % 12, np.maximum(cut.length, 0.5), minlength=12)
    coverage = float(histogram[source.scale_mask].sum() / histogram.sum())
    if coverage >= settings.min_coverage:
        return source.scale, coverage
    clear = (_ALL_SCALES @ histogram).max() >= _OWN_COVERAGE * histogram.sum()
    if clear and np.count_nonzero(histogram) >= _OWN_CLASSES:
        own = estimate_scale(histogram)
        if own.coverage >= _OWN_COVERAGE:
            return own, own.coverage
    return None, coverage


def _rhythm(cut: Window, onsets: Ints, known: Any = slice(None)) -> dict[str, Any]:
    """What melodic and drum loops measure alike; ``known`` chooses the notes that are written down."""
    return {
        "bpm": _bpm(cut),
        "notes": len(cut.step[known]),
        "density": len(onsets) / cut.bars,
        "swing": swing(cut.step[known], cut.residual[known]),
        "syncopation": syncopation(onsets, cut.steps),
    }


def _beat_syncopation(step: Ints, track: Ints, length: int) -> float:
    """The syncopation of kick and snare, the mean of those that play: a steady hi-hat fills every gap."""
    rhythms = [np.unique(step[track == index]) for index in _BEAT]
    playing = [syncopation(onsets, length) for onsets in rhythms if len(onsets)]
    return sum(playing) / len(playing) if playing else 0.0


def _bpm(cut: Window) -> float:
    """The file's tempo; where it changes, the loop's own from its first onset to its last."""
    facts = cut.part.source.facts
    if facts["tempo_changes"] and len(cut.step):
        place = cut.step + cut.residual
        seconds = cut.part.second[cut.begin : cut.begin + len(place)]
        if place[-1] - place[0] >= _LONG_ENOUGH and seconds[-1] > seconds[0]:
            return float(15 * (place[-1] - place[0]) / (seconds[-1] - seconds[0]))
    return float(facts["bpm"])
