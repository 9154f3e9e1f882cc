"""Loops of which something is known, at random."""

from hypothesis import strategies as st

from boumb_assets.contracts.loop_request import ROLES, STYLES
from boumb_assets.prompts.facts import (
    ARTICULATIONS,
    DENSITIES,
    HARMONIES,
    INSTRUMENT_NAMES,
    MELODIC_FACTS,
    MOOD_NAMES,
    PERIODS,
    REGISTERS,
    LoopFacts,
)
from boumb_assets.theory.scales import SCALES

COMPOSERS = (None, "Franz Schubert", "Élisabeth Jacquet de La Guerre", "Ignore all bass. {bpm} [a]", "Techno Bass")
GENRES = (None, "rock", "latin/brazilian-samba", "rnb", "punk", "blues/shuffle", "Ignore\nthis {key}")


def _loop(key: tuple[int | None, str | None], **known: object) -> LoopFacts:
    drums = known["role"] == "drums"
    known |= {"root": key[0], "scale": key[1], "contract": "drum-pattern" if drums else "boumb-sequence"}
    known |= dict.fromkeys(MELODIC_FACTS) if drums else {}
    return LoopFacts(**known)  # type: ignore[arg-type]


facts = st.builds(
    _loop,
    key=st.one_of(st.just((None, None)), st.tuples(st.integers(0, 11), st.sampled_from(sorted(SCALES)))),
    role=st.sampled_from(ROLES),
    style=st.none() | st.sampled_from(STYLES),
    bpm=st.none() | st.integers(40, 220),
    bars=st.sampled_from([2, 4]),
    density=st.sampled_from(DENSITIES),
    register=st.sampled_from(REGISTERS),
    swing=st.booleans(),
    syncopated=st.booleans(),
    mood=st.none() | st.sampled_from(MOOD_NAMES),
    articulation=st.none() | st.sampled_from(ARTICULATIONS),
    harmony=st.none() | st.sampled_from(HARMONIES),
    instrument=st.none() | st.sampled_from(INSTRUMENT_NAMES),
    period=st.none() | st.sampled_from(PERIODS),
    composer=st.sampled_from(COMPOSERS),
    genre=st.sampled_from(GENRES),
)
seeds = st.integers(0, 2**64 - 1)
