"""What a takedown or an erasure still has to remove once the line was made again without the works."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from boumb_assets.ingest.app_log.erasures import erasures_digest
from boumb_assets.lake.manifest import digest, write_atomically
from boumb_assets.lake.store import Lake
from boumb_assets.rights.declaration import load_declarations
from boumb_assets.rights.takedowns import active_takedowns, takedowns_digest
from boumb_assets.settings import Settings
from boumb_assets.training.base_model import NANO

LEARNED: Final = ("lora_adapter", "evaluation", "hub_release")


def forget(settings: Settings, lake: Lake, made: Sequence[str], whole: bool, known: str | None = None) -> list[str]:
    """Removes, once for each new takedown or erasure, what the line alone leaves: older generations, which readers are
    otherwise given time for; checkpoints; and the models of variants that were not ``made`` in this run and learned
    from the works. ``whole`` says that the run made all that it could, so that nothing is left to do for these;
    ``known`` what there was `to_forget` when it began (None: the same as now), since what was said meanwhile is left
    for the next run.

    Returns a sentence for each variant that was removed.
    """
    state, mark = to_forget(lake.home), lake.home / "rights" / "forgotten"
    if not state or (mark.is_file() and mark.read_text(encoding="ascii") == state):
        return []
    removed = list(_remove_models(settings, lake, made))
    shutil.rmtree(lake.home / "checkpoints", ignore_errors=True)
    lake.purge()
    if whole and known in (None, state):
        write_atomically(mark, state.encode("ascii"))
    return removed


def to_forget(home: Path) -> str:
    """What is to be forgotten, as a digest; empty where nothing is."""
    states = (takedowns_digest(home), erasures_digest(home))
    return digest(*states) if any(states) else ""


def _remove_models(settings: Settings, lake: Lake, made: Sequence[str]) -> Iterator[str]:
    others = [name for name in lake.partitions("lora_adapter") if name.removeprefix("variant=") not in made]
    if not others:
        return
    gone = _Gone(lake)
    for partition in others:
        variant = partition.removeprefix("variant=")
        works = gone.among(lake.read("lora_adapter", "trained_on", partition))
        if works:
            base = ("base_model",) if _is_made_from_rows(settings, variant) else ()
            for stage in (*base, *LEARNED):
                lake.drop(stage, partition)
            yield (
                f"{variant} learned from {works} of the works and is removed; `boumb run --variant {variant}` trains "
                "it again without them"
            )


class _Gone:
    """The files that nothing may be left of: those taken down, and those that an app's log no longer gives."""

    def __init__(self, lake: Lake) -> None:
        ledger = lake.read("rights_ledger", "rights_ledger").select(["sha256", "takedown"]).to_pylist()
        self._known = {row["sha256"] for row in ledger}
        self._taken = {row["sha256"] for row in ledger if row["takedown"] is not None}
        self._taken.update(sha256 for one in active_takedowns(lake.home) for sha256 in one.sha256)
        self._logs = {name for name, one in load_declarations(lake.home).items() if one.kind == "app-log"}

    def among(self, files: pa.Table) -> int:
        """How many of ``files`` (columns dataset and sha256) are gone."""
        return sum(
            one["sha256"] in self._taken or (one["dataset"] in self._logs and one["sha256"] not in self._known)
            for one in files.to_pylist()
        )


def _is_made_from_rows(settings: Settings, variant: str) -> bool:
    """Whether the variant's base model learned from the rows too; one that the settings no longer name might have."""
    known = settings.all_variants()
    return variant not in known or known[variant].base == NANO
