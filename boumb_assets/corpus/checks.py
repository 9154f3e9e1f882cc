"""Checks of loops and training data."""

from typing import Final

import dagster as dg

from boumb_assets.checking import partition_manifest
from boumb_assets.corpus.jsonl import check_rows
from boumb_assets.lake.views import connect, literal
from boumb_assets.resources import Platform


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
    asset="training_data",
    blocking=True,
    description=(
        "Every row is read back from the files, and its answer is what its contract would write. Blocks what learns."
    ),
)
def every_row_is_valid(platform: Platform) -> dg.AssetCheckResult:
    """Reads the shards, not the tables they were written from."""
    lake = platform.lake()
    checked = check_rows(lake.artefact("training_data"), lake.read("training_data", "training_rows"))
    shown = "; ".join(f"{row.shard}:{row.line}: {row.problem}" for row in checked.invalid[:5])
    return dg.AssetCheckResult(
        passed=not checked.invalid,
        description=f"{len(checked.invalid)} rows are invalid: {shown}" if checked.invalid else "every row is valid",
        metadata={"rows": checked.rows, "invalid": len(checked.invalid)},
    )


@dg.asset_check(asset="training_data", description="There are rows to learn from, and an empty result says why.")
def has_rows(platform: Platform) -> dg.AssetCheckResult:
    """Fails on an empty training set, with what the gate and the filters kept out."""
    lake = platform.lake()
    manifest = lake.manifest("training_data")
    rows = manifest.rows("training_rows") if manifest is not None else 0
    with connect(lake) as connection:
        denied = connection.execute(
            "select dataset || ': ' || sum(files)::bigint || ' files, ' || any_value(reason) from rights_gate "
            "where not cleared group by dataset order by dataset"
        ).fetchall()
    words = "; ".join(str(row[0]) for row in denied)
    return dg.AssetCheckResult(
        passed=rows > 0,
        description=f"0 rows: {words or 'no loop was found'}" if rows == 0 else f"{rows:,} rows",
        metadata={"kept out by the rights gate": words or "nothing"},
    )


@dg.asset_check(
    asset="training_data",
    blocking=True,
    description="No group of works and no file lies in two splits. Blocks what learns.",
)
def no_leak(platform: Platform) -> dg.AssetCheckResult:
    """Counts groups and files that are on more than one side."""
    with connect(platform.lake()) as connection:
        counts = {}
        for column in ("work_group", "sha256"):
            found = connection.execute(
                f"select count(*) from (select {column} from training_rows "
                f"group by {column} having count(distinct split) > 1)"
            ).fetchone()
            counts[column] = int(found[0]) if found else 0
    leaks = sum(counts.values())
    return dg.AssetCheckResult(
        passed=leaks == 0,
        description=f"{counts['work_group']} groups and {counts['sha256']} files are in two splits"
        if leaks
        else "no leak",
        metadata=counts,
    )


CHECKS: Final = [filters, every_row_is_valid, has_rows, no_leak]
