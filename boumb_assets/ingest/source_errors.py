"""What is said of a source that cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager


class SourceError(ValueError):
    """A source that cannot be read; the text says which and what to do."""

    def __init__(self, text: str, temporary: bool = False) -> None:
        """``temporary``: the same may go well later, so it is tried again."""
        super().__init__(text)
        self.temporary = temporary


class ArchiveError(SourceError):
    """An archive that is not unpacked; nothing of it is kept."""


class FetchError(SourceError):
    """A file that is not to be had from its address, or is not the one that was declared."""


class HubError(SourceError):
    """A data set that is not to be had from the hub."""


@contextmanager
def broken_archive(form: str, errors: tuple[type[Exception], ...]) -> Iterator[None]:
    """Within it, the ``errors`` of a library that reads archives of ``form`` (as .zip) become an ArchiveError."""
    try:
        yield
    except ArchiveError:
        raise
    except errors as error:
        raise ArchiveError(f"it is no whole {form}: {str(error)[:200] or type(error).__name__}") from None
