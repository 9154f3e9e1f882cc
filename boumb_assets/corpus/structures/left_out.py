"""Why a file gives no structure."""


class LeftOutError(Exception):
    """A file that gives no structure."""

    def __init__(self, reason: str, why: str) -> None:
        """``reason``: a word or two, the same for all files that share it; ``why``: a sentence about this one."""
        super().__init__(f"{reason}: {why}")
        self.reason, self.why = reason, why
