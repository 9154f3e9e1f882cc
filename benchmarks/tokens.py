"""Tokens a note of the `nano` tokenizer on the loops of a home, with and without the JSON-native vocabulary.

    python benchmarks/tokens.py [--home .boumb] [--quick] [--json]

"Without" is a byte-level BPE of the same size, trained on the same texts, that knows no fragment. Prints a table, or
one object with `tokens_a_note`, `tokens_a_note_without`, `round_trip` (the share of texts that come back unchanged) and
`longest_answer`.
"""

import argparse
import json
from pathlib import Path

from boumb_assets.lake.store import Lake
from boumb_assets.training.tokenizer import nano_tokenizer


def measure(home: Path, limit: int | None) -> dict[str, float]:
    """The figures over at most ``limit`` melodic loops."""
    from transformers import AutoTokenizer

    lake = Lake(home)
    native = AutoTokenizer.from_pretrained(lake.artefact("base_model", "variant=nano"))
    loops = lake.read("loops", "loops").to_pylist()
    texts = [loop["content"] for loop in loops if loop["contract"] == "boumb-sequence"][:limit]
    plain = nano_tokenizer(texts, [], vocab_size=len(native))
    notes = sum(text.count('"note"') for text in texts)
    lengths = [len(native(text, add_special_tokens=False)["input_ids"]) for text in texts]
    back = [native.decode(native(text, add_special_tokens=False)["input_ids"]) == text for text in texts]
    without = sum(len(plain(text, add_special_tokens=False)["input_ids"]) for text in texts)
    return {
        "loops": len(texts),
        "notes": notes,
        "tokens_a_note": round(sum(lengths) / notes, 2),
        "tokens_a_note_without": round(without / notes, 2),
        "round_trip": sum(back) / len(back),
        "longest_answer": max(lengths),
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Path(".boumb"))
    parser.add_argument("--quick", action="store_true", help="200 loops")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.home, 200 if options.quick else None)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:24}{value:>10}")


if __name__ == "__main__":
    main()
