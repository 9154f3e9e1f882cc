"""The curated library and what is retrieved from it."""

from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.loop_request import ROLES, STYLES, LoopRequest
from boumb_assets.contracts.music_request import FORMS, PERIODS, MusicRequest
from boumb_assets.contracts.music_structure import KEYS, TIME_SIGNATURES, bar_quarters
from boumb_assets.contracts.registry import contract
from boumb_assets.contracts.validation import validate
from boumb_assets.few_shot.library import (
    Library,
    LibraryLoop,
    LibraryStructure,
    available_library,
    item_print,
    library_of,
    load_library,
)
from boumb_assets.few_shot.retrieval import estimated_tokens, nearest_loops, nearest_structures
from boumb_assets.render.notes import perform
from boumb_assets.rights.takedowns import (
    Takedown,
    TakenPrint,
    active_takedowns,
    print_index,
    take_down,
    withdraw_takedown,
)
from boumb_assets.theory.scales import SCALES, in_scale_share
from boumb_assets.theory.work_print import work_print

LIBRARY = load_library()


@pytest.mark.parametrize("loop", LIBRARY.loops, ids=lambda loop: loop.item_id)
def test_each_loop_keeps_the_contract_and_its_own_word(loop: LibraryLoop) -> None:
    request = LoopRequest(style=loop.style, role=loop.role, root=loop.root_class, scale=loop.scale, bpm=loop.bpm)
    assert validate(loop.text, loop.contract, request) == []
    assert (loop.contract == "drum-pattern") == (loop.role == "drums") == (loop.root is None)
    if loop.root_class is not None and loop.scale is not None:
        pitches = [note.pitch for note in contract(loop.contract).parse(loop.text).sequence]  # type: ignore[attr-defined]
        assert in_scale_share(pitches, loop.root_class, loop.scale) == 1.0
        assert loop.role != "bass" or max(pitches) < 52


@pytest.mark.parametrize("item", LIBRARY.structures, ids=lambda item: item.item_id)
def test_each_structure_answers_its_request(item: LibraryStructure) -> None:
    assert validate(item.text, "music-structure", item.request) == []
    piece = item.structure
    seconds = sum(s.measures for s in piece.sections) * bar_quarters(piece.timeSignature) * 60 / piece.tempo
    assert seconds == pytest.approx(item.request.duration, rel=0.02)
    assert (piece.form, piece.key) == (item.request.form, item.request.key)


def test_the_library_covers_styles_roles_forms_and_periods() -> None:
    assert len(LIBRARY.loops) >= 60 and len(LIBRARY.structures) >= 60
    assert {(loop.style, loop.role) for loop in LIBRARY.loops} == set(product(STYLES, ROLES))
    assert {loop.scale for loop in LIBRARY.loops if loop.scale} == set(SCALES)
    cells = Counter((item.structure.form, item.request.period) for item in LIBRARY.structures)
    assert cells.keys() == set(product(FORMS, PERIODS)) and min(cells.values()) >= 3
    for form, period in cells:
        valences = [
            item.request.valence
            for item in LIBRARY.structures
            if (item.structure.form, item.request.period) == (form, period)
        ]
        assert min(valences) < -0.1 and max(valences) > 0.3 and max(valences) - min(valences) >= 0.8
    assert {item.structure.key for item in LIBRARY.structures} == set(KEYS)
    assert {item.structure.timeSignature for item in LIBRARY.structures} == set(TIME_SIGNATURES)
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
    found = nearest_structures(MusicRequest(form="ABA", valence=-0.8, period="romantic"), 2)
    assert [item.structure.form for item in found] == ["ABA", "ABA"]
    assert all(item.structure.key.endswith("minor") for item in found)
    assert found[0].request.period == "romantic"
    assert len(nearest_structures(MusicRequest(form="fantasia"), 3)) == 3


def test_examples_keep_to_the_budget_and_an_excluded_one_is_not_shown() -> None:
    ask = MusicRequest(form="ABA", key="d minor")
    first = nearest_structures(ask)[0]
    assert nearest_structures(ask, tokens=estimated_tokens(first.text)) == [first]
    assert nearest_structures(ask, tokens=10) == []
    assert first not in nearest_structures(ask, exclude={first.item_id})
    bass = LoopRequest(role="bass", style="funk")
    (loop,) = nearest_loops(bass, 1)
    assert loop not in nearest_loops(bass, exclude={loop.item_id})
    assert sum(estimated_tokens(item.text) for item in nearest_loops(bass, tokens=700)) <= 700


def test_of_equals_the_one_near_in_key_comes_first() -> None:
    pool = [loop for loop in LIBRARY.loops if loop.role == "bass"]
    first, second = (
        pool[0].model_copy(update={"item_id": name, "root": root}) for name, root in (("a", "F#"), ("b", "D"))
    )
    library = Library(loops=(first, second), structures=())
    assert nearest_loops(LoopRequest(role="bass", root=2), 1, library=library) == [second]
    assert nearest_loops(LoopRequest(role="bass", root=5), 1, library=library) == [first]


def taken(home: Path, *items: LibraryLoop | LibraryStructure) -> tuple[Takedown, ...]:
    prints = [TakenPrint.of(f"{number:064x}", item_print(item)) for number, item in enumerate(items)]
    take_down(home, sha256=[one.sha256 for one in prints], prints=prints, by="A. Composer", reason="mine")
    return active_takedowns(home)


def test_an_example_with_the_notes_of_a_work_that_was_taken_down_is_left_out(tmp_path: Path) -> None:
    loop, piece = LIBRARY.loops[7], LIBRARY.structures[2]
    left = available_library(taken(tmp_path, loop, piece))
    assert [item for item in LIBRARY.loops if item not in left.loops] == [loop]
    assert [item for item in LIBRARY.structures if item not in left.structures] == [piece]
    assert library_of(tmp_path) == left
    ask = LoopRequest(role=loop.role, style=loop.style, bpm=loop.bpm)
    assert loop in nearest_loops(ask, 50) and loop not in nearest_loops(ask, 50, library=left)
    assert piece in nearest_structures(piece.request, 50)
    assert piece not in nearest_structures(piece.request, 50, library=left)


def test_a_takedown_in_another_key_is_heard_and_its_withdrawal_too(tmp_path: Path) -> None:
    loop = next(item for item in LIBRARY.loops if item.contract == "boumb-sequence")
    played = perform(contract(loop.contract).parse(loop.text))  # type: ignore[arg-type]
    moved = work_print(played.onset_s * 8, played.pitch + 5, np.zeros(played.pitch.size, np.bool_))
    row = take_down(
        tmp_path, sha256=["0" * 64], prints=[TakenPrint.of("0" * 64, moved)], by="A. Composer", reason="mine"
    )
    assert loop not in library_of(tmp_path).loops
    withdraw_takedown(tmp_path, row.takedown_id, by="A. Composer", reason="we agreed")
    assert library_of(tmp_path) == LIBRARY


def test_where_nothing_was_taken_down_the_library_is_whole(tmp_path: Path) -> None:
    assert library_of(tmp_path) is LIBRARY


def test_no_two_loops_are_the_same_music() -> None:
    prints = [item_print(loop) for loop in LIBRARY.loops]
    for loop in LIBRARY.loops:
        taken = print_index([_only(loop)])
        assert sum(taken.match(one) is not None for one in prints) == 1, loop.item_id


def _only(loop: LibraryLoop) -> Takedown:
    print_ = TakenPrint.of("0" * 64, item_print(loop))
    return Takedown.model_validate({
        "takedown_id": "0" * 12, "date": "2026-01-01", "by": "A", "reason": "B", "sha256": ("0" * 64,),
        "prints": (print_,),
    })  # fmt: skip
