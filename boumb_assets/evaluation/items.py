"""What everybody is asked: prompts of works that no model learned from."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.transpose import transpose_content
from boumb_assets.corpus.row_settings import ASKED
from boumb_assets.evaluation.compare import EvalItem
from boumb_assets.prompts.reader import read_request

ITEMS: Final = 12  # enough to see a writer that fails, few enough for seconds; shares of so few are coarse
HELD_OUT: Final = ("test", "validation")  # the first that has a row is asked; what was trained on never is
# The studio's own envelope repeats the key; what a user said to an app is not shown in a report, which is given on.
NOT_ASKED: Final = frozenset(["app-message", "user"])


@dataclass(frozen=True)
class Held:
    """A request out of the rows that were kept back: what is asked, and what the file itself holds there."""

    item: EvalItem
    answer: str
    music: MusicRequest | None = None
    """What a structure is asked for by."""


def draw(rows: Iterable[Mapping[str, Any]], contracts: Sequence[str], count: int = ITEMS) -> tuple[str, list[str]]:
    """The split that is asked, and the row_ids of at most ``count`` of its rows, the contracts in turn; the split is
    empty where nothing was kept back. No loop and no prompt comes twice; the draw goes by the rows' hashes, so that it
    stays as it is while other rows come and go.

    ``rows`` have row_id, split, contract, kind, loop_id, prompt.
    """
    wanted = [row for row in rows if row["contract"] in contracts and row["kind"] not in NOT_ASKED]
    for split in HELD_OUT:
        queues = [
            _queue(row for row in wanted if (row["split"], row["contract"]) == (split, name)) for name in contracts
        ]
        places = [(place, number, row) for number, queue in enumerate(queues) for place, row in enumerate(queue)]
        if places:
            return split, [row["row_id"] for _, _, row in sorted(places, key=lambda entry: entry[:2])[:count]]
    return "", []


def _queue(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    kept, seen = list[Mapping[str, Any]](), set[str]()
    for row in sorted(rows, key=lambda row: hashlib.sha256(f"asked:{row['row_id']}".encode()).hexdigest()):
        names = {f"loop {row['loop_id']}", f"prompt {row['prompt']}"}
        if not names & seen:
            kept.append(row)
            seen |= names
    return kept


def held_of(row: Mapping[str, Any]) -> Held | None:
    """What is asked for a row with contract, prompt, language, kind, role, transposition, content, bars, request. The
    role and the length are the loop's, as the studio would know them of its track; the rest is what the prompt says.
    None where the loop's content is not known any more."""
    if row["content"] is None:
        return None
    if row["contract"] == "music-structure":
        asked = dict.fromkeys(ASKED.get(row["kind"], frozenset()))
        music = MusicRequest.model_validate_json(row["request"]).model_copy(update=asked)
        return Held(
            EvalItem(row["prompt"], row["contract"], LoopRequest(language=row["language"])), row["content"], music
        )
    content = transpose_content(row["contract"], row["content"], int(row["transposition"]))
    if content is None:
        return None
    known = {"language": row["language"], "bars": row["bars"], "role": row["role"]}
    request = LoopRequest.model_validate(read_request(row["prompt"]).model_dump() | known)
    return Held(EvalItem(row["prompt"], row["contract"], request), content)
