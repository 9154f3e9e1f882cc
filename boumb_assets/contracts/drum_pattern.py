"""DrumPattern: two bars of the studio's drum machine."""

from itertools import pairwise
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from boumb_assets.contracts.base import ABSENT_NOT_NULL, ContractModel, refuse
from boumb_assets.contracts.boumb_sequence import Velocity, step_of, time_of

DrumTrack = Literal["track-kick", "track-snare", "track-hhc", "track-hho", "track-perc1"]
DRUM_TRACKS: Final[tuple[str, ...]] = get_args(DrumTrack)
DRUM_STEPS: Final = 32
DRUM_TIME_PATTERN: Final = r"^[01]:[0-3]:[0-3]$"

# General MIDI percussion keys onto the five tracks (GM level 1, key map of channel 10).
GM_TRACKS: Final[dict[int, DrumTrack]] = {
    35: "track-kick", 36: "track-kick",
    37: "track-snare", 38: "track-snare", 39: "track-snare", 40: "track-snare",
    42: "track-hhc", 44: "track-hhc", 51: "track-hhc", 53: "track-hhc", 59: "track-hhc",
    46: "track-hho", 49: "track-hho", 52: "track-hho", 55: "track-hho", 57: "track-hho",
    22: "track-hhc", 26: "track-hho",  # the edge strokes of the electronic kit that Groove was recorded on
    58: "track-snare",
    **dict.fromkeys((41, 43, 45, 47, 48, 50, 54, 56, *range(60, 82)), "track-perc1"),
}  # fmt: skip
TRACK_GM: Final[dict[DrumTrack, int]] = {
    "track-kick": 36, "track-snare": 38, "track-hhc": 42, "track-hho": 46, "track-perc1": 47,
}  # fmt: skip


class Hit(ContractModel):
    """One hit of a drum."""

    time: str = Field(pattern=DRUM_TIME_PATTERN, description="bar:beat:sixteenth within two bars.")
    note: Literal["C4"]
    duration: Literal["16n"]
    velocity: Velocity
    fill: Annotated[float | None, ABSENT_NOT_NULL] = Field(
        default=None,
        ge=0,
        le=1,
        description="The probability of the hit; absent means always.",
        json_schema_extra={"enum": [value / 100 for value in range(101)]},
    )

    @property
    def step(self) -> int:
        """Sixteenths from the start of the pattern, 0..31."""
        return step_of(self.time)

    @classmethod
    def on_grid(cls, step: int, velocity: float) -> "Hit":
        """A hit from numbers: step 0..31, velocity 0..1 (rounded to tenths)."""
        return cls(time=time_of(step), note="C4", duration="16n", velocity=max(1, min(10, round(velocity * 10))) / 10)


def _none_if_silent(hits: list[Hit] | None) -> list[Hit] | None:
    return hits or None


# The studio reads a track without hits; the canonical text leaves it out.
Track = Annotated[list[Hit] | None, ABSENT_NOT_NULL, AfterValidator(_none_if_silent)]


class Clips(ContractModel):
    """The tracks of a pattern, in the studio's order; a silent track is left out."""

    track_kick: Track = Field(default=None, alias="track-kick")
    track_snare: Track = Field(default=None, alias="track-snare")
    track_hhc: Track = Field(default=None, alias="track-hhc")
    track_hho: Track = Field(default=None, alias="track-hho")
    track_perc1: Track = Field(default=None, alias="track-perc1")

    def tracks(self) -> dict[str, list[Hit]]:
        """The tracks that sound, by the studio's names."""
        named = {track: getattr(self, track.replace("-", "_")) for track in DRUM_TRACKS}
        return {track: hits for track, hits in named.items() if hits}


class DrumPattern(ContractModel):
    """Two bars for the drum machine: at least one hit, one a step and track at most, each track sorted by time."""

    clips: Clips

    def to_json(self) -> str:
        """The canonical text, with the studio's track names."""
        return self.model_dump_json(exclude_none=True, by_alias=True)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        tracks = self.clips.tracks()
        if not tracks:
            raise refuse("no_hit", "a drum pattern needs at least one hit")
        for track, hits in tracks.items():
            steps = [hit.step for hit in hits]
            if any(after <= before for before, after in pairwise(steps)):
                raise refuse("not_sorted", f"{track} has two hits on a step, or hits out of order")
        return self

    @classmethod
    def of(cls, hits: dict[str, dict[int, float]]) -> "DrumPattern":
        """The pattern of ``{track: {step: velocity 0..1}}``."""
        return cls(
            clips=Clips(
                **{
                    track: [Hit.on_grid(step, hits[track][step]) for step in sorted(hits[track])]
                    for track in DRUM_TRACKS
                    if hits.get(track)
                }
            )
        )
