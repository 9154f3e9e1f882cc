"""What files say themselves of their copyright: shown as evidence in the ledger, never a reason to clear anything.

A notice in a file is a claim by whoever wrote it, to the encoding, to the work or to neither; it is no licence. So it
stands beside the declared terms for a person to read, and decides nothing.
"""

from collections.abc import Mapping
from typing import Final

import pyarrow.compute as pc

from boumb_assets.lake.store import Lake

MAX_NOTICES: Final = 3  # of one file
MAX_LETTERS: Final = 200  # of one notice
_CLAIMS: Final = r"copyright|(^|[\s(])©|\(c\) ?(19|20)\d\d|(19|20)\d\d ?\(c\)|rights reserved|droits r[eé]serv"
"""What a claim looks like. Inside a word the sign © is a letter that was decoded twice wrongly (``Ã©`` for ``é``)."""


def copyright_notices(lake: Lake, partition: str) -> Mapping[str, str]:
    """By sha256, the notices of the files of a data set, those that repeat left out: their copyright events, and other
    texts that speak of a copyright. Empty where midi_events keeps no texts."""
    try:
        texts = lake.read("midi_events", "file_texts", partition, ["sha256", "kind", "text"])
    except LookupError:
        return {}
    claims = pc.match_substring_regex(texts["text"], _CLAIMS, ignore_case=True)
    found: dict[str, dict[str, None]] = {}
    for row in texts.filter(pc.or_(claims, pc.equal(texts["kind"], "copyright"))).to_pylist():
        notice = _in_one_line(row["text"])
        if any(char.isalnum() for char in notice):
            found.setdefault(row["sha256"], {})[notice] = None
    return {sha256: _said(list(notices)) for sha256, notices in found.items()}


def _in_one_line(text: str) -> str:
    words = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return words if len(words) <= MAX_LETTERS else words[: MAX_LETTERS - 1] + "…"


def _said(notices: list[str]) -> str:
    shown = ", ".join(f"“{notice}”" for notice in notices[:MAX_NOTICES])
    more = len(notices) - MAX_NOTICES
    return f"the file says {shown}" + (f" and {more} more" if more > 0 else "")
