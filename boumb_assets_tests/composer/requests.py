"""Any request at all, for the property tests."""

from hypothesis import strategies as st

from boumb_assets.contracts.loop_request import MOODS, ROLES, STYLES, LoopRequest
from boumb_assets.theory.scales import SCALES

ANY_MOOD = (*MOODS, "no mood that anyone knows")


def loop_requests() -> st.SearchStrategy[LoopRequest]:
    return st.builds(
        LoopRequest,
        role=st.none() | st.sampled_from(ROLES),
        style=st.none() | st.sampled_from(STYLES),
        root=st.none() | st.integers(0, 11),
        scale=st.none() | st.sampled_from([*SCALES, "Pentatonic Minor", "no scale at all", ""]),
        bpm=st.none() | st.integers(40, 220),
        bars=st.sampled_from([None, 2, 4]),
        density=st.sampled_from([None, "low", "medium", "high"]),
        mood=st.none() | st.sampled_from(ANY_MOOD),
        language=st.sampled_from(["fr", "en"]),
    )


SEEDS = st.integers(-(2**70), 2**70)
