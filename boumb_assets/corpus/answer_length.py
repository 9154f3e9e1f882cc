"""How many tokens an answer takes."""

import re
from functools import cache

from boumb_assets.contracts.registry import contract as contract_of


def fragment_tokens(contract: str, content: str) -> int:
    """An upper bound on the tokens of ``content`` for any tokenizer that has the contract's fragments as tokens: one a
    fragment (leftmost, the longest first) and one a byte of the rest."""
    pattern = _fragments(contract)
    rest = pattern.sub("", content)
    return sum(1 for _ in pattern.finditer(content)) + len(rest.encode())


@cache
def _fragments(contract: str) -> re.Pattern[str]:
    longest_first = sorted(contract_of(contract).vocabulary(), key=lambda fragment: (-len(fragment), fragment))
    return re.compile("|".join(re.escape(fragment) for fragment in longest_first))
