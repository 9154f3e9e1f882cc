from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.music_request import FORMS, PERIODS, MusicRequest
from boumb_assets.contracts.music_structure import KEYS, TIME_SIGNATURES
from boumb_assets.prompts.structure_message import structure_prompt
from boumb_assets.serving.piece_message import is_piece_message, read_piece_message

hundredths = st.integers(0, 100).map(lambda value: value / 100)
words = st.text(alphabet="abcdefghéà-", min_size=1, max_size=8)
tags = st.lists(words, min_size=1, max_size=3).map(" ".join)
requests = st.builds(
    MusicRequest,
    valence=st.integers(-100, 100).map(lambda value: value / 100),
    arousal=hundredths,
    focus=hundredths,
    duration=st.integers(20, 420),
    motif_tags=st.lists(tags, min_size=1, max_size=5),
    key=st.none() | st.sampled_from(KEYS),
    form=st.none() | st.sampled_from(FORMS),
    period=st.none() | st.sampled_from(PERIODS),
    tempo=st.none() | st.integers(40, 220),
    timeSignature=st.none() | st.sampled_from(TIME_SIGNATURES),
    motif_seed=st.none() | st.lists(st.integers(1, 14), min_size=1, max_size=12),
    rhythm_seed=st.none() | st.lists(st.sampled_from([0.25, 0.5, 1, 2, 4]), min_size=1, max_size=12),
    section_plan=st.none()
    | st.lists(st.fixed_dictionaries({"name": tags, "measures": st.integers(4, 20)}), min_size=1, max_size=4),
)


@settings(max_examples=80, deadline=None)
@given(requests)
def test_a_request_comes_back_from_the_message_it_becomes(request: MusicRequest) -> None:
    message = structure_prompt(request)
    assert is_piece_message(message)
    assert read_piece_message(message) == request


def test_a_message_without_readable_numbers_still_asks_for_a_piece() -> None:
    message = "Valence: nan\nArousal:\nTarget duration: 90 seconds"
    assert is_piece_message(message) and read_piece_message(message) == MusicRequest(duration=90)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    read_piece_message(text)
    read_piece_message(
        f"Valence: 9\nArousal: -3\n- Tempo hint: {text}\n- Motif seed: 99, 3\nSection plan you MUST follow:\n[{text}"
    )


def test_what_cannot_be_is_taken_to_its_edge_or_left_out() -> None:
    request = read_piece_message(
        "Valence: 3\nArousal: -1\nTarget duration: 9999 seconds\n- Tempo hint: 900\n- Preferred form: auto"
    )
    assert (request.valence, request.arousal, request.duration, request.tempo, request.form) == (1, 0, 420, None, None)
