"""The door of the evaluation."""

from collections.abc import Iterator
from typing import Any, Final

import duckdb

from boumb_assets.contracts.registry import contract
from boumb_assets.evaluation.compare import table
from boumb_assets.evaluation.copies import find_copies
from boumb_assets.evaluation.items import draw, held_of
from boumb_assets.evaluation.report import render_report
from boumb_assets.evaluation.results import (
    card_results,
    evaluation_table,
    reading_aid,
    with_copies,
    write_artefact,
)
from boumb_assets.evaluation.writers import FINE_TUNED, ask_in_turn, steady_threads, writers_of
from boumb_assets.few_shot.library import library_of
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.quiet import quiet_libraries
from boumb_assets.rights.attribution import credits_of
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage

NANO: Final = "nano"
BATCH: Final = 4096

# What is read of loops and structures is what the rows were made of, so that it changes with training_data.
KEPT_BACK: Final = """
select row_id, split, contract, kind, loop_id, prompt from training_rows where split <> 'train' order by row_id
"""
DETAILS: Final = """
select rows.row_id, rows.contract, rows.prompt, rows.language, rows.kind, rows.role, rows.transposition,
       coalesce(loops.content, structures.content) as content, loops.bars, structures.request
from training_rows as rows
left join loops on loops.loop_id = rows.loop_id and loops.dataset = rows.dataset
left join structures on structures.structure_id = rows.loop_id and structures.dataset = rows.dataset
where list_contains($ids, rows.row_id)
order by list_position($ids, rows.row_id)
"""
LEARNED: Final = """
select loops.contract, loops.content from loops
where list_contains($contracts, loops.contract)
  and (loops.dataset, loops.loop_id) in (select (dataset, loop_id) from training_rows where split = 'train')
order by loops.dataset, loops.loop_id
"""
USED: Final = """
select ledger.* from rights_ledger as ledger
where (ledger.dataset, ledger.sha256) in (
  select (dataset, sha256) from training_rows where split = 'train' and list_contains($contracts, contract)
)
order by all
"""
COUNTS: Final = """
select split, count(*) from training_rows where list_contains($contracts, contract) group by split order by split
"""


def _make(build: Build) -> None:
    variant = build.settings.variant(build.key)
    partition = f"variant={build.key}"
    known = {"contracts": list(variant.contracts)}

    def progress(done: int, total: int, text: str = "") -> None:
        build.progress(done, total, f"evaluation: {text}")

    with connect(build.lake) as connection:
        split, ids = draw(_rows(connection, KEPT_BACK), variant.contracts)
        held = [entry for row in _rows(connection, DETAILS, {"ids": ids}) if (entry := held_of(row)) is not None]
        base = build.lake.artefact("base_model", partition)
        with quiet_libraries(), steady_threads(small=variant.base == NANO):
            adapter = build.lake.artefact("lora_adapter", partition)
            writers = writers_of(held, base, adapter, library_of(build.lake.home))
            answers = ask_in_turn(writers, [entry.item for entry in held], progress)
        learned = ((row["contract"], row["content"]) for row in _rows(connection, LEARNED, known))
        copies = find_copies(answers, learned)
        credits = credits_of(connection.sql(USED, params=known).to_arrow_table())
        counts = {str(name): int(count) for name, count in connection.execute(COUNTS, known).fetchall()}
    rows = with_copies(table(answers, copies.related), copies)
    facts = reading_aid(variant.base, variant.base == NANO, split, len(held), counts, rows, credits)
    losses = build.lake.read("lora_adapter", "losses", partition)["loss"].to_pylist()
    page = render_report(rows, answers, facts, {"adapter": losses}, f"boumb {build.key}")
    folder = build.commit.workspace() / "report"
    folder.mkdir()
    write_artefact(folder, card_results(rows, split), answers, page)
    build.commit.adopt(folder, "report")  # another name than the table's: views take all files of that
    build.commit.write("evaluation", evaluation_table(build.key, rows))
    build.facts.update({
        "split": split,
        "items": len(held),
        **{f"{row['provider']} valid {row['contract']}": row["valid"] for row in rows if row["provider"] == FINE_TUNED},
    })  # fmt: skip


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    for batch in connection.sql(query, params=values or {}).to_arrow_reader(BATCH):
        yield from batch.to_pylist()


def _contracts(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    variant = settings.variant(key)
    return {"base": variant.base, **{f"contract {name}": contract(name).fingerprint() for name in variant.contracts}}


EVALUATION: Final = Stage(
    name="evaluation",
    make=_make,
    description=(
        "The fine-tuned model, the base with and without examples, and the rules, asked for works that none learned "
        "from: validity, metrics of the music, copies of the training loops; one HTML report."
    ),
    group="models",
    dimension="variant",
    deps=("base_model", "lora_adapter", "training_data", "few_shot_library", "rights_ledger"),
    rooms=(
        "boumb_assets.evaluation",
        "boumb_assets.generation",
        "boumb_assets.composer",
        "boumb_assets.few_shot",
        "boumb_assets.prompts",
        "boumb_assets.contracts",
        "boumb_assets.render.loops",
        "boumb_assets.render.page",
        "boumb_assets.render.piano_roll",
        "boumb_assets.theory",
    ),
    packages=("torch", "transformers", "peft"),
    extra=_contracts,
    table="evaluation",
    kinds=frozenset({"pytorch", "html"}),
)
