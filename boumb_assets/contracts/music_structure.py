"""MusicStructure: the plan of a classical piece, as AIRIA keeps and renders it unchanged."""

from math import floor
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from boumb_assets.contracts.base import ABSENT_NOT_NULL, ContractModel, refuse
from boumb_assets.contracts.harmony_rules import MAXIMUM_CHORDS, MINIMUM_CHORDS, Cadence, check_progression
from boumb_assets.contracts.text_fields import (
    Instrumentation,
    Name,
    Number,
    Phrase,
    Reasoning,
    ShortText,
    Tag,
    Transformation,
    hundredths,
)

Key = Literal[
    "C major", "D major", "E major", "F major", "G major", "A major", "B major",
    "c minor", "d minor", "e minor", "f minor", "g minor", "a minor", "b minor",
]  # fmt: skip
TimeSignature = Literal["2/4", "3/4", "4/4", "6/8", "2/2"]
Dynamics = Literal["pp", "p", "mp", "mf", "f", "ff"]
Texture = Literal["simple", "contrapuntal", "homophonic"]
HarmonicFunction = Literal["tension", "release", "ambiguity"]
Numeral = Literal["I", "ii", "iii", "IV", "V", "vi", "vii", "i", "II", "III", "iv", "v", "VI"]

KEYS: Final[tuple[str, ...]] = get_args(Key)
TIME_SIGNATURES: Final[tuple[str, ...]] = get_args(TimeSignature)
DYNAMICS: Final[tuple[str, ...]] = get_args(Dynamics)
TEXTURES: Final[tuple[str, ...]] = get_args(Texture)
HARMONIC_FUNCTIONS: Final[tuple[str, ...]] = get_args(HarmonicFunction)
RUBATOS: Final = ("none", "subtle", "expressive")
VELOCITY_CURVES: Final = ("flat", "phrase")
RHYTHM_VALUES: Final[tuple[float, ...]] = (0.25, 0.5, 1, 2, 4)
DEGREES: Final = tuple(range(1, 15))
MOTIF_LENGTH: Final = 12
SECTION_COUNT: Final = (2, 12)
SECTION_MEASURES: Final = (4, 128)
PIECE_MEASURES: Final = (8, 160)
# Where a measure is three of something, the app refills it with a one-note motif that does not fit, and drifts.
TERNARY: Final = ("3/4", "6/8")


def _rhythm_value(value: float) -> float:
    if value not in RHYTHM_VALUES:
        raise refuse("rhythm_value", f"{value} is none of 0.25, 0.5, 1, 2, 4")
    return value


Degree = Annotated[int, Field(ge=1, le=14, json_schema_extra={"enum": list(DEGREES)})]
Rhythm = Annotated[
    Number,
    AfterValidator(_rhythm_value),
    Field(description="In quarters.", json_schema_extra={"enum": [*RHYTHM_VALUES]}),
]


def bar_quarters(time_signature: str) -> float:
    """The length of a measure in quarter notes: numerator x 4 / denominator, e.g. 3.0 for ``6/8``.

    Raises ValueError for a time signature that the app does not keep.
    """
    if time_signature not in TIME_SIGNATURES:
        raise ValueError(f"{time_signature!r} is none of {', '.join(TIME_SIGNATURES)}")
    numerator, denominator = time_signature.split("/")
    return int(numerator) * 4 / int(denominator)


def total_measures(duration_s: float, tempo: float, time_signature: str, sections: int) -> int:
    """The measures that the app refits a piece to: those of ``duration_s`` seconds at ``tempo`` (quarters a minute),
    8 to 160, but at least 4 a section. Raises ValueError for an unknown time signature or a tempo of 0 or less."""
    if not tempo > 0:
        raise ValueError(f"a tempo is above 0, not {tempo}")
    measure_s = bar_quarters(time_signature) * 60 / tempo
    wanted = floor(duration_s / measure_s + 0.5)  # as JavaScript rounds
    low, high = PIECE_MEASURES
    return max(SECTION_MEASURES[0] * sections, min(high, max(low, wanted)))


def _check_lengths(degrees: list[int], rhythm: list[float]) -> None:
    if len(degrees) != len(rhythm):
        raise refuse("rhythm_length", f"{len(degrees)} degrees, but {len(rhythm)} rhythm values")


class Motif(ContractModel):
    """Scale degrees (1 is the tonic, 8 its octave) with a rhythm; it fills each measure of its section in turn."""

    degrees: list[Degree] = Field(min_length=1, max_length=MOTIF_LENGTH)
    rhythm: list[Rhythm] = Field(min_length=1, max_length=MOTIF_LENGTH)

    @model_validator(mode="after")
    def _as_long(self) -> Self:
        _check_lengths(self.degrees, self.rhythm)
        return self


class Melody(ContractModel):
    """The motifs of a section."""

    motifs: list[Motif] = Field(min_length=1, max_length=4)


class Section(ContractModel):
    """A section: a chord lasts one measure, and a short progression is repeated."""

    name: Name
    measures: int = Field(ge=SECTION_MEASURES[0], le=SECTION_MEASURES[1])
    key: Key
    chordProgression: list[Numeral] = Field(min_length=MINIMUM_CHORDS, max_length=MAXIMUM_CHORDS)
    melody: Melody
    dynamics: Dynamics
    texture: Texture
    cadence: Cadence
    harmonicFunctions: Annotated[list[HarmonicFunction] | None, ABSENT_NOT_NULL] = Field(
        default=None, description="As many as chords."
    )

    @model_validator(mode="after")
    def _harmony(self) -> Self:
        check_progression(list(self.chordProgression), self.key, self.cadence)
        functions = self.harmonicFunctions
        if functions is not None and len(functions) != len(self.chordProgression):
            chords = len(self.chordProgression)
            raise refuse(
                "functions_length", f"{len(functions)} harmonic functions for {chords} chords; or leave them out"
            )
        return self


class Leitmotif(ContractModel):
    """A figure with a name, to be recognised through the piece."""

    tag: Tag
    degrees: list[Degree] = Field(min_length=1, max_length=MOTIF_LENGTH)
    rhythm: list[Rhythm] = Field(min_length=1, max_length=MOTIF_LENGTH)
    meaning: Annotated[Phrase | None, ABSENT_NOT_NULL] = None
    transformations: Annotated[list[Transformation] | None, ABSENT_NOT_NULL] = Field(default=None, max_length=8)

    @model_validator(mode="after")
    def _as_long(self) -> Self:
        _check_lengths(self.degrees, self.rhythm)
        return self


class Humanize(ContractModel):
    """How a player would bend the score."""

    rubato: Literal["none", "subtle", "expressive"]
    velocityCurve: Literal["flat", "phrase"]
    peakBoost: Number = Field(ge=0, le=0.6, json_schema_extra={"enum": hundredths(60)})
    phraseEndSoftness: Number = Field(ge=0, le=0.8, json_schema_extra={"enum": hundredths(80)})


class MusicStructure(ContractModel):
    """A piece of 2 to 12 sections."""

    key: Key
    tempo: Number = Field(
        ge=40, le=220, description="Quarters a minute; written as an integer.", json_schema_extra={"type": "integer"}
    )
    timeSignature: TimeSignature
    form: ShortText
    sections: list[Section] = Field(min_length=SECTION_COUNT[0], max_length=SECTION_COUNT[1])
    leitmotifs: Annotated[list[Leitmotif] | None, ABSENT_NOT_NULL] = Field(default=None, min_length=1, max_length=6)
    humanize: Humanize
    instrumentation: Instrumentation
    character: Phrase
    reasoning: Annotated[Reasoning | None, ABSENT_NOT_NULL] = None

    @model_validator(mode="after")
    def _measures_and_metre(self) -> Self:
        measures = self.measures
        most = max(PIECE_MEASURES[1], SECTION_MEASURES[0] * len(self.sections))
        if measures > most:
            raise refuse("too_many_measures", f"{measures} measures; the app refits a piece to {most} at most")
        if self.timeSignature in TERNARY:
            for section in self.sections:
                if any(len(motif.degrees) == 1 for motif in section.melody.motifs):
                    raise refuse(
                        "one_note_motif", f"a one-note motif (section {section.name}) drifts in {self.timeSignature}"
                    )
        return self

    @property
    def measures(self) -> int:
        """The measures of all sections."""
        return sum(section.measures for section in self.sections)

    @property
    def duration_s(self) -> float:
        """The length of the piece in seconds."""
        return self.measures * bar_quarters(self.timeSignature) * 60 / self.tempo

    def fits(self, duration_s: float) -> bool:
        """Whether the sections' measures are those that the app would refit the piece to for ``duration_s`` seconds."""
        return self.measures == total_measures(duration_s, self.tempo, self.timeSignature, len(self.sections))
