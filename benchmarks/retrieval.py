"""How near to what is asked for the examples of the few-shot library are.

    python benchmarks/retrieval.py [--quick] [--home DIR] [--json]

`real_...`: the structures of real music in the lake of ``--home`` are asked for by their own requests; they were never
looked at when the weights were chosen. `library_...`: each structure of the library in turn is held out and asked for.
The measure is the Jensen-Shannon divergence between the bigrams of Roman numerals, and the gain the share of the way
from random examples to the best three of all, which only who knows the answer can choose. Compared in the same run:
retrieval as it is; the plain nearest neighbour, without a thought for how usual a harmony is; form alone; mode alone.
`library_gain_within_its_form`: random and best three of the form that is asked for, which retrieval has to keep to.
`library_gain_cross_tuned`: the weight of unusual harmony chosen on one half of the library's structures and measured on
the other, both ways. `milliseconds`: of one retrieval, median.
"""

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.few_shot.gain import HeldOut, Retrieve, of_library, of_real_music, retrieval_gain
from boumb_assets.few_shot.library import Library, LibraryStructure, load_library
from boumb_assets.few_shot.retrieval import WEIGHTS, Weights, nearest_structures

UNUSUAL: Final = (0.0, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0)


def by(weights: Weights) -> Retrieve:
    """Retrieval with these weights."""
    return lambda request, library: nearest_structures(request, library=library, weights=weights)


def _form_alone(request: MusicRequest, library: Library) -> list[LibraryStructure]:
    same = [item for item in library.structures if item.structure.form == request.form]
    return same or list(library.structures)


def _mode_alone(request: MusicRequest, library: Library) -> list[LibraryStructure]:
    minor = request.key.endswith("minor") if request.key else request.valence < 0
    return [item for item in library.structures if item.structure.key.endswith("minor") == minor]


def cross_tuned(library: Library) -> float:
    """The gain where each half of the targets has the weight that suits the other half best."""
    halves = [of_library(library)[::2], of_library(library)[1::2]]
    gains = []
    for own, other in (halves, halves[::-1]):
        tried = {weight: by(replace(WEIGHTS, unusual=weight)) for weight in UNUSUAL}
        best = max(UNUSUAL, key=lambda weight: retrieval_gain(other, library, tried[weight]).share)
        gains.append(retrieval_gain(own, library, tried[best]))
    way = sum(gain.random - gain.oracle for gain in gains)
    return sum(gain.random - gain.retrieved for gain in gains) / way


def compared(targets: Sequence[HeldOut], library: Library, name: str) -> dict[str, Any]:
    """The gain over ``targets``, and that of simpler ways."""
    gain = retrieval_gain(targets, library)
    ways = {
        "plain_nearest": by(replace(WEIGHTS, unusual=0.0)),
        "form_alone": _form_alone,
        "mode_alone": _mode_alone,
    }
    return {
        f"{name}_structures": gain.targets,
        f"{name}_divergence_random": gain.random,
        f"{name}_divergence_retrieved": gain.retrieved,
        f"{name}_divergence_best_three": gain.oracle,
        f"{name}_gain": gain.share,
        **{f"{name}_gain_{way}": retrieval_gain(targets, library, one).share for way, one in ways.items()},
    }


def within_its_form(library: Library) -> float:
    """The gain over the library's own structures where random examples and the best three have the form, too."""
    gains = []
    for target in of_library(library):
        same = tuple(item for item in library.structures if item.structure.form == target.structure.form)
        gains.append(retrieval_gain([target], Library(loops=(), structures=same)))
    way = sum(gain.random - gain.oracle for gain in gains)
    return sum(gain.random - gain.retrieved for gain in gains) / way


def measure(home: Path | None, quick: bool) -> dict[str, Any]:
    """All figures."""
    library = load_library()
    figures = compared(of_library(library), library, "library")
    figures["library_gain_within_its_form"] = within_its_form(library)
    if not quick:
        figures["library_gain_cross_tuned"] = cross_tuned(library)
    if home is not None:
        from boumb_assets.lake.store import Lake

        rows = Lake(home).read("structures", "structures", columns=["structure_id", "request", "content"])
        figures |= compared(of_real_music(rows.to_pylist()), library, "real")
    figures["milliseconds"] = statistics.median(_milliseconds(item.request) for item in library.structures)
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in figures.items()}


def _milliseconds(request: MusicRequest) -> float:
    start = time.perf_counter()
    nearest_structures(request)
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="a lake with structures of real music")
    parser.add_argument("--quick", action="store_true", help="without the cross-tuned gain")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.home, options.quick)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:32}{value:>12,}")


if __name__ == "__main__":
    main()
