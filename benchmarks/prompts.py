"""How many ways the prompts have to say what loops are, and how fast they say it.

    python benchmarks/prompts.py [--home .boumb] [--quick] [--json]

Words prompts for the loops of a home, with their files' facts. Prints a table, or one object with `templates_fr`,
`templates_en`, `distinct_prompts` (the share of different texts among one prompt each of `loops` loops),
`true_rows` (the share of those whose every claim the second reading confirms), `prompts_per_second` of one core, best
of seven, and `mb_per_second`.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from boumb_assets.corpus.loop_facts import fact_columns
from boumb_assets.corpus.second_reading import read_again
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.prompts.columns import FactColumns
from boumb_assets.prompts.phrase_book import templates
from boumb_assets.prompts.rendering import PromptBatch, render_prompts

LOOPS = 20_000  # of which one prompt each is compared
READ_AGAIN = 4_000
BATCH = 100_000  # prompts of a timed run
RUNS = 7


def loops_of(home: Path) -> pa.Table:
    """The loops of a home, with what their files say."""
    with connect(Lake(home)) as connection:
        return connection.sql(
            "select loops.*, files.composer_died, files.style as genre from loops "
            "left join file_facts as files using (dataset, sha256, path) order by loop_id"
        ).to_arrow_table()


def measure(loops: pa.Table, quick: bool) -> dict[str, float]:
    """The figures."""
    facts, rng = fact_columns(loops), np.random.default_rng(0)
    row = rng.permutation(len(facts))[: LOOPS // (10 if quick else 1)]
    batch = render_prompts(facts, row, np.zeros(len(row)), _seeds(rng, len(row)))
    said = loops.take(row[:READ_AGAIN]).to_pylist()
    reading = read_again(record | {"prompt": batch.prompt(place)} for place, record in enumerate(said))
    many, seeds = rng.integers(0, len(facts), BATCH), _seeds(rng, BATCH)
    timed, seconds = _best(facts, many, seeds)
    return {
        "templates_fr": sum(template.language == "fr" for template in templates()),
        "templates_en": sum(template.language == "en" for template in templates()),
        "loops": len(row),
        "distinct_prompts": len({batch.prompt(place) for place in range(len(row))}) / len(row),
        "true_rows": reading.share,
        "prompts_per_second": len(timed) / seconds,
        "mb_per_second": len(timed.text) / seconds / 1e6,
    }


def _seeds(rng: np.random.Generator, count: int) -> npt.NDArray[np.uint64]:
    return rng.integers(0, 2**64, count, dtype=np.uint64)


def _best(facts: FactColumns, row: npt.NDArray[np.int64], seeds: npt.NDArray[np.uint64]) -> tuple[PromptBatch, float]:
    """A batch and the seconds that its quickest run kept a core busy."""
    best = float("inf")
    for _ in range(RUNS):
        start = time.process_time()
        batch = render_prompts(facts, row, np.zeros(len(row)), seeds)
        best = min(best, time.process_time() - start)
    return batch, best


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Path(".boumb"))
    parser.add_argument("--quick", action="store_true", help="a tenth of the loops")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(loops_of(options.home), options.quick)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:24}{value:>14,.3f}" if value < 1 else f"{name:24}{value:>14,.0f}")


if __name__ == "__main__":
    main()
