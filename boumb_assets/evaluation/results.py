"""The comparison as a table, as the figures of a model card, as lines of answers, and in words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from boumb_assets.evaluation.compare import Answer, Row
from boumb_assets.evaluation.copies import Copies
from boumb_assets.evaluation.writers import FILES, FINE_TUNED, FREE, MAX_TOKENS
from boumb_assets.rights.attribution import Credit

WHOLE: Final = "copied_whole"
SMOKE: Final = (
    "A smoke model, made from scratch within minutes to show that the line works from end to end. These figures say "
    "nothing about how good music of this kind can be."
)
EVALUATION: Final = pa.schema(
    [
        pa.field("variant", pa.string(), nullable=False),
        pa.field("provider", pa.string(), nullable=False),
        pa.field("contract", pa.string(), nullable=False),
        pa.field("metric", pa.string(), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
        pa.field("items", pa.int32(), nullable=False),
    ]
)
"""One row a figure, sorted; a metric that could not be measured has no row.

metric: ``valid`` and the others of `evaluation.compare.table`, ``copied_whole``, and ``problem: X`` for how many
        answers had problem X
items:  how many the provider was asked
"""


def with_copies(rows: Sequence[Row], copies: Copies) -> list[Row]:
    """The rows with ``copied_whole``, the share of valid answers that are a training loop from end to end."""
    return [row | {WHOLE: copies.whole.get((row["provider"], row["contract"]))} for row in rows]


def evaluation_table(variant: str, rows: Sequence[Row]) -> pa.Table:
    """The figures of ``rows``, schema EVALUATION."""
    found = []
    for row in rows:
        figures = _figures(row) | {f"problem: {name}": count for name, count in row["problems"].items()}
        head = {"variant": variant, "provider": row["provider"], "contract": row["contract"], "items": row["asked"]}
        found += [{**head, "metric": name, "value": float(value)} for name, value in figures.items()]
    found.sort(key=lambda entry: (entry["provider"], entry["contract"], entry["metric"]))
    return pa.Table.from_pylist(found, EVALUATION)


def _figures(row: Row) -> dict[str, float]:
    return {name: value for name, value in row.items() if name != "asked" and isinstance(value, int | float)}


def card_results(rows: Sequence[Row], split: str) -> dict[str, Any]:
    """What a model card tells: the figures of the fine-tuned model by contract, and how often it is valid when it
    writes freely; beside them, as a list, the rows of everybody."""
    own: dict[str, Any] = {"split": split, "everybody": list(rows)}
    for row in rows:
        if row["provider"] == FINE_TUNED:
            own.setdefault(FINE_TUNED, {})[row["contract"]] = {"items": row["asked"], **_figures(row)}
        if row["provider"] == FREE:
            own.setdefault(FREE, {})[row["contract"]] = {"valid": row["valid"]}
    return own


def answer_lines(answers: Iterable[Answer]) -> str:
    """The raw answers, one JSON object a line."""
    lines = [
        {
            "provider": answer.provider,
            "contract": answer.item.contract,
            "prompt": answer.item.prompt,
            "seed": answer.seed,
            "problem": answer.problem,
            "text": answer.text,
        }
        for answer in answers
    ]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def reading_aid(
    base: str,
    smoke: bool,
    split: str,
    items: int,
    counts: Mapping[str, int],
    rows: Sequence[Row],
    credits: Sequence[Credit],
) -> dict[str, str]:
    """What stands above the figures: how much they are worth, what was asked, and what was learned from, under which
    terms. ``counts``: rows by split."""
    facts = {"caution": SMOKE} if smoke else {}
    facts["base model"] = base
    facts["asked"] = (
        f"{items} prompts of the split {split}, one a loop; no model learned from these works. So few show what fails, "
        "not small differences."
        if items
        else "nothing: no work was kept back from training. More files, of other works, would give some."
    )
    facts["held to the contract"] = (
        f"{FINE_TUNED}, base and few-shot: they cannot write what it refuses, but are free in key and register. {FREE} "
        f"writes what it likes. All have {MAX_TOKENS} tokens. {FILES} is what the files themselves hold: a yardstick."
    )
    facts["rows"] = ", ".join(f"{split} {count:,}" for split, count in counts.items()) or "none"
    facts["whole copies"] = _copied(rows)
    terms: dict[str, list[str]] = {}
    for credit in credits:
        terms.setdefault(f"learned from {credit.dataset}", []).append(_terms(credit))
    return facts | {name: "; ".join(texts) for name, texts in terms.items()}


def _copied(rows: Sequence[Row]) -> str:
    found = [f"{row['provider']} {100 * row[WHOLE]:.0f} % of {row['contract']}" for row in rows if row[WHOLE]]
    return f"answers that are a training loop from end to end: {', '.join(found) or 'none'}"


def _terms(credit: Credit) -> str:
    asks = credit.obligations.replace("_", "-").replace(",", ", ") or "nothing"
    layers = ", ".join(f"{name} {text}" for name, text in credit.terms.items())
    thanks = f"; {credit.attribution}" if credit.attribution else ""
    return f"{credit.files:,} files ({layers}), which ask for {asks}{thanks}"


def write_artefact(folder: Path, results: Mapping[str, Any], answers: Iterable[Answer], page: str) -> None:
    """results.json, answers.jsonl and report.html."""
    results_text = json.dumps(results, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    for name, text in (("results.json", results_text), ("answers.jsonl", answer_lines(answers)), ("report.html", page)):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
