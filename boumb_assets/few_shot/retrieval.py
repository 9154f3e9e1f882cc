"""Examples for a request: near to it, unlike each other, always the same for the same request."""

from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeVar

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.few_shot.library import Library, LibraryLoop, LibraryStructure, load_library
from boumb_assets.theory.scales import SCALES

T = TypeVar("T")

RELEVANCE: Final = 0.9  # maximal marginal relevance: Carbonell and Goldstein 1998; the weight was measured
# Weights of the distance between a request and a structure, measured on held-out structures.
PERIOD, MODE, TRIPLE, VALENCE, AROUSAL = 1.0, 2.0, 0.5, 1.0, 0.5
FAMILIES: Final[dict[str, str]] = {
    "ABA": "ternary", "minuet-trio": "ternary", "rondo": "rondo", "theme-variation": "variation", "sonata": "sonata",
}  # fmt: skip
TRIPLE_METRES: Final = frozenset({"3/4", "6/8"})


def nearest_loops(
    request: LoopRequest,
    count: int = 3,
    contract: Literal["boumb-sequence", "drum-pattern"] | None = None,
    library: Library | None = None,
) -> list[LibraryLoop]:
    """At most ``count`` loops for a request: of its role if it names one (else of ``contract``), style first, then the
    likeness of scale and tempo. Ties go by name. ``library``: what there is to choose from; by default all of it."""
    wanted = contract or ("drum-pattern" if request.role == "drums" else "boumb-sequence")
    pool = [loop for loop in (library or load_library()).loops if loop.contract == wanted]
    of_role = [loop for loop in pool if request.role in (None, loop.role)]
    return _diverse(of_role or pool, count, lambda loop: _loop_distance(request, loop), _between_loops)


def _loop_distance(request: LoopRequest, loop: LibraryLoop) -> float:
    distance = 0.0
    if request.style is not None:
        distance += 2.0 * (request.style != loop.style)
    if request.scale is not None and loop.scale is not None:
        distance += 1.0 - _likeness(request.scale, loop.scale)
    if request.bpm is not None:
        distance += abs(request.bpm - loop.bpm) / 90
    return distance


def _between_loops(first: LibraryLoop, second: LibraryLoop) -> float:
    return 0.5 * (first.style == second.style) + 0.3 * (first.role == second.role) + 0.2 * (first.scale == second.scale)


def _likeness(first: str, second: str) -> float:
    """Jaccard index of two scales on the same root."""
    one, two = set(SCALES[first]), set(SCALES[second])
    return len(one & two) / len(one | two)


def nearest_structures(request: MusicRequest, count: int = 3, library: Library | None = None) -> list[LibraryStructure]:
    """At most ``count`` structures for a request: of its form, else of the form's family, else of any; then near in
    period, mode, metre, valence and arousal; unlike each other; ties go by name. ``library`` as in
    `nearest_loops`."""
    pool = (library or load_library()).structures
    same_form = [item for item in pool if request.form and item.structure.form == request.form]
    family = FAMILIES.get(request.form or "")
    same_family = [item for item in pool if family and FAMILIES.get(item.structure.form) == family]
    return _diverse(
        same_form or same_family or list(pool),
        count,
        lambda item: _structure_distance(request, item),
        _between_structures,
    )


def _structure_distance(request: MusicRequest, item: LibraryStructure) -> float:
    own = item.request
    wants_minor = _is_minor(request.key) if request.key else request.valence < 0
    wants_triple = request.timeSignature in TRIPLE_METRES if request.timeSignature else None
    return (
        PERIOD * (bool(request.period) and request.period != own.period)
        + MODE * (wants_minor != _is_minor(item.structure.key))
        + TRIPLE * (wants_triple is not None and wants_triple != (item.structure.timeSignature in TRIPLE_METRES))
        + VALENCE * abs(request.valence - own.valence)
        + AROUSAL * abs(request.arousal - own.arousal)
    )


def _between_structures(first: LibraryStructure, second: LibraryStructure) -> float:
    same_period = first.request.period == second.request.period
    return 0.5 * (first.structure.key == second.structure.key) + 0.5 * same_period


def _is_minor(key: str) -> bool:
    return key.endswith("minor")


def _diverse(
    pool: Sequence[T], count: int, distance: Callable[[T], float], likeness: Callable[[T, T], float]
) -> list[T]:
    """Maximal marginal relevance over ``pool``, which is sorted by name."""
    left, taken = list(pool), list[T]()
    while left and len(taken) < count:
        best = max(
            left,
            key=lambda item: (
                RELEVANCE * -distance(item)
                - (1 - RELEVANCE) * max((likeness(item, other) for other in taken), default=0.0)
            ),
        )
        left.remove(best)
        taken.append(best)
    return taken
