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
    "unit": 0.995,  # 704 of 708
    "context": 0.995,  # 52 of 52
    "key": 0.995,  # 1270 of 1275
    "chord": 0.995,  # 206 of 206
    "named": 0.995,  # 3821 of 3835
    "implied": 0.982,  # 82 of 84
    "turned": 0.982,  # 26 of 26
    "introduced": 0.982,  # 288 of 295
    "corrected": 0.982,  # 24 of 24
    "tonic": 0.982,  # 45 of 45
    "bare": 0.982,  # 367 of 377
    "misspelt": 0.982,  # 528 of 528
    "beside": 0.982,  # 74 of 74
    "rivals": 0.924,  # 60 of 64
}
