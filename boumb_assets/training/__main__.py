"""`python -m boumb_assets.training --data DIR --base X --out DIR`: the trainer alone, without dagster."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from boumb_assets.training.config import TRANSPOSE, TrainConfig
from boumb_assets.training.nano import NANO_STEPS, NanoSettings
from boumb_assets.training.progress import TrainingError
from boumb_assets.training.run import train


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the trainer; 0 when it ended well, 2 with one line on stderr when what it was given does not do."""
    options = _parser().parse_args(arguments)
    try:
        config = TrainConfig(
            base=options.base,
            data=options.data,
            out=options.out,
            steps=options.steps,
            learning_rate=options.learning_rate,
            rank=options.rank,
            batch_size=options.batch_size,
            seed=options.seed,
            max_tokens=options.max_tokens,
            transpose=options.transpose,
        )
        nano = NanoSettings(steps=options.base_steps, seed=options.seed, max_tokens=options.max_tokens)
        done = train(config, tuple(options.contracts.split(",")), nano, options.merge, _Line())
    except (TrainingError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    report = done.report
    if options.json:
        print(json.dumps({**report.content(), "adapter": str(done.adapter), "model": str(done.model or "")}))
    else:
        print(f"{done.adapter}: {report.rows} rows, loss {report.first_loss} -> {report.last_loss}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m boumb_assets.training", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, required=True, help="a folder of *.jsonl or *.jsonl.zst, a row a line: messages")
    add("--base", required=True, help="nano, a hub id, or a path")
    add("--out", type=Path, required=True, help="the folder that gets adapter/, and base/ where it has to be made")
    add("--steps", type=int, default=TrainConfig.steps, help="steps of the adapter (default %(default)s)")
    add("--base-steps", type=int, default=NANO_STEPS, help="steps of the nano base (default %(default)s)")
    add("--contracts", default="boumb-sequence,drum-pattern", help="whose JSON becomes tokens (default %(default)s)")
    add("--learning-rate", type=float, default=None, help="default: 4e-3 for nano, 2e-4 for a larger base")
    add("--rank", type=int, default=TrainConfig.rank)
    add("--batch-size", type=int, default=TrainConfig.batch_size)
    add("--seed", type=int, default=0)
    add("--max-tokens", type=int, default=TrainConfig.max_tokens, help="tokens of an answer (default %(default)s)")
    add(
        "--transpose",
        choices=TRANSPOSE,
        default=TrainConfig.transpose,
        help="load: rows that say how are read in another key each time (default %(default)s)",
    )
    add("--merge", action="store_true", help="also write model/: base and adapter as one plain model")
    add("--json", action="store_true", help="print the report as one JSON object")
    return parser


class _Line:
    """Tells progress on one line of stderr, where stderr is a terminal."""

    def __call__(self, done: int, total: int, text: str) -> None:
        if sys.stderr.isatty():
            print(f"\r{done}/{total} {text}\x1b[K", end="\n" if done == total else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
