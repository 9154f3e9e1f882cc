import os
import time
from collections.abc import Callable, Sequence

import pytest

from boumb_assets.events.isolation import run_isolated

spoilt = False


def work(tasks: Sequence[str], begins: Callable[[int], None]) -> list[str]:
    """Does what each task is called."""
    global spoilt
    done = []
    for index, task in enumerate(tasks):
        begins(index)
        name = task.split()[0]
        if name == "crash" or (name == "victim" and spoilt):
            os.abort()
        if name == "hang":
            time.sleep(60)
        if name == "raise":
            raise LookupError("a fault of the work itself")
        spoilt = spoilt or name == "spoil"
        done.append(task)
    return done


def test_the_culprits_are_named_and_everything_else_is_done() -> None:
    batches = [["a", "crash 1", "b", "crash 2", "c"], ["d", "hang", "e"], [], ["crash 3"], ["f"]]
    results, failures = run_isolated(batches, work, workers=2, timeout_s=0.7)
    assert sorted(task for result in results for task in result) == ["a", "b", "c", "d", "e", "f"]
    assert sorted((failure.task, failure.kind) for failure in failures) == [
        ("crash 1", "crash"), ("crash 2", "crash"), ("crash 3", "crash"), ("hang", "timeout"),
    ]  # fmt: skip
    assert all("signal 6" in failure.detail for failure in failures if failure.kind == "crash")


def test_who_only_stood_next_to_the_culprit_is_acquitted() -> None:
    results, failures = run_isolated([["a", "spoil", "b", "victim", "c"]], work, workers=1, timeout_s=10)
    assert sorted(task for result in results for task in result) == ["a", "b", "c", "spoil", "victim"]
    assert failures == []


def test_a_fault_of_the_work_itself_is_not_hidden() -> None:
    with pytest.raises(RuntimeError, match="a fault of the work itself"):
        run_isolated([["a", "raise"]], work, workers=1, timeout_s=10)


def test_nothing_to_do_starts_nothing() -> None:
    assert run_isolated([], work, workers=2, timeout_s=1) == ([], [])
