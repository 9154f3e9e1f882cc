"""The door of the few-shot library."""

from typing import Final

import pyarrow as pa

from boumb_assets.few_shot.library import library_of, load_library
from boumb_assets.lake.store import Lake
from boumb_assets.rights.takedowns import takedowns_digest
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage

ITEMS: Final = pa.schema(
    [
        (name, pa.string())
        for name in ("item_id", "kind", "title", "why", "licence", "style", "role", "contract", "content")
    ]
)


def _make(build: Build) -> None:
    everything = load_library()
    library = library_of(build.lake.home)
    rows = [
        {"item_id": item.item_id, "kind": "loop", "title": item.title, "why": item.why, "licence": item.licence,
         "style": item.style, "role": item.role, "contract": item.contract, "content": item.text}
        for item in library.loops
    ] + [
        {"item_id": item.item_id, "kind": "structure", "title": item.title, "why": item.why, "licence": item.licence,
         "style": None, "role": None, "contract": "music-structure", "content": item.text}
        for item in library.structures
    ]  # fmt: skip
    build.commit.write("few_shot_library", pa.Table.from_pylist(rows, ITEMS))
    build.facts["taken_down"] = len(everything.loops) + len(everything.structures) - len(rows)


def _extra(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    return {"takedowns": takedowns_digest(lake.home)}


FEW_SHOT_LIBRARY: Final = Stage(
    name="few_shot_library",
    make=_make,
    description="The curated examples, written by hand, CC0: one reviewable file each; without what was taken down.",
    group="corpus",
    rooms=(
        "boumb_assets.few_shot",
        "boumb_assets.contracts",
        "boumb_assets.render",
        "boumb_assets.rights.takedowns",
        "boumb_assets.theory.work_print",
    ),
    extra=_extra,
    table="few_shot_library",
    kinds=frozenset({"json"}),
)
