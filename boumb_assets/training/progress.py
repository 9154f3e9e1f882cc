"""How training speaks to who started it: progress while it runs, one clear error where it cannot."""

from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""Is told ``(done, total, text)``: so many of so many parts are done, and the text says what of."""


class TrainingError(RuntimeError):
    """Training cannot start or go on; the text says why and what to do."""


def silent(done: int, total: int, text: str) -> None:
    """Tells nobody."""
