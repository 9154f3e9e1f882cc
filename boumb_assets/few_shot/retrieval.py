"""Examples for a request: near to it, unlike each other, within a budget, always the same for the same request."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeVar

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.few_shot.library import Library, LibraryLoop, LibraryStructure, load_library
from boumb_assets.few_shot.progressions import Bigrams, chord_bigrams, divergence
from boumb_assets.theory.scales import SCALES

T = TypeVar("T", LibraryLoop, LibraryStructure)

RELEVANCE: Final = 0.9  # maximal marginal relevance: Carbonell and Goldstein, SIGIR 1998
FAMILIES: Final[dict[str, str]] = {
    "ABA": "ternary", "minuet-trio": "ternary", "rondo": "rondo", "theme-variation": "variation", "sonata": "sonata",
}  # fmt: skip
TRIPLE_METRES: Final = frozenset({"3/4", "6/8"})
CHARACTERS_A_TOKEN: Final = 2.4  # of minified JSON with digits, by tokenizers with a large vocabulary; 2.6 on average
TOKENS: Final = 8_000  # what three long structures take


@dataclass(frozen=True)
class Weights:
    """What each difference between a request and a structure counts, and how much an unusual harmony: examples teach
    best what is common. Chosen on the library itself, one structure held out at a time (`benchmarks/retrieval.py`)."""

    period: float = 1.0
    mode: float = 2.0
    triple: float = 0.5
    valence: float = 1.0
    arousal: float = 0.5
    unusual: float = 8.0


WEIGHTS: Final = Weights()


def nearest_loops(
    request: LoopRequest,
    count: int = 3,
    contract: Literal["boumb-sequence", "drum-pattern"] | None = None,
    library: Library | None = None,
    *,
    exclude: Collection[str] = (),
    tokens: int = TOKENS,
) -> list[LibraryLoop]:
    """At most ``count`` loops for a request: of its role if it names one (else of ``contract``), style first, then the
    likeness of scale, tempo and key; unlike each other; ties go by name.

    ``library``: what there is to choose from; by default all of it. ``exclude``: names of examples that are not to be
    shown, as those of the work that is asked about. ``tokens``: what the answers may take together, estimated from
    their length; one that does not fit is passed over.
    """
    wanted = contract or ("drum-pattern" if request.role == "drums" else "boumb-sequence")
    pool = [
        loop for loop in (library or load_library()).loops if loop.contract == wanted and loop.item_id not in exclude
    ]
    of_role = [loop for loop in pool if request.role in (None, loop.role)]
    return _diverse(of_role or pool, count, tokens, lambda loop: _loop_distance(request, loop), _between_loops)


def _loop_distance(request: LoopRequest, loop: LibraryLoop) -> float:
    distance = 0.0
    if request.style is not None:
        distance += 2.0 * (request.style != loop.style)
    if request.scale is not None and loop.scale is not None:
        distance += 1.0 - _likeness(request.scale, loop.scale)
    if request.bpm is not None:
        distance += abs(request.bpm - loop.bpm) / 90
    if request.root is not None and loop.root_class is not None:  # it is moved by so many semitones, out of its best
        distance += abs((request.root - loop.root_class + 6) % 12 - 6) / 30
    return distance


def _between_loops(first: LibraryLoop, second: LibraryLoop) -> float:
    return 0.5 * (first.style == second.style) + 0.3 * (first.role == second.role) + 0.2 * (first.scale == second.scale)


def _likeness(first: str, second: str) -> float:
    """Jaccard index of two scales on the same root."""
    one, two = set(SCALES[first]), set(SCALES[second])
    return len(one & two) / len(one | two)


def nearest_structures(
    request: MusicRequest,
    count: int = 3,
    library: Library | None = None,
    *,
    exclude: Collection[str] = (),
    tokens: int = TOKENS,
    weights: Weights = WEIGHTS,
) -> list[LibraryStructure]:
    """At most ``count`` structures for a request: of its form, else of the form's family, else of any; then near in
    period, mode, metre, valence and arousal, with a harmony that is usual for its mode; unlike each other; ties go by
    name. ``library``, ``exclude`` and ``tokens`` as in `nearest_loops`."""
    everything = (library or load_library()).structures
    pool = [item for item in everything if item.item_id not in exclude]
    same_form = [item for item in pool if request.form and item.structure.form == request.form]
    family = FAMILIES.get(request.form or "")
    same_family = [item for item in pool if family and FAMILIES.get(item.structure.form) == family]
    unusual = _unusual(everything)
    return _diverse(
        same_form or same_family or pool,
        count,
        tokens,
        lambda item: _structure_distance(request, item, weights) + weights.unusual * unusual[item.item_id],
        _between_structures,
    )


def _structure_distance(request: MusicRequest, item: LibraryStructure, weights: Weights) -> float:
    own = item.request
    wants_minor = _is_minor(request.key) if request.key else request.valence < 0
    wants_triple = request.timeSignature in TRIPLE_METRES if request.timeSignature else None
    return (
        weights.period * (bool(request.period) and request.period != own.period)
        + weights.mode * (wants_minor != _is_minor(item.structure.key))
        + weights.triple
        * (wants_triple is not None and wants_triple != (item.structure.timeSignature in TRIPLE_METRES))
        + weights.valence * abs(request.valence - own.valence)
        + weights.arousal * abs(request.arousal - own.arousal)
    )


def _unusual(items: Sequence[LibraryStructure]) -> dict[str, float]:
    return _apart_from_others(tuple((item.item_id, item.text) for item in items))


@lru_cache(maxsize=4)
def _apart_from_others(texts: tuple[tuple[str, str], ...]) -> dict[str, float]:
    """By name, the mean divergence of a structure's harmony from the others' of its mode, 0..1."""
    modes: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for name, text in texts:
        modes[_harmony(text)[0]].append((name, text))
    return {
        name: sum(_apart(min(own, other), max(own, other)) for _, other in mode) / max(1, len(mode) - 1)
        for mode in modes.values()
        for name, own in mode
    }


@lru_cache(maxsize=1024)
def _harmony(text: str) -> tuple[bool, Bigrams]:
    """Whether a structure is in minor, and its bigrams."""
    piece = MusicStructure.model_validate_json(text)
    return _is_minor(piece.key), chord_bigrams(piece)


@lru_cache(maxsize=1 << 14)
def _apart(first: str, second: str) -> float:
    return divergence(_harmony(first)[1], _harmony(second)[1])


def _between_structures(first: LibraryStructure, second: LibraryStructure) -> float:
    same_period = first.request.period == second.request.period
    return 0.5 * (first.structure.key == second.structure.key) + 0.5 * same_period


def _is_minor(key: str) -> bool:
    return key.endswith("minor")


def _diverse(
    pool: Sequence[T], count: int, tokens: int, distance: Callable[[T], float], likeness: Callable[[T, T], float]
) -> list[T]:
    """Maximal marginal relevance over ``pool``, which is sorted by name, within ``tokens``."""
    apart = {item.item_id: distance(item) for item in pool}
    left, taken, room = list(pool), list[T](), tokens
    while len(taken) < count and (left := [item for item in left if estimated_tokens(item.text) <= room]):
        best = max(
            left,
            key=lambda item: (
                RELEVANCE * -apart[item.item_id]
                - (1 - RELEVANCE) * max((likeness(item, other) for other in taken), default=0.0)
            ),
        )
        left.remove(best)
        taken.append(best)
        room -= estimated_tokens(best.text)
    return taken


def estimated_tokens(text: str) -> int:
    """About how many tokens a tokenizer without the contracts' fragments makes of an answer; rather too many."""
    return math.ceil(len(text) / CHARACTERS_A_TOKEN)
