"""Safe names: what a person calls a data set or a variant becomes a path, a partition key and a value in SQL."""

import re
from typing import Final

NAME_PATTERN: Final = r"^[a-z][a-z0-9_-]{0,39}$"

_NAME: Final = re.compile(NAME_PATTERN)
# Windows opens a device where a file is called so, with any extension; a lake must be copyable to any system.
_DEVICES: Final = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{digit}" for digit in range(10)), *(f"lpt{digit}" for digit in range(10))]
)


def check_name(kind: str, name: str) -> str:
    """``name`` itself if it is safe as a path, a partition key and an identifier on every system.

    ``kind`` is the word for the message, as "data set". Raises ValueError saying what a name may be made of.
    """
    if not _NAME.fullmatch(name):
        shown = name if len(name) <= 60 else f"{name[:60]}..."
        raise ValueError(
            f"{shown!r} is no name for a {kind}: use 1 to 40 of a-z, 0-9, hyphen and underscore, a letter first"
        )
    if name in _DEVICES:
        raise ValueError(f"{name!r} is no name for a {kind}: some systems reserve it; use for instance '{name}-music'")
    return name
