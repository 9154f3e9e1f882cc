"""How well the reader of requests reads, and whether it is as sure as it says.

    python benchmarks/reader.py [--quick] [--json]
    python benchmarks/reader.py --calibrate

The 300 hand-written requests of `boumb_assets_tests/prompts/requests.jsonl` were committed before the reader was
written; nothing is fitted to them, but the errors of its first run were looked at. `fields_right`: the share of the
fields that they state which are read right; `fields_invented`: fields read where nothing is said; both by field too,
beside `baseline_*`, a plain search for keywords that knows the same names. `calibration_error`: the expected
calibration error over the fields read, a bin a kind of evidence (Naeini et al. 2015). `milliseconds`: of one request,
median; `milliseconds_long`: of the slowest of some hostile texts of 10,000 characters.

``--calibrate`` makes the table of `boumb_assets/prompts/reading/certainty.py` from `development_requests.jsonl`: each
request as it is and three times worse written (a letter slip, another, and in lower case without signs or accents). Of
each kind of evidence the share of right readings, smoothed by Laplace's rule, and made monotonous in the order of the
kinds by pooling adjacent violators (Ayer et al. 1955).
"""

import argparse
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from boumb_assets.contracts.loop_request import MOODS, ROLES, STYLES
from boumb_assets.prompts.reader import read_request, read_request_with_confidence
from boumb_assets.prompts.reading.certainty import CERTAINTY, KINDS, Evidence
from boumb_assets.prompts.reading.folding import fold
from boumb_assets.theory.pitch import NOTE_NAMES
from boumb_assets.theory.scales import SCALES

HERE: Final = Path(__file__).parent.parent / "boumb_assets_tests" / "prompts"
FIELDS: Final = ("role", "style", "root", "scale", "bpm", "bars", "density", "mood")
HOSTILE: Final = (
    "a ", "gamme a de ", "en la ", "no drums ", "melodi tecno ", "basse en la mineur 120 bpm, ", "no, 120 jazz ",
    "bass deja ", "cent vingt ", "jazz instead ", "🎹é",
)  # fmt: skip
RUNS: Final = 5
Request = dict[str, Any]
Reading = dict[str, Any]


def requests(name: str) -> list[Request]:
    """The requests of a file, the root as a pitch class."""
    lines = (json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines())
    return [line | ({"root": NOTE_NAMES.index(line["root"])} if "root" in line else {}) for line in lines]


def keyword_baseline(text: str) -> Reading:
    """What a search for the names themselves finds: the first role, style, scale, mood, density and number."""
    plain = fold(text).plain
    names: dict[str, dict[str, str]] = {
        "role": {role: role for role in ROLES}
        | {"basse": "bass", "melodie": "lead", "melody": "lead", "accords": "keys", "chords": "keys", "piano": "keys",
           "nappe": "pad", "batterie": "drums", "beat": "drums"},
        "style": {style: style for style in STYLES} | {"lofi": "lo-fi", "funky": "funk", "jazzy": "jazz"},
        "scale": {scale.replace("_", " "): scale for scale in SCALES} | {"mineur": "minor", "majeur": "major"},
        "mood": {mood: mood for mood in MOODS} | {"sombre": "dark", "triste": "melancholic", "joyeux": "happy"},
        "density": {"sparse": "low", "busy": "high", "dense": "high", "medium": "medium"},
    }  # fmt: skip
    found: Reading = {}
    for field, words in names.items():
        match = re.search(rf"\b({'|'.join(words)})\b", plain)
        if match:
            found[field] = words[match[1]]
    if match := re.search(r"\b([4-9][0-9]|1[0-9]{2}|2[01][0-9]|220)\b", plain):
        found["bpm"] = int(match[1])
    if match := re.search(r"\b([24])[ -](?:bars?|mesures?)", plain):
        found["bars"] = int(match[1])
    if match := re.search(r"\b([A-G]#?)(?: (?:min|maj)|m\b)", text):
        found["root"] = NOTE_NAMES.index(match[1]) if match[1] in NOTE_NAMES else 0
    return found


def read(text: str) -> Reading:
    """What the reader finds."""
    return read_request_with_confidence(text).request.model_dump(include=set(FIELDS), exclude_none=True)


def score(lines: list[Request], reader: Callable[[str], Reading]) -> dict[str, Counter[str]]:
    """By field, how many are right, wrong, missed and invented."""
    scores: dict[str, Counter[str]] = {field: Counter() for field in FIELDS}
    for line in lines:
        found = reader(line["text"])
        for field in FIELDS:
            said, heard = line.get(field), found.get(field)
            if said is None:
                scores[field]["invented"] += heard is not None
            else:
                scores[field]["right" if heard == said else "missed" if heard is None else "wrong"] += 1
    return scores


def share_right(scores: dict[str, Counter[str]]) -> float:
    """Of the fields that are said."""
    right = sum(counts["right"] for counts in scores.values())
    return right / sum(counts[kind] for counts in scores.values() for kind in ("right", "wrong", "missed"))


def readings(lines: list[Request]) -> Iterator[tuple[Evidence, bool]]:
    """Each field that was read: by what, and whether it is right."""
    for line in lines:
        found = read_request_with_confidence(line["text"])
        for field, evidence in found.evidence.items():
            yield evidence, getattr(found.request, field) == line.get(field)


def calibration_error(lines: list[Request]) -> float:
    """The mean distance between how sure the reader is and how often it is right, over the kinds of evidence."""
    right, count = Counter[Evidence](), Counter[Evidence]()
    for evidence, is_right in readings(lines):
        right[evidence] += is_right
        count[evidence] += 1
    return sum(abs(right[kind] - count[kind] * CERTAINTY[kind]) for kind in count) / count.total()


def worse_written(line: Request, seed: int) -> Iterator[Request]:
    """The request as it is, and three times as somebody in a hurry would type it."""
    draw = Random(f"{seed}/{line['text']}")
    yield line
    for _ in range(2):
        yield line | {"text": _with_a_slip(line["text"], draw)}
    folded = fold(line["text"]).plain
    yield line | {"text": " ".join(re.sub(r"[^\w#%/:'@.-]|[.:-](?= |$)", " ", folded).split())}


def _with_a_slip(text: str, draw: Random) -> str:
    """One letter of a word of five or more left out, doubled, changed, or swapped with the next."""
    words = list(re.finditer(r"[^\W\d_]{5,}", text))
    if not words:
        return text
    word = draw.choice(words)
    place = draw.randrange(word.start() + 1, word.end() - 1)
    before, letter, after = text[:place], text[place], text[place + 1 :]
    slip = draw.randrange(4)
    if slip == 3:
        return before + after[:1] + letter + after[1:]
    return before + ("", letter * 2, draw.choice("aeiourstln"))[slip] + after


def calibrated(lines: list[Request]) -> dict[Evidence, tuple[float, int, int]]:
    """By kind of evidence: the certainty, and of how many readings how many were right."""
    right, count = Counter[Evidence](), Counter[Evidence]()
    for line in lines:
        for evidence, is_right in readings(list(worse_written(line, 0))):
            right[evidence] += is_right
            count[evidence] += 1
    blocks: list[tuple[float, float, list[Evidence]]] = []  # right, counted, kinds; both smoothed
    for kind in KINDS:
        blocks.append((right[kind] + 1, count[kind] + 2, [kind]))
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] < blocks[-1][0] * blocks[-2][1]:
            hits, total, kinds = blocks.pop()
            blocks[-1] = (blocks[-1][0] + hits, blocks[-1][1] + total, blocks[-1][2] + kinds)
    return {kind: (round(hits / total, 3), right[kind], count[kind]) for hits, total, kinds in blocks for kind in kinds}


def milliseconds(texts: list[str]) -> list[float]:
    """Of each text, the best of some runs."""
    best = []
    for text in texts:
        times = []
        for _ in range(RUNS):
            start = time.perf_counter()
            read_request_with_confidence(text)
            times.append(1000 * (time.perf_counter() - start))
        best.append(min(times))
    return best


def measure(quick: bool) -> dict[str, Any]:
    """All figures."""
    lines = requests("requests.jsonl")
    scores, plain = score(lines, read), score(lines, keyword_baseline)
    texts = [line["text"] for line in lines]
    figures: dict[str, Any] = {
        "requests": len(lines),
        "fields_right": share_right(scores),
        "fields_invented": sum(counts["invented"] for counts in scores.values()),
        "baseline_right": share_right(plain),
        "baseline_invented": sum(counts["invented"] for counts in plain.values()),
        "calibration_error": calibration_error(lines),
        "languages_right": sum(read_request(line["text"]).language == line["language"] for line in lines) / len(lines),
        "milliseconds": statistics.median(milliseconds(texts[:: 10 if quick else 1])),
        "milliseconds_long": max(milliseconds([(unit * 10_000)[:10_000] for unit in HOSTILE])),
    }
    for field in FIELDS:
        figures[f"{field}_right"] = share_right({field: scores[field]})
        figures[f"{field}_baseline"] = share_right({field: plain[field]})
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="time a tenth of the requests")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--calibrate", action="store_true", help="print the table of certainties instead")
    options = parser.parse_args()
    if options.calibrate:
        for kind, (certainty, right, count) in calibrated(requests("development_requests.jsonl")).items():
            print(f'    "{kind}": {certainty},  # {right} of {count}')
        return
    figures = measure(options.quick)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:30}{value:>12,}")


if __name__ == "__main__":
    main()
