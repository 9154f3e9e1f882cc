"""What files say themselves of their copyright: shown as evidence in the ledger, never a reason to clear anything.

A notice in a file is a claim by whoever wrote it, to the encoding, to the work or to neither; it is no licence. So it
stands beside the declared terms for a person to read, and decides nothing.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pyarrow.compute as pc
import pyarrow.parquet as pq

from boumb_assets.lake.store import Lake

MAX_NOTICES: Final = 3  # of one file
MAX_LETTERS: Final = 200  # of one notice
_CLAIMS: Final = r"copyright|(^|[\s(])©|\(c\) ?(19|20)\d\d|(19|20)\d\d ?\(c\)|rights reserved|droits r[eé]serv"
"""What a claim looks like. Inside a word the sign © is a letter that was decoded twice wrongly (``Ã©`` for ``é``)."""

_RULE: Final = re.compile(r"([^\w\s]|_)\1{3,}")  # a line drawn with signs, which would leave no room for the words


def copyright_notices(lake: Lake, partition: str) -> Mapping[str, str]:
    """By sha256, the notices of the files of a data set, those that repeat left out: their copyright events, and other
    texts that speak of a copyright. Empty where midi_events keeps no texts."""
    manifest = lake.manifest("midi_events", partition)
    found: dict[str, dict[str, None]] = {}
    for path in lake.paths(manifest, "file_texts") if manifest is not None else ():
        for row in _claiming(path):
            notice = _in_one_line(row["text"])
            if any(char.isalnum() for char in notice):
                found.setdefault(row["sha256"], {})[notice] = None
    return {sha256: _said(list(notices)) for sha256, notices in found.items()}


def _claiming(path: Path) -> list[dict[str, str]]:
    """The rows of one file of texts that speak of a copyright. The words of songs are nearly all there is: those of a
    whole collection are gigabytes."""
    texts = pq.read_table(path, columns=["sha256", "kind", "text"], partitioning=None)
    if not texts.num_rows:  # then its columns have no chunks, which the functions below do not agree upon
        return []
    claims = pc.match_substring_regex(texts["text"], _CLAIMS, ignore_case=True)
    rows: list[dict[str, str]] = texts.filter(pc.or_(claims, pc.equal(texts["kind"], "copyright"))).to_pylist()
    return rows


def _in_one_line(text: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in text)
    words = " ".join(_RULE.sub(" ", printable).split())
    return words if len(words) <= MAX_LETTERS else words[: MAX_LETTERS - 1] + "…"


def _said(notices: list[str]) -> str:
    shown = ", ".join(f"“{notice}”" for notice in notices[:MAX_NOTICES])
    more = len(notices) - MAX_NOTICES
    return f"the file says {shown}" + (f" and {more} more" if more > 0 else "")
