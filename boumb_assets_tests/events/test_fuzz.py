import os
import time
from collections import Counter
from pathlib import Path

import pytest

from boumb_assets.lake.rejection import Reason
from boumb_assets_tests.conftest import REPOSITORY
from boumb_assets_tests.events.mutations import Seed, mutated, seeds_in
from boumb_assets_tests.events.outcomes import compile_all, outcome

INPUTS = 3000


@pytest.fixture(scope="module")
def seeds() -> list[Seed]:
    return seeds_in(Path(os.environ.get("BOUMB_TEST_DATA", REPOSITORY.parent / "shared")) / "corpus", 60)


def test_broken_files_are_read_in_range_or_refused_with_a_reason(seeds: list[Seed]) -> None:
    compile_all(seeds)
    outcomes: Counter[str] = Counter()
    for number in range(INPUTS):
        data = mutated(seeds, number)
        start = time.thread_time()
        try:
            outcomes[outcome(data)] += 1
        except Exception as error:
            raise AssertionError(f"input {number}, {len(data)} bytes") from error
        assert time.thread_time() - start < 1, f"input {number} took over a second"
    assert outcomes.keys() <= {"parsed", "repaired", *Reason}
    assert min(outcomes["parsed"], outcomes["repaired"], outcomes["malformed"], outcomes["truncated"]) > INPUTS / 50


def test_a_broken_file_is_the_same_each_time(seeds: list[Seed]) -> None:
    assert mutated(seeds, 7) == mutated(seeds, 7) != mutated(seeds, 8)


def test_real_files_serve_where_there_are_any_and_composed_ones_elsewhere(tmp_path: Path) -> None:
    composed = seeds_in(tmp_path / "nothing", 5)
    assert len(composed) == 5 and all(outcome(mutated(composed, number)) for number in range(50))
