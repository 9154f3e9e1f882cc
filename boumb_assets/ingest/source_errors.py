"""What is said of a source that cannot be read."""


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
