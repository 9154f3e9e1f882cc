"""When the platform rebuilds by itself, edge by edge, and why."""

from typing import Any

import dagster as dg


def changed() -> dg.AutomationCondition[Any]:
    """Materialise an asset when what it is made of has changed, and only then.

    - `any_deps_match(data_version_changed())`: data versions are digests of content, so a dep that was made again with
      the same content starts nothing; `eager()` would, which means a retraining for nothing.
    - `code_version_changed()`: the code version is a digest of the syntax trees of the asset's rooms and of the
      contracts, so a changed schema retrains, and a changed comment does not.
    - `missing()`: a new data set or variant is a new partition without a materialisation.
    - `execution_failed().newly_true()`: the edges above are consumed by the run that they start. If that run fails they
      would be lost for good; a failure is therefore an edge of its own, once. Without `newly_true()` it would start a
      run on each tick for ever.
    - `since_last_handled()`: an edge counts until a run was requested for it, also when deps are busy at that moment.
    - `~any_deps_missing()`: nothing starts on half of its inputs. A broken data set materialises as empty with a failed
      check, so it never holds the others up.
    - `~any_deps_in_progress()`, `~in_progress()`: no asset is made twice for one change.

    What no edge can see (files that came into a folder, a daemon that slept through a change) is found by
    `stale_assets`, which compares levels: recorded inputs with wanted ones.
    """
    condition: Any = dg.AutomationCondition
    edge = (
        condition.any_deps_match(condition.data_version_changed())
        | condition.code_version_changed()
        | condition.missing()
        | condition.execution_failed().newly_true()
    )
    whole: Any = (
        edge.since_last_handled()
        & ~condition.any_deps_missing()
        & ~condition.any_deps_in_progress()
        & ~condition.in_progress()
    )
    labelled: dg.AutomationCondition[Any] = whole.with_label("what it is made of changed")
    return labelled
