"""Which files are one work, and which loops are used: by what they have in common."""

from itertools import combinations
from random import Random

import pytest

from boumb_assets_tests.dbt.collections import BANDS, File, Loop, Warehouse, own


def pairs(*files: File, **variables: object) -> set[tuple[str, str]]:
    return set(Warehouse("kin").run(files, **variables).rows("select sha256, relative from kin"))


def used(*files: File, **variables: object) -> set[str]:
    return {loop for (loop,) in Warehouse("mix").run(files, **variables).rows("select loop_id from mix")}


def test_two_equal_loops_make_kin_and_one_chance_bar_does_not() -> None:
    shared = (Loop("x"), Loop("y"))
    assert pairs(File("f1", shared), File("f2", shared), File("f3", (Loop("x"), Loop("z")))) == {("f1", "f2")}


def test_a_loop_that_a_file_repeats_counts_once() -> None:
    assert pairs(File("f1", (Loop("x"),) * 5), File("f2", (Loop("x"),) * 5)) == set()


def test_short_loops_tell_nothing() -> None:
    short = (Loop("x", notes=7), Loop("y", notes=7))
    assert pairs(File("f1", short), File("f2", short)) == set()


@pytest.mark.parametrize(("own_bands", "kin"), [(0, True), (6, True), (12, True), (13, False), (16, False)])
def test_near_loops_make_kin_where_enough_bands_are_the_same(own_bands: int, kin: bool) -> None:
    near = (Loop("x", own_bands), Loop("y", own_bands))
    assert pairs(File("f1", (Loop("x"), Loop("y"))), File("f2", near)) == ({("f1", "f2")} if kin else set())
    assert BANDS - 12 == 4


def test_variants_of_one_loop_are_not_two_loops_in_common() -> None:
    variants = (Loop("x", 1), Loop("x", 2), Loop("x", 3))
    assert pairs(File("f1", variants), File("f2", (Loop("x"), *own("f2")))) == set()


def test_what_is_everywhere_chains_nothing_equal_or_near() -> None:
    everywhere = [File(f"f{number:02d}", (Loop("four"), Loop("floor"), *own(str(number)))) for number in range(9)]
    nearly = [File(f"g{number:02d}", (Loop("on", 1 + number % 5), Loop("the", 1 + number % 5))) for number in range(12)]
    assert pairs(*everywhere) == set()
    assert pairs(*nearly) == {
        (f"g{one:02d}", f"g{other:02d}") for one in range(12) for other in range(one + 1, 12) if (other - one) % 5 == 0
    }, "equal ones, of which there are few, but not near ones, of which there are many"
    assert len(pairs(*everywhere[:8])) == 28


def versions(count: int, loops: int) -> list[File]:
    """A work of so many loops in so many versions: of each loop half of the bands are the version's own."""
    return [
        File(f"f{number:02d}", tuple(
            Loop(f"song{part}/{number}", bands=(f"song{part}",) * 8 + (f"song{part}/{number}",) * 8)
            for part in range(loops)
        ))
        for number in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize(("loops", "kin"), [(5, 0), (6, 66)])
def test_many_versions_of_a_work_are_kin_where_they_have_many_loops_in_common(loops: int, kin: int) -> None:
    assert len(pairs(*versions(12, loops))) == kin
    equal = [File(f"f{number:02d}", (*own("x", loops), *own(str(number)))) for number in range(12)]
    assert len(pairs(*equal)) == kin


def test_many_loops_that_are_everywhere_chain_nothing() -> None:
    everywhere = [File(f"f{number:02d}", own("four on the floor", 10)) for number in range(65)]
    assert pairs(*everywhere) == set()
    assert len(pairs(*everywhere[:64])) == 64 * 63 / 2
    assert pairs(*everywhere[:9], collection_files=8) == set()


def test_variants_of_what_many_files_have_are_not_many_loops_in_common() -> None:
    groove = [File(f"f{number:02d}", (Loop("groove", 1 + number), *own(str(number)))) for number in range(10)]
    variants = File("g", tuple(Loop("groove", 1 + number) for number in range(12)))
    assert pairs(*groove, variants) == set()


def groups(*files: File) -> dict[str, str]:
    return dict(Warehouse("file_splits").run(files).rows("select sha256, work_group from file_splits"))


def test_kin_of_kin_are_one_group() -> None:
    chain = [File(f"f{number:02d}", own(str(number), 2) + own(str(number + 1), 2)) for number in range(30)]
    found = groups(*chain, File("alone", own("alone")))
    assert len(set(found.values())) == 2 and found["alone"] != found["f00"]


def test_the_same_music_is_one_group_in_any_collection() -> None:
    found = groups(File("f1", music="m"), File("f2", music="m", dataset="b"), File("f3"))
    assert found["f1"] == found["f2"] != found["f3"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Bach, Johann Sebastian", "Präludium, BWV 846"), ("johann sebastian BACH", "Praludium (BWV 846)"), True),
        (("Clara Schumann", "Romanze"), ("Robert Schumann", "Romanze"), False),
        (("unknown", "Romanze"), ("Unknown", "Romanze"), False),
        (("Clara Schumann", "Untitled 3"), ("Clara Schumann", "Untitled 3"), False),
        (("Clara Schumann", None), ("Clara Schumann", None), False),
        (("", "Romanze"), ("", "Romanze"), False),
        (("Модест Мусоргский", "Картинки с выставки"), ("МУСОРГСКИЙ, Модест", "картинки с выставки"), True),
    ],
)  # fmt: skip
def test_a_composer_and_a_title_that_say_something_are_one_work(
    one: tuple[str, str | None], other: tuple[str, str | None], same: bool
) -> None:
    found = groups(
        File("f1", composer=one[0], title=one[1]), File("f2", composer=other[0], title=other[1], dataset="b")
    )
    assert (found["f1"] == found["f2"]) is same


def test_many_files_of_one_name_are_a_collection_and_no_work() -> None:
    files = [File(f"f{number:03d}", composer="A Drummer", title="Grooves") for number in range(65)]
    assert len(set(groups(*files).values())) == 65
    assert len(set(groups(*files[:64]).values())) == 1


def test_the_words_of_nobody_are_kept() -> None:
    file = File("f1", own("f1"), composer="Clara Schumann", title="Romanze", asked="une valse", path="Romanze.mid")
    made = Warehouse().run([file])
    shown = str(made.rows("from file_splits")) + str(made.rows("from stg_files"))
    assert not {"clara", "romanze", "valse"} & set(shown.lower().replace("'", " ").split())


def test_of_equals_the_best_is_used() -> None:
    files = [File("f1", (Loop("x", score=0.1), *own("f1"))), File("f2", (Loop("x", score=0.9), *own("f2")))]
    found = used(*files, test_percent=0, validation_percent=0)
    assert "a/f2/0" in found and "a/f1/0" not in found and len(found) == 7


@pytest.mark.parametrize(("own_bands", "kept"), [(6, 1), (7, 2)])
def test_of_near_equals_the_best_is_used(own_bands: int, kept: int) -> None:
    files = [File("f1", (Loop("x", own_bands, 0.9),)), File("f2", (Loop("x", score=0.1),))]
    found = used(*files, test_percent=0, validation_percent=0)
    assert "a/f1/0" in found and len(found) == kept


def test_a_near_equal_of_train_is_no_test_whatever_better_loops_lie_between_them() -> None:
    taught, asked = Loop("y", bands=("y",) * 16), Loop("z", bands=("y",) * 12 + ("z",) * 4)
    first = Loop("a", score=0.9, bands=("y",) * 6 + ("a",) * 10)
    second = Loop("b", score=0.8, bands=("b",) * 6 + ("y",) * 6 + ("b",) * 4)
    sides = {"f1": (taught, "train"), "f2": (asked, "test"), "f3": (first, "train"), "f4": (second, "train")}
    assert "a/f2/0" not in used(*(File(name, (loop,), official=side) for name, (loop, side) in sides.items()))


def test_no_two_that_are_used_are_near_equals() -> None:
    rng = Random(0)
    loops = [
        Loop(str(number), score=rng.random(), bands=tuple(
            str(number % 20 if rng.random() < 0.75 else number) for _ in range(BANDS)
        ))
        for number in range(20, 120)
    ]  # fmt: skip
    made = used(*(File(f"f{number:02d}", (loop,)) for number, loop in enumerate(loops)))
    found = [set(loops[int(name.split("/")[1][1:])].near) for name in made]
    assert 20 <= len(found) < 60 and all(len(one & other) < 10 for one, other in combinations(found, 2))


def test_an_equal_that_is_not_cleared_does_not_stand_for_one_that_is() -> None:
    files = [File("f1", (Loop("x", score=0.9),), cleared=False), File("f2", (Loop("x", score=0.1),))]
    assert used(*files) == {"a/f2/0"}


def test_what_is_in_train_is_in_no_test() -> None:
    taught = File("f1", (Loop("x", 3, 0.1), Loop("y", score=0.1), *own("f1")), official="train")
    asked = File("f2", (Loop("x", score=0.9), *own("f2")), official="test")
    later = File("f3", (Loop("y", score=0.9), *own("f3")), official="validation")
    made = Warehouse().run([taught, asked, later])
    assert made.failing() == {}
    assert made.rows("select sha256, split, count(*) from mix group by all order by all") == [
        ("f1", "train", 5), ("f2", "test", 3), ("f3", "validation", 3),
    ]  # fmt: skip
    assert made.rows("select reason, loops from left_out order by all") == [
        ("a near equal is used", 1), ("an equal is used", 1),
    ]  # fmt: skip


def test_a_loop_that_is_everywhere_is_used_in_train_alone() -> None:
    files = [File(f"f{number:02d}", (Loop("floor"),), official="test") for number in range(20)]
    assert used(*files) == set()
    assert used(*files, File("g", (Loop("floor"),), official="train")) == {"a/g/0"}


def test_quotas_by_data_set_role_and_style() -> None:
    def loop(number: int, role: str, style: str | None) -> Loop:
        return Loop(f"{role}-{style}-{number}", role=role, style=style)

    def files(dataset: str) -> list[File]:
        kinds = [(role, style) for role in ("bass", "drums") for style in ("funk", None)]
        return [
            File(f"{dataset}{number}", tuple(loop(number, *kind) for kind in kinds), dataset) for number in range(10)
        ]

    everything = {"test_percent": 0, "validation_percent": 0}
    assert len(used(*files("a"), **everything)) == 40
    assert len(used(*files("a"), quota_dataset=7, **everything)) == 7
    assert len(used(*files("a"), quota_role=7, **everything)) == 14
    assert len(used(*files("a"), quota_style=7, **everything)) == 27
    assert used(*files("a"), quota_role=7, **everything) < used(*files("a"), quota_role=8, **everything)
