"""The tracker against experts' annotations: evaluation only."""

import os
from pathlib import Path

import pytest

from benchmarks.beats import figures, performances, scored

SHARED = Path(__file__).parents[4] / "shared"
TRUTH = Path(os.environ.get("BOUMB_TEST_DATA", SHARED)) / "truth" / "asap"
REACHED = {"f1_tuned": 0.839, "f1_test": 0.625, "downbeat_f1_test": 0.452, "f1_best_third": 0.917}
MARGIN = 0.01


@pytest.mark.slow
@pytest.mark.skipif(not TRUTH.is_dir(), reason="BOUMB_TEST_DATA has no truth/asap")
def test_beats_are_heard_as_well_as_they_were() -> None:
    found = figures([scored(one) for one in performances(TRUTH)])
    assert found["pieces"] == 58
    for name, reached in REACHED.items():
        assert found[name] >= reached - MARGIN, name
    assert found["f1_file_grid"] < 0.3 < found["f1_test"]
