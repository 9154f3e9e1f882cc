"""The local engine, and the search for the task that takes its process down."""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from boumb_assets.lake.engine import Done, Engine
from boumb_assets.lake.isolation import Batch, Failure, run_isolated
from boumb_assets_tests.lake.crews import do


def isolated(*batches: Sequence[str], workers: int = 1, timeout_s: float = 10) -> tuple[list[str], list[Failure[str]]]:
    """The tasks that were done, sorted, and those that were lost."""
    done: list[str] = []
    failures: list[Failure[str]] = []
    with Engine("local", workers).crew(do, timeout_s) as crew:
        for _, made in run_isolated(crew, [Batch(0, 0, tuple(batch)) for batch in batches]):
            if isinstance(made, Failure):
                failures.append(made)
            else:
                done += made
    return sorted(done), failures


def test_the_culprits_are_named_and_everything_else_is_done() -> None:
    done, failures = isolated(
        ["a", "crash 1", "b", "crash 2", "c"], ["d", "hang", "e"], [], ["crash 3"], ["f"], workers=2, timeout_s=1.5
    )
    assert done == ["a", "b", "c", "d", "e", "f"]
    assert sorted((failure.task, failure.kind) for failure in failures) == [
        ("crash 1", "crash"), ("crash 2", "crash"), ("crash 3", "crash"), ("hang", "timeout"),
    ]  # fmt: skip
    assert all("signal 6" in failure.detail for failure in failures if failure.kind == "crash")


def test_who_only_stood_next_to_the_culprit_is_acquitted() -> None:
    assert isolated(["a", "spoil", "b", "victim", "c"]) == (["a", "b", "c", "spoil", "victim"], [])


def test_a_fault_of_the_work_itself_is_not_hidden() -> None:
    with pytest.raises(RuntimeError, match="a fault of the work itself"):
        isolated(["a", "raise"])


def test_a_crew_is_of_use_after_a_fault() -> None:
    with Engine("local", 2).crew(do, 10) as crew:
        with pytest.raises(RuntimeError, match="a fault of the work itself"):
            list(crew.run([Batch(0, 0, ("raise",)), Batch(1, 0, ("hang",))]))
        (news,) = crew.run([Batch(2, 0, ("a",))])
        assert isinstance(news, Done) and news.unit.shard == 2 and news.result == ["a"]


def test_nothing_to_do_starts_nothing() -> None:
    began = time.monotonic()
    assert isolated(workers=2) == ([], [])
    assert time.monotonic() - began < 0.2


def test_units_are_taken_as_there_is_a_process_for_them() -> None:
    taken: list[int] = []

    def units() -> Iterator[Batch[str]]:
        for number in range(20):
            taken.append(number)
            yield Batch(number, 0, ("a",))

    with Engine("local", 2).crew(do) as crew:
        news = crew.run(units())
        next(iter(news))
        assert len(taken) <= 3
        assert len(list(news)) == 19


def _orphan(crew_home: str) -> None:
    import multiprocessing

    with Engine("local", 1).crew(do, 60) as crew:
        for _ in crew.run([Batch(0, 0, ("a",))]):
            child = multiprocessing.active_children()[0].pid
            Path(crew_home, "child").write_text(str(child))
        list(crew.run([Batch(0, 0, ("hang",))]))


def test_a_worker_whose_parent_was_killed_ends_itself(tmp_path: Path) -> None:
    import multiprocessing

    parent = multiprocessing.get_context("spawn").Process(target=_orphan, args=(str(tmp_path),))
    parent.start()
    while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
        time.sleep(0.01)
    time.sleep(0.1)
    child = int((tmp_path / "child").read_text())
    os.kill(child, 0)
    parent.kill()
    parent.join()
    for _ in range(500):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    pytest.fail("the worker lives on")
