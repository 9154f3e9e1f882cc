"""Checks of loops, structures and training data."""

from typing import Final

import dagster as dg

from boumb_assets.checking import partition_manifest
from boumb_assets.corpus.jsonl import rows_at
from boumb_assets.corpus.row_settings import USER
from boumb_assets.lake.views import connect, literal
from boumb_assets.resources import Platform

TRUE_ROWS: Final = 0.98
READ_AGAIN: Final = 1000  # rows
# What a user said is not claimed by us, and says more than notes can show.
DRAWN_ROWS: Final = f"""
select * from (
  select rows.shard, rows.line, rows.contract, loops.style, loops.composer, loops.swing, loops.bpm, loops.program,
         catalogue.style as genre, catalogue.composer_died
  from training_rows as rows
  join loops on loops.dataset = rows.dataset and loops.loop_id = rows.loop_id
  left join catalogue
    on catalogue.dataset = loops.dataset and catalogue.sha256 = loops.sha256 and catalogue.path = loops.path
  where rows.kind <> '{USER}'
  order by md5('again:' || rows.row_id)
  limit ?
) order by shard, line
"""


@dg.asset_check(
    asset="loops", description="What each filter removed; fails where files were read on a grid and none gave a loop."
)
def filters(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Counts what the filters removed. A data set without metred 4/4 files has no loops by nature."""
    lake = platform.lake()
    empty, counted = [], {}
    for manifest in partition_manifest(context, lake, "loops", "dataset"):
        name = literal(manifest.partition.removeprefix("dataset="))
        with connect(lake) as connection:
            metred = connection.execute(
                f"select count(*) from file_facts where dataset = {name} and grid = 'score' and metre = '4/4'"
            ).fetchone()
            removed = connection.execute(
                "select filter, sum(count)::bigint as removed from loops_dropped "
                f"where dataset = {name} group by filter order by removed desc"
            ).fetchall()
        counted.update({f"{manifest.partition}: {reason}": int(count) for reason, count in removed})
        if manifest.rows("loops") == 0 and metred and metred[0]:
            empty.append(f"{manifest.partition}: {metred[0]} files in 4/4 gave no loop")
    return dg.AssetCheckResult(
        passed=not empty, description="; ".join(empty) or "loops were cut", metadata={"removed by filter": counted}
    )


@dg.asset_check(
    asset="structures",
    description="Every structure is as its contract asks, in its request's length; why the other files give none.",
)
def structures_are_valid(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Reads the table's texts, not the models that they were written from. A data set of loops has no structures by
    nature."""
    from boumb_assets.corpus.structures.checking import read_structures

    lake = platform.lake()
    problems, counted, rows = [], {}, 0
    for manifest in partition_manifest(context, lake, "structures", "dataset"):
        with connect(lake) as connection:
            found = read_structures(connection, manifest.partition.removeprefix("dataset="))
        rows += found.rows
        problems += found.problems
        counted.update({f"{manifest.partition}: {reason}": told for reason, told in found.reasons.items()})
    return dg.AssetCheckResult(
        passed=not problems,
        description=f"{len(problems)} structures are invalid: {'; '.join(problems[:5])}"
        if problems
        else f"{rows:,} structures, each as its contract asks",
        metadata={"structures": rows, "files without one, by reason": counted},
    )


@dg.asset_check(
    asset="training_data",
    blocking=True,
    description=(
        "Every row is read back from the files, and its answer is what its contract would write. Blocks what learns."
    ),
)
def every_row_is_valid(platform: Platform) -> dg.AssetCheckResult:
    """Reads the shards, not the tables they were written from."""
    from boumb_assets.corpus.row_check import check_index, check_rows

    lake = platform.lake()
    folder = lake.artefact("training_data")
    told = lake.read("training_data", "training_rows", columns=["shard", "line", "contract"])
    checked = check_rows(folder, told)
    problems = [f"{row.shard}:{row.line}: {row.problem}" for row in checked.invalid] + check_index(folder)
    return dg.AssetCheckResult(
        passed=not problems,
        description=f"{len(problems)} rows or files are invalid: {'; '.join(problems[:5])}"
        if problems
        else "every row is valid, and the index tells of these files",
        metadata={"rows": checked.rows, "read by the contract's model too": checked.by_model, "invalid": len(problems)},
    )


@dg.asset_check(
    asset="training_data",
    description=f"At least {TRUE_ROWS:.0%} of drawn rows claim nothing that a second reader finds wrong in the notes.",
)
def claims_are_true(platform: Platform) -> dg.AssetCheckResult:
    """Reads prompts and answers out of the files, by other code than worded or measured them."""
    from boumb_assets.corpus.second_reading import read_again

    lake = platform.lake()
    with connect(lake) as connection:
        rows = connection.sql(DRAWN_ROWS, params=[READ_AGAIN]).to_arrow_table().to_pylist()
    said = rows_at(lake.artefact("training_data"), [(row["shard"], row["line"]) for row in rows])
    texts = ([message["content"] for message in row["messages"][-2:]] for row in said)
    reading = read_again(
        {**row, "prompt": prompt, "content": answer} for row, (prompt, answer) in zip(rows, texts, strict=True)
    )
    wrong = ", ".join(f"{kind} {count}" for kind, count in reading.wrong.items())
    return dg.AssetCheckResult(
        passed=reading.share >= TRUE_ROWS,
        description=f"{reading.share:.2%} of {reading.rows:,} rows are true in all that they claim"
        + (f"; wrong: {wrong}" if wrong else ""),
        metadata={
            "claims": dict(reading.checked),
            "wrong": dict(reading.wrong),
            "examples": list(reading.examples[:5]),
        },
    )


@dg.asset_check(asset="training_data", blocking=True, description="A row's id names one row. Blocks what learns.")
def row_ids_are_unique(platform: Platform) -> dg.AssetCheckResult:
    """Counts the rows that share their id with another: something was multiplied on its way here."""
    with connect(platform.lake()) as connection:
        found = connection.execute(
            "select sum(times)::bigint, min(row_id) from "
            "(select row_id, count(*) as times from training_rows group by row_id having times > 1)"
        ).fetchone()
    shared, first = found if found and found[0] else (0, None)
    return dg.AssetCheckResult(
        passed=not shared,
        description=f"{shared:,} rows have the id of another, as {first}" if shared else "every row has its own id",
        metadata={"rows with the id of another": shared},
    )


@dg.asset_check(asset="training_data", description="There are rows to learn from, and an empty result says why.")
def has_rows(platform: Platform) -> dg.AssetCheckResult:
    """Fails on an empty training set, with what the gate, the models and the rows' own rules kept out."""
    lake = platform.lake()
    manifest = lake.manifest("training_data")
    rows = manifest.rows("training_rows") if manifest is not None else 0
    with connect(lake) as connection:
        denied = connection.execute(
            "select dataset || ': ' || sum(files)::bigint || ' files, ' || any_value(reason) from rights_gate "
            "where not cleared group by dataset order by dataset"
        ).fetchall()
        unused = connection.execute(
            "select count(*) || ' loops: ' || left_out from duplicates where left_out <> 'not cleared' "
            "group by left_out order by left_out"
        ).fetchall()
    refused = manifest.facts.get("left_out", {}) if manifest is not None else {}
    gate = "; ".join(str(row[0]) for row in denied)
    reasons = [gate] if gate else []
    reasons += [str(row[0]) for row in unused]
    reasons += [f"{count} loops or structures: {reason.replace('_', ' ')}" for reason, count in refused.items()]
    return dg.AssetCheckResult(
        passed=rows > 0,
        description=f"{rows:,} rows" if rows else f"0 rows: {'; '.join(reasons) or 'no loop was found'}",
        metadata={"kept out by the rights gate": gate or "nothing"},
    )


_LEAKS: Final = {
    "groups": "select work_group from training_rows group by work_group having count(distinct split) > 1",
    "files": "select sha256 from training_rows group by sha256 having count(distinct split) > 1",
    "works": (
        "select work_key from training_rows join file_splits using (sha256) "
        "where work_key is not null group by work_key having count(distinct training_rows.split) > 1"
    ),
    "pairs of kin": (
        "with used as (select distinct sha256, split from training_rows) "
        "select kin.sha256 from kin join used as one on one.sha256 = kin.sha256 "
        "join used as other on other.sha256 = kin.relative and other.split <> one.split"
    ),
}


@dg.asset_check(
    asset="training_data",
    blocking=True,
    description="No group of works, no file, no work by its name and no kin lie in two splits. Blocks what learns.",
)
def no_leak(platform: Platform) -> dg.AssetCheckResult:
    """Counts what is on more than one side, in the rows and not in the models that they were made from."""
    with connect(platform.lake()) as connection:
        counts = {name: len(connection.execute(leaks).fetchall()) for name, leaks in _LEAKS.items()}
    found = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return dg.AssetCheckResult(
        passed=not found, description=f"in two splits: {found}" if found else "no leak", metadata=counts
    )


CHECKS: Final = [
    filters,
    structures_are_valid,
    every_row_is_valid,
    row_ids_are_unique,
    claims_are_true,
    has_rows,
    no_leak,
]
