"""What is kept as a loop, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from boumb_assets.contracts.loop_request import ROLES

HARD_NOTES: Final = 200  # no setting lets more through: the text has to stay short enough for a model's window

FILE_FILTERS: Final = ("file_grid", "file_metre", "file_metre_changes", "file_tempo")
WINDOW_FILTERS: Final = (
    "few_notes", "unmapped_drums", "pitch_range", "too_many_notes", "chord_too_big", "long_rest", "few_onsets",
    "off_grid", "loss", "loopability", "interest",
)  # fmt: skip
FILTERS: Final = (*FILE_FILTERS, "too_short", "empty", "repeated", "halves_equal", *WINDOW_FILTERS)
"""What removes a file, a part (``too_short``) or a window (all others); of several the first one is counted."""


def _min_onsets() -> Mapping[str, int]:
    return MappingProxyType({"bass": 3, "lead": 4, "keys": 3, "pad": 2, "drums": 6})


@dataclass(frozen=True)
class LoopSettings:
    """The thresholds of the filters. Raises ValueError for one that makes no sense."""

    max_loss: float = 1.0
    """Mean error of onset plus that of length, in steps, at most. The contract has no dots: a bar of a dotted quarter,
    an eighth and a half note costs 2/3."""
    max_onset_error: float = 0.25
    """Mean error of onset alone, in steps and without a constant lag, at most; notes at random places have 0.25."""
    min_notes: int = 2
    """Fewer notes make no loop."""
    max_notes: int = 64
    """More notes than this are not asked of a model; of drums, hits."""
    max_drum_notes: int = 96
    """The same for a drum pattern, whose hits have shorter texts."""
    max_chord: int = 6
    """Notes that begin on one step, at most."""
    max_silence: int = 16
    """The longest rest in steps, at most; the seam from the end to the beginning counts as one."""
    min_onsets: Mapping[str, int] = field(default_factory=_min_onsets)
    """Steps with an onset that a loop of a role has at least."""
    max_unmapped: float = 0.25
    """The share of drum strokes that the studio has no track for, at most."""
    min_coverage: float = 0.85
    """The share of a loop's sounding time that its file's scale must cover for the file's key to be the loop's."""
    min_loopability: float = 0.5
    """How well its end leads into its beginning, 0..1, at least; what its collection calls a loop is one."""
    min_interest: float = 0.1
    """How much there is to hear, 0..1, at least; one note over and over has 0. Not of what its collection calls a
    loop."""

    def __post_init__(self) -> None:
        """Refuse thresholds that let nothing, or more than HARD_NOTES notes, through."""
        if not (self.max_loss > 0 and self.max_onset_error > 0):
            raise ValueError(f"max_loss {self.max_loss} and max_onset_error {self.max_onset_error} must be above 0")
        if not 1 <= self.min_notes <= min(self.max_notes, self.max_drum_notes):
            raise ValueError(f"min_notes is {self.min_notes}: it must be 1 or more, and no more than the maximum")
        if max(self.max_notes, self.max_drum_notes) > HARD_NOTES:
            raise ValueError(f"no loop may have more than {HARD_NOTES} notes")
        if not (0 <= self.min_loopability <= 1 and 0 <= self.min_interest <= 1):
            raise ValueError("min_loopability and min_interest are between 0 and 1")
        if set(self.min_onsets) != set(ROLES):
            raise ValueError(f"min_onsets needs a number for each of {', '.join(ROLES)}")
