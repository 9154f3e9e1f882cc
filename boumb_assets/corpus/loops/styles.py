"""The studio's styles in the words of data sets."""

import re
from functools import lru_cache
from typing import Final

from boumb_assets.contracts.loop_request import STYLES

_STYLES: Final = re.compile(
    r"(?<![a-z])(?:" + "|".join(f"({style.replace('-', '[ _-]?')}y?)" for style in STYLES) + r")(?![a-z])"
)


@lru_cache(maxsize=4096)
def studio_style(text: str | None) -> str | None:
    """The first of the studio's styles that a data set's own word for a style names: ``latin/brazilian-bossa`` is
    bossa, ``rock`` none."""
    match = _STYLES.search((text or "")[:200].lower())
    return STYLES[(match.lastindex or 1) - 1] if match else None
