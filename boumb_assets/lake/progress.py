"""Who is told how far long work has come: a bar on the terminal, the log of a run, or nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Progress(Protocol):
    """Is told of the work under way."""

    def __call__(self, done: int, total: int, text: str = "") -> None:
        """``done`` of ``total`` parts are done; ``text`` says what of."""


def silent(done: int, total: int, text: str = "") -> None:
    """Tells nobody."""


_listener: ContextVar[Progress] = ContextVar("progress", default=silent)


def report(done: int, total: int, text: str = "") -> None:
    """Tells the listener of this context."""
    _listener.get()(done, total, text)


@contextmanager
def listening(listener: Progress) -> Iterator[None]:
    """Within it, `report` tells ``listener``."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
