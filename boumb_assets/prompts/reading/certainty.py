"""How sure the reader is of what it read: a probability for each kind of evidence."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Evidence = Literal[
    "unit", "context", "key", "chord", "named", "implied", "turned", "introduced", "corrected", "tonic", "bare",
    "misspelt", "beside", "rivals",
]  # fmt: skip
"""By what a field was read, the surest first.

``unit``: a number with its unit ("120 bpm"); ``context``: the studio's own message; ``key``: a root with its scale;
``chord``: a chord symbol; ``named``: a word for it; ``implied``: an instrument or a genre that stands for a scale;
``turned``: a density from what it shall not be; ``introduced``: a number or a root after a word that leads to one;
``corrected``: said instead of something else; ``tonic``: a root by itself; ``bare``: a number by itself; ``misspelt``:
a word with a slip; ``beside``: named beside or for something else; ``rivals``: others are named for the same field."""
KINDS: Final[tuple[Evidence, ...]] = get_args(Evidence)
# As `python benchmarks/reader.py --calibrate` prints them from the development requests, never from the test's; right
# readings of all beside them. Kinds that came out of order are pooled.
CERTAINTY: Final[Mapping[Evidence, float]] = {
    "unit": 0.994,  # 329 of 333
    "context": 0.994,  # 40 of 40
    "key": 0.994,  # 617 of 622
    "chord": 0.994,  # 132 of 132
    "named": 0.994,  # 2463 of 2469
    "implied": 0.98,  # 48 of 48
    "turned": 0.98,  # 15 of 15
    "introduced": 0.98,  # 143 of 148
    "corrected": 0.98,  # 20 of 20
    "tonic": 0.98,  # 6 of 6
    "bare": 0.98,  # 234 of 239
    "misspelt": 0.98,  # 363 of 363
    "beside": 0.97,  # 31 of 31
    "rivals": 0.915,  # 42 of 45
}
