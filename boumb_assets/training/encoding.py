"""Rows as tokens: those that fit, and the key that each is in when it is seen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from boumb_assets.training.chat import IGNORED, Encoded, encode_chat
from boumb_assets.training.config import TrainConfig
from boumb_assets.training.data import Row, sample_rows
from boumb_assets.training.progress import TrainingError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

SPARE_ROWS: Final = 2  # rows are drawn for twice the steps, since some may be too long


@dataclass(frozen=True)
class RowEncoder:
    """Encodes rows with ``tokenizer``. A row fits whose answer has at most ``max_tokens`` tokens, and which has at most
    ``positions`` in all."""

    tokenizer: "PreTrainedTokenizerBase"
    max_tokens: int
    positions: int

    def encode(self, row: Row, semitones: int = 0) -> Encoded | None:
        """The tokens of ``row``, ``semitones`` higher; None where it does not fit."""
        encoded = encode_chat(self.tokenizer, row.moved(semitones))
        fits = answer_tokens(encoded) <= self.max_tokens and len(encoded.ids) <= self.positions
        return encoded if fits else None


def draw_rows(encoder: RowEncoder, config: TrainConfig) -> tuple[list[tuple[Row, Encoded]], int]:
    """As many rows as the steps can use, drawn from the seed, with their tokens as they are written, and how many were
    left out on the way since they do not fit. Raises TrainingError when all were."""
    needed = config.steps * config.batch_size
    rows: list[tuple[Row, Encoded]] = []
    too_long = 0
    for row in sample_rows(config.data, needed * SPARE_ROWS, config.seed, config.in_keys):
        encoded = encoder.encode(row)
        if encoded is None:
            too_long += 1
            continue
        rows.append((row, encoded))
        if len(rows) == needed:
            break
    if not rows:
        raise TrainingError(f"all {too_long} rows are too long: the answers have more than {config.max_tokens} tokens")
    return rows, too_long


def in_turn(encoder: RowEncoder, rows: Sequence[tuple[Row, Encoded]], order: Iterable[int], seed: int) -> list[Encoded]:
    """What is seen, one after the other: the rows numbered in ``order``, each in another key each time. It is known
    before the first step, so that a run that goes on from a checkpoint sees what it would have seen.

    A row that does not fit in a key is seen as it is written.
    """
    visits: Counter[int] = Counter()
    known: dict[tuple[int, int], Encoded] = {(number, 0): encoded for number, (_, encoded) in enumerate(rows)}
    seen: list[Encoded] = []
    for number in order:
        row, written = rows[number]
        place = number, row.semitones(visits[number], seed)
        visits[number] += 1
        if place not in known:
            known[place] = encoder.encode(row, place[1]) or written
        seen.append(known[place])
    return seen


def answer_tokens(encoded: Encoded) -> int:
    """How many tokens carry a label."""
    return sum(label != IGNORED for label in encoded.labels)
