"""Splits: nobody is in two of them, and nobody ever moves."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets_tests.dbt.collections import File, Loop, Warehouse, moved, own

SPLITS = ("train", "validation", "test")
CROSSING = """
select kin.sha256, kin.relative from kin
join file_splits as one on one.sha256 = kin.sha256
join file_splits as other on other.sha256 = kin.relative
where one.split <> other.split
"""


def shared(name: str) -> tuple[Loop, ...]:
    return Loop(f"{name}-1"), Loop(f"{name}-2")


def decided() -> Warehouse:
    return Warehouse("split", "kin")


def test_splits_have_their_shares() -> None:
    made = decided().run([File(f"file{number}") for number in range(2000)])
    counts = dict(made.rows("select split, count(*) from file_splits group by split"))
    assert counts["test"] / 2000 == pytest.approx(0.05, abs=0.02)
    assert counts["validation"] / 2000 == pytest.approx(0.05, abs=0.02)
    assert made.failing() == {}


def test_a_published_split_holds_for_the_whole_group() -> None:
    made = decided().run([File("f1", shared("x"), official="test"), File("f2", shared("x")), File("f3", own("f3"))])
    assert [made.splits()[name] for name in ("f1", "f2")] == ["test", "test"]


def test_kin_that_were_published_on_two_sides_stay_on_the_stricter_one() -> None:
    made = decided().run([File("f1", shared("x"), official="test"), File("f2", shared("x"), official="train")])
    assert made.splits() == {"f1": "test", "f2": None}
    assert made.rows("select left_out from file_splits where sha256 = 'f2'") == [("wanted elsewhere",)]


def test_whole_styles_are_held_out_of_one_data_set() -> None:
    files = [File(f"f{number}", dataset="demo", style="Bossa") for number in range(5)]
    files += [File(f"g{number}", dataset="mine", style="Bossa", official="train") for number in range(5)]
    splits = decided().run(files).splits()
    assert {splits[f"f{number}"] for number in range(5)} == {"test"}
    assert {splits[f"g{number}"] for number in range(5)} == {"train"}
    none = decided().run(files, held_out_styles=["demo/funk"], test_percent=0)
    assert "test" not in none.splits().values()


def test_a_style_that_is_held_out_later_leaves_train_and_is_no_test() -> None:
    taught = File("f1", own("f1"), dataset="demo", style="dub")
    made = decided().run([taught], held_out_styles=[], test_percent=0, validation_percent=0)
    assert made.splits() == {"f1": "train"}
    new = File("f2", own("f2"), dataset="demo", style="dub")
    assert made.run([taught, new], held_out_styles=["demo/dub"]).splits() == {"f1": None, "f2": "test"}
    assert made.run([taught, new], held_out_styles=[]).splits() == {"f1": "train", "f2": "test"}


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize(
    "newcomer",
    [
        File("a0", shared("x"), dataset="b"),
        File("a0", music="m", dataset="b"),
        File("a0", composer="Clara Schumann", title="Romanze", dataset="b"),
    ],
    ids=["loops", "notes", "name"],
)
def test_a_newcomer_joins_the_group_that_it_is_kin_to(split: str, newcomer: File) -> None:
    there = File("f1", shared("x"), music="m", composer="Schumann, Clara", title="Romanze", official=split)
    made = decided().run([there])
    groups = made.rows("from split")
    assert made.run([there, newcomer]).splits() == {"f1": split, "a0": split}
    assert [(group, side) for group, side, _ in groups] == made.rows("select work_group, split from split")
    assert made.rows("select because from file_splits where sha256 = 'a0'") == [("kin",)]


def test_a_bridge_is_left_out_with_its_kin_and_parts_nobody() -> None:
    there = [File("f1", shared("x"), official="train"), File("f2", shared("y"), official="test")]
    made = decided().run(there)
    before = made.splits()
    bridge = [File("a0", shared("x") + shared("y"), dataset="b"), File("a1", music="music of a2"), File("a2")]
    linked = [replace(bridge[0], music="music of a2"), *bridge[1:]]
    after = made.run([*there, *linked])
    assert after.splits() == {**before, "a0": None, "a1": None, "a2": None}
    assert after.rows("select distinct left_out from file_splits where split is null") == [("bridge",)]
    assert after.failing() == {}
    assert made.run([*there, *linked, File("a3", music="music of a2")]).splits()["a3"] is not None, (
        "what is left out leads to nobody"
    )


def test_what_is_gone_is_remembered() -> None:
    gone = File("f1", music="m", composer="Clara Schumann", title="Romanze", official="test")
    made = decided().run([gone])
    assert made.run([File("other")]).rows("select split, left_out from file_splits where sha256 = 'f1'") == [
        (None, "gone")
    ]
    kin = [File("f2", music="m"), File("f3", composer="clara schumann", title="ROMANZE")]
    assert made.run(kin).splits() == {"f2": "test", "f3": "test"}
    assert made.run([replace(gone, official=None)]).splits() == {"f1": "test"}


@pytest.mark.parametrize("split", SPLITS)
def test_a_file_that_is_changed_in_its_place_stays_on_its_side(split: str) -> None:
    made = decided().run([File("f1", own("f1"), path="1.mid", official=split)])
    group = made.rows("select work_group from file_splits")
    for version in ("f2", "f3"):
        assert made.run([File(version, own(version), path="1.mid")]).splits() == {version: split}
        assert made.rows("select distinct work_group from file_splits") == group
        assert made.failing() == {}


def test_a_file_in_the_place_of_one_that_lies_elsewhere_now_or_in_another_data_set_is_drawn() -> None:
    there = File("f1", own("f1"), path="1.mid", official="test")
    made = decided().run([there])
    new = [File("f2", path="1.mid"), File("f3", dataset="b", path="1.mid")]
    made.run([replace(there, path="2.mid"), *new], test_percent=0, validation_percent=0)
    assert made.splits() == {"f1": "test", "f2": "train", "f3": "train"}


def test_a_changed_file_that_is_kin_to_another_side_or_was_published_there_is_left_out() -> None:
    there = [File(name, shared(name), path=f"{name}.mid", official=side) for name, side in
             (("f1", "train"), ("f2", "test"), ("f3", "train"))]  # fmt: skip
    made = decided().run(there)
    made.run([
        File("g1", shared("f2"), path="f1.mid"), there[1], File("g3", path="f3.mid", official="test")
    ])  # fmt: skip
    found = made.rows("select sha256, decided, left_out from file_splits where sha256 like 'g%' order by all")
    assert found == [("g1", None, "bridge"), ("g3", None, "wanted elsewhere")]
    after = made.run([File("h1", path="f1.mid"), there[1], File("h3", path="f3.mid")])
    assert after.splits() == {"f2": "test", "h1": "train", "h3": "train"}, "they follow the last that was used"


def test_the_place_of_what_was_taken_down_is_forgotten() -> None:
    there = File("f1", path="1.mid", official="test")
    made = decided().run([there])
    made.run([replace(there, takedown="t1")])
    new = made.run([File("f2", path="1.mid")], test_percent=0, validation_percent=0)
    assert new.splits() == {"f2": "train"}


def test_a_takedown_and_an_erased_request_are_forgotten() -> None:
    files = [File("f1", official="test"), File("f2", asked="une valse"), File("f3")]
    made = decided().run(files)
    taken = replace(files[0], takedown="t1")
    made.run([taken])
    assert made.rows("select sha256, left_out from file_splits") == [("f3", "gone")]


def test_files_that_turn_out_to_be_kin_are_parted_by_leaving_out_the_less_strict() -> None:
    one, other = File("f1", shared("x"), official="train"), File("f2", own("f2"), official="test")
    made = decided().run([one, other])
    recut = [replace(one, official=None), replace(other, loops=shared("x"), official=None)]
    assert made.run(recut).splits() == {"f1": None, "f2": "test"}
    renamed = [replace(file, composer="Clara Schumann", title="Romanze") for file in (one, other)]
    assert made.run(renamed).splits() == {"f1": None, "f2": "test"}
    assert made.run([one, other]).splits() == {"f1": "train", "f2": "test"}


FILES = st.builds(
    lambda loops, music, title, official: File(
        "", tuple(Loop(name) for name in sorted(loops)), music=music, composer="Clara Schumann", title=title,
        official=official,
    ),
    st.sets(st.sampled_from([f"l{number}" for number in range(9)]), max_size=4),
    st.sampled_from([None, None, None, None, "m1", "m2"]),
    st.sampled_from([None, None, None, None, "Romanze", "Scherzo"]),
    st.sampled_from([None, None, None, *SPLITS]),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(FILES, st.sampled_from("abc")), min_size=6, max_size=24), st.permutations("abc"), st.data())
def test_nobody_moves_and_nobody_leaks_whatever_joins_and_leaves(
    drawn: list[tuple[File, str]], order: list[str], data: st.DataObject
) -> None:
    files = [
        replace(file, sha256=f"{number * 7919 % 101:03d}", dataset=dataset, path=f"{number}.mid")
        for number, (file, dataset) in enumerate(drawn)
    ]
    made = decided()
    known: dict[str, str | None] = {}
    places: dict[str, str | None] = {}
    steps = [order[:1], order[:2], order, data.draw(st.sampled_from([order[1:], order[2:], order[:1]])), order]
    for there in steps:
        for number in data.draw(st.sets(st.integers(0, len(files) - 1), max_size=3)):
            files[number] = replace(files[number], sha256=f"{files[number].sha256}v", music=None, loops=own("new"))
        present = [file for file in files if file.dataset in there]
        splits = made.run(present).splits()
        at = {str(file.path): splits[file.sha256] for file in present}
        assert splits.keys() == {file.sha256 for file in present}
        assert moved(known, splits) == moved(places, at) == set()
        assert made.failing() == {}
        assert made.rows(CROSSING) == []
        assert all(splits[file.sha256] in (file.official, None) for file in present if file.official)
        known |= {name: split for name, split in splits.items() if split}
        places |= {name: split for name, split in at.items() if split}
    again = made.rows("from file_splits order by all")
    assert made.run(files).rows("from file_splits order by all") == again
