"""The door of the few-shot library."""

from typing import Final

import pyarrow as pa

from boumb_assets.few_shot.library import load_library
from boumb_assets.stages import Build, Stage

ITEMS: Final = pa.schema(
    [
        (name, pa.string())
        for name in ("item_id", "kind", "title", "why", "licence", "style", "role", "contract", "content")
    ]
)


def _make(build: Build) -> None:
    library = load_library()
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


FEW_SHOT_LIBRARY: Final = Stage(
    name="few_shot_library",
    make=_make,
    description="The curated examples, written by hand, CC0: one reviewable file each.",
    group="corpus",
    rooms=("boumb_assets.few_shot", "boumb_assets.contracts"),
    table="few_shot_library",
    kinds=frozenset({"json"}),
)
