"""What each style is used to: tempo, scales, keys, role and swing, as data."""

from dataclasses import dataclass
from typing import Final

from boumb_assets.contracts.loop_request import Role, Style


@dataclass(frozen=True, slots=True)
class StyleHabits:
    """The habits of one style.

    ``bpm`` is a range (lowest, highest), ``scales`` and ``roots`` (pitch classes) are in order of habit and
    ``swing`` is a range of 0 (straight) to 1 (triplet), counted over pairs of ``swing_unit`` steps: 1 swings
    sixteenths, 2 swings eighths.
    """

    bpm: tuple[int, int]
    scales: tuple[str, ...]
    roots: tuple[int, ...]
    role: Role
    swing_range: tuple[float, float]
    swing_unit: int = 1
    laid_back: int = 0  # ticks (480 a quarter) that keys and lead sit behind the beat
    grain: int = 1  # variations fall on multiples of so many steps: 1 sixteenths, 2 eighths

    @property
    def scale(self) -> str:
        """The scale that the style uses most."""
        return self.scales[0]

    @property
    def swing(self) -> float:
        """The middle of the style's swing."""
        return round(sum(self.swing_range) / 2, 3)

    @property
    def tempo(self) -> int:
        """The middle of the style's tempo range, in beats a minute."""
        return sum(self.bpm) // 2


# Jazz eighths swing at about 1.5:1 at medium tempo (Friberg and Sundström 2002, "Swing Ratios and Ensemble Timing in
# Jazz Performance", soloists), which is 0.6 here: a full triplet would land nearer to the next sixteenth.
# The swing of sampled styles is that of drum machines: 54 to 62 % of the pair, which is 0.24 to 0.72.
STYLE_HABITS: Final[dict[Style, StyleHabits]] = {
    "funk": StyleHabits(
        (96, 114), ("dorian", "mixolydian", "pentatonic_minor", "minor", "blues"), (4, 9, 2, 7, 0), "bass", (0.12, 0.36)
    ),
    "house": StyleHabits((120, 127), ("minor", "dorian", "major"), (9, 0, 5, 2, 7), "keys", (0.0, 0.36)),
    "techno": StyleHabits((126, 138), ("minor", "phrygian", "dorian"), (9, 5, 7, 0, 1), "bass", (0.0, 0.12)),
    "lo-fi": StyleHabits((72, 88), ("dorian", "minor", "major"), (2, 0, 5, 9, 7), "keys", (0.36, 0.72), 1, 10),
    "dub": StyleHabits((68, 80), ("minor", "dorian", "pentatonic_minor"), (9, 4, 2, 7, 0), "bass", (0.12, 0.48), 1, 8),
    "trap": StyleHabits((132, 150), ("minor", "phrygian", "hirajoshi"), (5, 1, 0, 6, 9), "drums", (0.0, 0.06)),
    "jazz": StyleHabits((112, 160), ("dorian", "major", "mixolydian"), (2, 5, 10, 3, 0), "bass", (0.44, 0.6), 2, 2, 2),
    "ambient": StyleHabits(
        (60, 80), ("major", "lydian", "pentatonic_major", "dorian"), (0, 5, 2, 7, 9), "pad", (0.0, 0.0), grain=2
    ),
    "chiptune": StyleHabits((128, 160), ("major", "minor", "dorian"), (0, 9, 7, 2, 5), "lead", (0.0, 0.0)),
    "bossa": StyleHabits((116, 138), ("major", "dorian", "minor"), (0, 5, 9, 2, 7), "keys", (0.0, 0.08), 2, 2, 2),
}  # fmt: skip

# Scales that share the major third with the tonic chord; all others are heard as minor.
BRIGHT_SCALES: Final = frozenset(
    {"major", "lydian", "mixolydian", "pentatonic_major", "double_harmonic", "phrygian_dominant"}
)


def style_defaults(style: Style) -> StyleHabits:
    """The habits of ``style``. Raises ValueError for an unknown one."""
    habits = STYLE_HABITS.get(style)
    if habits is None:
        raise ValueError(f"{style!r} is no style of the composer; known: {', '.join(STYLE_HABITS)}")
    return habits
