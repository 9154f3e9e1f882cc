"""Random valid models of every contract, as hypothesis draws them."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from boumb_assets.contracts.base import ContractModel
from boumb_assets.contracts.boumb_sequence import DURATIONS, VELOCITIES, BoumbSequence, Note, time_of
from boumb_assets.contracts.drum_pattern import DRUM_STEPS, DRUM_TRACKS, Clips, DrumPattern, Hit
from boumb_assets.contracts.harmony_rules import body_numerals, cadence_endings, is_minor, tonic
from boumb_assets.contracts.music_structure import (
    DYNAMICS,
    HARMONIC_FUNCTIONS,
    KEYS,
    RHYTHM_VALUES,
    RUBATOS,
    TERNARY,
    TEXTURES,
    TIME_SIGNATURES,
    VELOCITY_CURVES,
    MusicStructure,
)
from boumb_assets.contracts.steps import StepNote, Steps
from boumb_assets.theory.pitch import HIGHEST, LOWEST, note_name

Json = dict[str, Any]
QUICK = settings(max_examples=20, deadline=None)
PITCHES = st.integers(LOWEST, HIGHEST)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF))


def sequences(bars: int = 4, pitches: st.SearchStrategy[int] = PITCHES) -> st.SearchStrategy[BoumbSequence]:
    notes = st.tuples(
        st.integers(0, 16 * bars - 1), pitches, st.sampled_from(DURATIONS), st.sampled_from(VELOCITIES)
    ).map(lambda drawn: Note(note=note_name(drawn[1]), time=time_of(drawn[0]), duration=drawn[2], velocity=drawn[3]))  # type: ignore[arg-type]
    return st.lists(notes, min_size=1, max_size=12).map(BoumbSequence.of)


def drum_patterns(fills: bool = True) -> st.SearchStrategy[DrumPattern]:
    fill = st.none() | st.integers(0, 100).map(lambda value: value / 100) if fills else st.none()
    hit = st.tuples(st.sampled_from(VELOCITIES), fill)
    track = st.dictionaries(st.integers(0, DRUM_STEPS - 1), hit, max_size=6)

    def pattern(tracks: dict[str, dict[int, tuple[float, float | None]]]) -> DrumPattern:
        listed = {
            track: [
                Hit(time=time_of(step), note="C4", duration="16n", velocity=velocity, fill=fill)
                for step, (velocity, fill) in sorted(hits.items())
            ]
            for track, hits in tracks.items()
        }
        return DrumPattern(clips=Clips(**listed))

    drawn = st.dictionaries(st.sampled_from(DRUM_TRACKS), track, min_size=1)
    return drawn.filter(lambda tracks: any(tracks.values())).map(pattern)


def steps() -> st.SearchStrategy[Steps]:
    note = st.builds(
        StepNote,
        pitch=PITCHES.map(note_name),
        start=st.integers(0, 31),
        duration=st.integers(1, 32),
        velocity=st.integers(1, 127),
    )
    return st.lists(note, min_size=1, max_size=8).map(lambda notes: Steps(notes=notes))


@st.composite
def _figure(draw: st.DrawFn, least: int = 1) -> Json:
    length = draw(st.integers(least, 12))
    return {
        "degrees": draw(st.lists(st.integers(1, 14), min_size=length, max_size=length)),
        "rhythm": draw(st.lists(st.sampled_from(RHYTHM_VALUES), min_size=length, max_size=length)),
    }


@st.composite
def _section(draw: st.DrawFn, least_notes: int) -> Json:
    key = draw(st.sampled_from(KEYS))
    minor = is_minor(key)
    cadence = draw(st.sampled_from(list(cadence_endings(minor))))
    ending = cadence_endings(minor)[cadence]
    body = draw(st.lists(st.sampled_from(body_numerals(minor)), max_size=31 - len(ending)))
    chords = [tonic(minor), *body, *ending]
    count = len(chords)
    functions = st.lists(st.sampled_from(HARMONIC_FUNCTIONS), min_size=count, max_size=count)
    return {
        "name": draw(TEXTS.filter(bool))[:20],
        "measures": draw(st.integers(4, 13)),
        "key": key,
        "chordProgression": chords,
        "melody": {"motifs": draw(st.lists(_figure(least_notes), min_size=1, max_size=4))},
        "dynamics": draw(st.sampled_from(DYNAMICS)),
        "texture": draw(st.sampled_from(TEXTURES)),
        "cadence": cadence,
        "harmonicFunctions": draw(st.none() | functions),
    }


@st.composite
def _leitmotif(draw: st.DrawFn) -> Json:
    return {
        "tag": draw(TEXTS.filter(bool))[:32],
        **draw(_figure()),
        "meaning": draw(st.none() | TEXTS.map(lambda text: text[:160])),
        "transformations": draw(st.none() | st.lists(TEXTS.map(lambda text: text[:48]), max_size=8)),
    }


@st.composite
def structures(draw: st.DrawFn) -> MusicStructure:
    metre = draw(st.sampled_from(TIME_SIGNATURES))
    return MusicStructure.model_validate(
        {
            "key": draw(st.sampled_from(KEYS)),
            "tempo": draw(st.integers(40, 220)),
            "timeSignature": metre,
            "form": draw(TEXTS)[:24],
            "sections": draw(st.lists(_section(2 if metre in TERNARY else 1), min_size=2, max_size=4)),
            "leitmotifs": draw(st.none() | st.lists(_leitmotif(), min_size=1, max_size=2)),
            "humanize": {
                "rubato": draw(st.sampled_from(RUBATOS)),
                "velocityCurve": draw(st.sampled_from(VELOCITY_CURVES)),
                "peakBoost": draw(st.integers(0, 60)) / 100,
                "phraseEndSoftness": draw(st.integers(0, 80)) / 100,
            },
            "instrumentation": draw(TEXTS)[:40],
            "character": draw(TEXTS)[:160],
            "reasoning": draw(st.none() | TEXTS),
        }
    )


MODELS: dict[str, st.SearchStrategy[ContractModel]] = {
    "boumb-sequence": sequences(),
    "boumb-steps": steps(),
    "drum-pattern": drum_patterns(),
    "music-structure": structures(),
}
