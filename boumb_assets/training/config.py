"""What a run of the trainer is given, and what it reports."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal, get_args

from boumb_assets.training.progress import TrainingError

NANO_RATE: Final = 4e-3
LARGE_RATE: Final = 2e-4  # Dettmers et al. 2023 (QLoRA), table 9, for models up to 13B
REPORT: Final = "report.json"
Transpose = Literal["load", "none"]
TRANSPOSE: Final[tuple[str, ...]] = get_args(Transpose)
_LIBRARIES: Final = ("torch", "transformers", "peft")


@dataclass(frozen=True)
class TrainConfig:
    """One adapter: from which base, on which rows, how long."""

    base: Path | str  # the folder of a prepared base model
    data: Path  # a folder of *.jsonl or *.jsonl.zst
    out: Path  # becomes the adapter's folder
    work: Path | None = None  # where checkpoints lie while it runs; default: beside ``out``
    steps: int = 240
    learning_rate: float | None = None  # None: 4e-3 for the nano base, 2e-4 for a larger one
    rank: int = 16
    dropout: float = 0.0
    batch_size: int = 8
    seed: int = 0
    max_tokens: int = 950  # of an answer: the app asks for 1,024 at most, then cuts
    save_every: int = 100
    transpose: Transpose = "load"  # rows that say how are read in another key each time; none: as they are
    threads: int | None = None  # None: one for the nano base, as torch has it (0) for a larger one

    def __post_init__(self) -> None:
        """Refuses what cannot be trained."""
        for name in ("steps", "rank", "batch_size", "max_tokens", "save_every"):
            if getattr(self, name) < 1:
                raise TrainingError(f"{name} is {getattr(self, name)}: it must be at least 1")
        if not 0 <= self.dropout < 1 or (self.learning_rate is not None and not 0 < self.learning_rate < 1):
            raise TrainingError("dropout must be in 0..1, learning_rate between 0 and 1")
        if self.transpose not in TRANSPOSE:
            raise TrainingError(f"transpose is {self.transpose!r}: it must be {' or '.join(TRANSPOSE)}")

    @property
    def in_keys(self) -> bool:
        """Whether rows are read in other keys."""
        return self.transpose == "load"

    def work_folder(self) -> Path:
        """Where its checkpoints lie."""
        return self.work or self.out.with_name(f".{self.out.name}.work")

    def fingerprint(self, base: str, data: str) -> str:
        """16 hex characters that change when the adapter might: the settings, the digests of ``base`` and ``data``, and
        the versions of the libraries. Where things lie does not count."""
        settings = {
            name: value
            for name, value in asdict(self).items()
            if name not in {"base", "data", "out", "work", "save_every"}
        }
        versions = {name: version(name) for name in _LIBRARIES}
        content = json.dumps({"settings": settings, "base": base, "data": data, "versions": versions}, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class TrainReport:
    """What a run did. Losses are nats a token of the answers, means over the first and the last tenth of the steps."""

    fingerprint: str
    base: str
    data: str
    steps: int
    rows: int
    rows_too_long: int
    tokens: int
    answer_tokens: int
    trained_parameters: int
    first_loss: float
    last_loss: float
    losses: tuple[float, ...] = ()  # of each step
    resumed_from: int = field(default=0)  # the step it went on from; not part of the report file

    def content(self) -> dict[str, Any]:
        """The report file: the same for the same adapter, however often it was cut off."""
        return {name: value for name, value in asdict(self).items() if name != "resumed_from"}
