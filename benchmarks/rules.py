"""Whether the rule-based composer has an answer to everything: random requests for pieces, random prompts for loops.

    python benchmarks/rules.py [--quick] [--json]

Requests are drawn wildly (extremes, nonsense texts, contradictions, section plans of every kind), prompts in both
languages, as nonsense, emoji, nothing or 10 kB. Each answer is checked by its contract, a piece also for the measures
of its duration; its MIDI file is read back by two libraries and its bars are counted. Prints a table, or one object
with `valid_requests`, `valid_prompts` and `bars_right` (shares of 1), `structure_ms_p50`, `structure_ms_p99`,
`loop_ms_p50` and `loop_ms_p99` (processor time of one composition), `reading_ms_p99` (of one prompt),
`distinct_structures` and `distinct_loops` (shares of 1), and of the seeds of one request `structures_of_seeds` and
`progressions_of_seeds`.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from boumb_assets.composer.loop import compose_loop
from boumb_assets.composer.structure import compose_structure
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.validation import validate
from boumb_assets.prompts.reader import read_request
from boumb_assets.render.midi import to_midi_bytes
from boumb_assets_tests.composer.wild import any_prompt, any_request, bars_of

REQUESTS, PROMPTS, SEEDS = 10_000, 5_000, 1_000
QUICK = 20  # times fewer


@dataclass
class Answers:
    """What came of the questions of one kind."""

    texts: list[str] = field(default_factory=list)
    valid: int = 0
    bars_right: int = 0
    milliseconds: list[float] = field(default_factory=list)
    reading_ms: list[float] = field(default_factory=list)

    def figures(self, name: str) -> dict[str, float]:
        """Times and variety."""
        ordered = sorted(self.milliseconds)
        return {
            f"{name}_ms_p50": ordered[len(ordered) // 2],
            f"{name}_ms_p99": ordered[int(len(ordered) * 0.99)],
            f"distinct_{name}s": len(set(self.texts)) / len(self.texts),
        }


def answer_requests(count: int) -> Answers:
    """The pieces for ``count`` requests."""
    answers = Answers()
    for number in range(count):
        request = any_request(number)
        start = time.process_time()
        piece = compose_structure(request, number)
        answers.milliseconds.append(1_000 * (time.process_time() - start))
        text = piece.to_json()
        answers.texts.append(text)
        answers.valid += not validate(text, "music-structure") and piece.fits(request.duration)
        answers.bars_right += bars_of(to_midi_bytes(piece)) == {piece.measures}
    return answers


def answer_prompts(count: int) -> Answers:
    """The loops for ``count`` prompts."""
    answers = Answers()
    for number in range(count):
        prompt = any_prompt(number)
        start = time.process_time()
        request = read_request(prompt)
        read = time.process_time()
        loop = compose_loop(request, number)
        answers.reading_ms.append(1_000 * (read - start))
        answers.milliseconds.append(1_000 * (time.process_time() - read))
        text = loop.to_json()
        answers.texts.append(text)
        drums = isinstance(loop, DrumPattern)
        answers.valid += not validate(text, "drum-pattern" if drums else "boumb-sequence", request)
        answers.bars_right += bars_of(to_midi_bytes(loop, 120)) == {2 if drums else request.bars or 2}
    return answers


def measure(quick: bool) -> dict[str, float]:
    """The figures."""
    by = QUICK if quick else 1
    requests, prompts = REQUESTS // by, PROMPTS // by
    pieces, loops = answer_requests(requests), answer_prompts(prompts)
    seeds = [compose_structure(MusicRequest(), seed) for seed in range(SEEDS // by)]
    return {
        "requests": requests,
        "prompts": prompts,
        "valid_requests": pieces.valid / requests,
        "valid_prompts": loops.valid / prompts,
        "bars_right": (pieces.bars_right + loops.bars_right) / (requests + prompts),
        **pieces.figures("structure"),
        **loops.figures("loop"),
        "reading_ms_p99": sorted(loops.reading_ms)[int(prompts * 0.99)],
        "structures_of_seeds": len({piece.to_json() for piece in seeds}),
        "progressions_of_seeds": len(
            {tuple(section.chordProgression) for piece in seeds for section in piece.sections}
        ),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} times fewer questions")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    figures = measure(options.quick)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:24}{value:>12,.3f}" if isinstance(value, float) else f"{name:24}{value:>12,}")


if __name__ == "__main__":
    main()
