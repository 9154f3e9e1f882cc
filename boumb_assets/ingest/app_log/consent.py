"""What a field about consent says."""

from typing import Final

_YES: Final = frozenset(["true", "yes", "oui", "1"])


def read_consent(value: object) -> bool | None:
    """True for a yes, None where nothing is said, False for anything else: a word that we do not know may be a no."""
    if value is None or isinstance(value, bool):
        return value
    said = str(value).strip().lower() if isinstance(value, str | int) else "?"
    return said in _YES if said else None


def join_consent(one: bool | None, other: bool | None) -> bool | None:
    """What two statements about one request come to: a no always wins."""
    if one is None or other is None:
        return other if one is None else one
    return one and other
