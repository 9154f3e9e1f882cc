"""The library to look at and to listen to: what a page says, and the files beside it."""

import re
import wave
from io import BytesIO

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.loop_request import ROLES, STYLES
from boumb_assets.contracts.music_request import FORMS, PERIODS
from boumb_assets.few_shot.gallery import (
    HEARD_S,
    MARK,
    beginning,
    chosen,
    facts_of,
    find,
    gallery_page,
    played,
    render_item,
    request_of,
    section_rows,
)
from boumb_assets.few_shot.library import LibraryLoop, LibraryStructure, load_library

LIBRARY = load_library()
EVERYTHING = chosen(LIBRARY)
SHORTEST = min(LIBRARY.structures, key=lambda item: item.structure.duration_s)
LONGEST = max(LIBRARY.structures, key=lambda item: item.structure.duration_s)


@given(
    style=st.none() | st.sampled_from(STYLES),
    role=st.none() | st.sampled_from(ROLES),
    form=st.none() | st.sampled_from(FORMS),
    period=st.none() | st.sampled_from(PERIODS),
)
def test_what_is_chosen_is_as_asked_for_and_nothing_else_is(
    style: str | None, role: str | None, form: str | None, period: str | None
) -> None:
    found = chosen(LIBRARY, style=style, role=role, form=form, period=period)
    loops = [one for one in LIBRARY.loops if style in (None, one.style) and role in (None, one.role)]
    pieces = [
        one for one in LIBRARY.structures if form in (None, one.structure.form) and period in (None, one.request.period)
    ]
    assert found == [*(() if style or role else pieces), *(() if form or period else loops)]


def test_names_are_those_of_the_library_alone() -> None:
    name = LIBRARY.loops[3].item_id
    assert chosen(LIBRARY, [name]) == [LIBRARY.loops[3]] == [find(LIBRARY, name)]
    assert chosen(LIBRARY, [name], kind="structure") == []
    with pytest.raises(LookupError, match="near to it: funk-bass-thumb"):
        find(LIBRARY, "funk-bass-thum")
    for bad in ("", "../../etc/passwd", "/etc/passwd", f"{name}.json", "x" * 5000):
        with pytest.raises(LookupError, match="the library has no") as error:
            chosen(LIBRARY, [name, bad])
        assert len(str(error.value)) < 300


@pytest.mark.parametrize("item", [LIBRARY.loops[0], SHORTEST, LONGEST], ids=lambda item: item.item_id)
@given(seconds=st.floats(0.1, 500))
def test_a_beginning_is_whole_bars_and_ends_with_them(item: LibraryLoop | LibraryStructure, seconds: float) -> None:
    music = played(item)
    heard = beginning(music, seconds)
    assert 1 <= heard.bars <= music.bars
    assert heard.bars == 1 or heard.length_s <= seconds + 1e-6
    assert heard.bars == music.bars or heard.length_s + heard.bar_s > seconds - 1e-6
    kept = len(heard.pitch)
    assert (heard.pitch == music.pitch[:kept]).all() and (heard.duration_s > 0).all()
    if heard.bars < music.bars:
        assert music.onset_s[kept] >= heard.length_s - 1e-6
        assert (heard.onset_s + heard.duration_s).max() <= heard.length_s + 1e-6


@pytest.mark.parametrize("name", ["trap-drums-rolls", "funk-bass-thumb"])
def test_a_loop_is_rendered_at_its_tempo_twice(name: str) -> None:
    item = find(LIBRARY, name)
    files = render_item(item)
    bars = played(item).bars
    assert files["png"].startswith(b"\x89PNG")
    with wave.open(BytesIO(files["wav"])) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert seconds == pytest.approx(2 * bars * 4 * 60 / facts_of(item).bpm, abs=0.01)
    assert mido.MidiFile(file=BytesIO(files["mid"])).length == pytest.approx(seconds / 2, abs=0.01)


def test_of_a_long_piece_the_beginning_sounds_and_the_whole_is_in_its_midi() -> None:
    files = render_item(LONGEST)
    with wave.open(BytesIO(files["wav"])) as sound:
        assert HEARD_S / 2 < sound.getnframes() / sound.getframerate() <= HEARD_S + 3  # what rings on
    assert mido.MidiFile(file=BytesIO(files["mid"])).length == pytest.approx(LONGEST.structure.duration_s, abs=0.1)


def test_the_page_says_all_of_each_example_and_loads_nothing_else() -> None:
    page = gallery_page(EVERYTHING)
    assert page == gallery_page(EVERYTHING)
    assert f'<meta name="generator" content="{MARK}">' in page
    for item in EVERYTHING:
        assert page.count(f'<article id="{item.item_id}">') == 1
        assert all(f'"{item.item_id}.{suffix}"' in page for suffix in ("png", "wav", "mid"))
    files = {f"{item.item_id}.{suffix}" for item in EVERYTHING for suffix in ("png", "wav", "mid")}
    linked = set(re.findall(r'(?:src|href)="([^"]*)"', page))
    groups = {link for link in linked if link.startswith("#")}
    assert linked - groups == files and all(f'id="{group[1:]}"' in page for group in groups)
    assert "<script" not in page and "http:" not in page and "https:" not in page
    assert not gallery_page([]).count("<article")


def test_the_page_of_a_structure_shows_its_request_and_sections() -> None:
    page = gallery_page([LONGEST])
    assert f"<dt>valence</dt><dd>{LONGEST.request.valence:g}</dd>" in page
    assert page.count('<th scope="row">') == len(LONGEST.structure.sections) == len(section_rows(LONGEST.structure))
    assert " ".join(LONGEST.structure.sections[0].chordProgression) in page
    assert re.search(r"the first \d+ of \d+ measures", page)
    assert "the whole piece" in gallery_page([SHORTEST])


def test_text_of_an_example_is_escaped() -> None:
    hostile = '<script>alert("1")</script> & so on'
    changes = {"title": hostile, "why": hostile}
    page = gallery_page([LIBRARY.loops[0].model_copy(update=changes), SHORTEST.model_copy(update=changes)])
    assert "<script" not in page and page.count("&lt;script&gt;") >= 4


def test_a_request_is_only_what_was_asked() -> None:
    assert request_of(LIBRARY.loops[0]).keys() >= {"style", "role", "bpm"}
    drums = next(loop for loop in LIBRARY.loops if loop.role == "drums")
    assert request_of(drums) == {"style": drums.style, "role": "drums", "bpm": drums.bpm}
    assert "section_plan" not in request_of(SHORTEST) and request_of(SHORTEST)["form"] == SHORTEST.structure.form
