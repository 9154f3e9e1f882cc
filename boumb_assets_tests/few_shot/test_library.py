"""The curated library and what is retrieved from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.loop_request import ROLES, STYLES, LoopRequest
from boumb_assets.contracts.music_request import FORMS, PERIODS, MusicRequest
from boumb_assets.contracts.music_structure import bar_quarters
from boumb_assets.contracts.registry import contract
from boumb_assets.contracts.validation import validate
from boumb_assets.few_shot.library import LibraryLoop, LibraryStructure, load_library
from boumb_assets.few_shot.retrieval import nearest_loops, nearest_structures
from boumb_assets.theory.scales import SCALES, in_scale_share

LIBRARY = load_library()


@pytest.mark.parametrize("loop", LIBRARY.loops, ids=lambda loop: loop.item_id)
def test_each_loop_keeps_the_contract_and_its_own_word(loop: LibraryLoop) -> None:
    assert validate(loop.text, loop.contract) == []
    assert (loop.contract == "drum-pattern") == (loop.role == "drums") == (loop.root is None)
    if loop.root_class is not None and loop.scale is not None:
        pitches = [note.pitch for note in contract(loop.contract).parse(loop.text).sequence]  # type: ignore[attr-defined]
        assert in_scale_share(pitches, loop.root_class, loop.scale) == 1.0
        assert loop.role != "bass" or max(pitches) < 52


@pytest.mark.parametrize("item", LIBRARY.structures, ids=lambda item: item.item_id)
def test_each_structure_answers_its_request(item: LibraryStructure) -> None:
    assert validate(item.text, "music-structure") == []
    piece = item.structure
    seconds = sum(s.measures for s in piece.sections) * bar_quarters(piece.timeSignature) * 60 / piece.tempo
    assert seconds == pytest.approx(item.request.duration, rel=0.02)
    assert (piece.form, piece.key) == (item.request.form, item.request.key)


def test_the_library_covers_styles_roles_forms_and_periods() -> None:
    assert {loop.style for loop in LIBRARY.loops} == set(STYLES)
    assert {loop.role for loop in LIBRARY.loops} == set(ROLES)
    assert {item.structure.form for item in LIBRARY.structures} == set(FORMS)
    assert {item.request.period for item in LIBRARY.structures} == set(PERIODS)
    names = [item.item_id for item in (*LIBRARY.loops, *LIBRARY.structures)]
    assert len(set(names)) == len(names)
    assert len({loop.text for loop in LIBRARY.loops}) == len(LIBRARY.loops)


requests = st.builds(
    LoopRequest,
    role=st.none() | st.sampled_from(ROLES),
    style=st.none() | st.sampled_from(STYLES),
    scale=st.none() | st.sampled_from(sorted(SCALES)),
    bpm=st.none() | st.integers(40, 220),
)


@given(requests, st.integers(1, 5))
def test_any_request_gets_examples_of_its_role(request: LoopRequest, count: int) -> None:
    found = nearest_loops(request, count)
    assert 1 <= len(found) <= count
    assert len({loop.item_id for loop in found}) == len(found)
    assert all(request.role in (None, loop.role) for loop in found)
    assert found == nearest_loops(request, count)


def test_style_comes_first() -> None:
    assert nearest_loops(LoopRequest(role="bass", style="funk"), 1)[0].style == "funk"
    assert nearest_loops(LoopRequest(role="drums", style="trap"), 1)[0].item_id == "trap-drums-rolls"


def test_form_is_kept_and_an_unknown_one_still_finds_examples() -> None:
    found = nearest_structures(MusicRequest(form="ABA", valence=-0.8), 2)
    assert [item.structure.form for item in found] == ["ABA", "ABA"]
    assert found[0].item_id == "aba-romantic-farewell"
    assert len(nearest_structures(MusicRequest(form="fantasia"), 3)) == 3
