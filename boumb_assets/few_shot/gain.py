"""What retrieval gains: how much nearer to a held-out structure's harmony its examples are than any others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.few_shot.library import Library, LibraryStructure
from boumb_assets.few_shot.progressions import chord_bigrams, divergence
from boumb_assets.few_shot.retrieval import nearest_structures

COUNT: Final = 3


class HeldOut(NamedTuple):
    """A structure that examples are looked for without a sight of it, by its request."""

    name: str
    request: MusicRequest
    structure: MusicStructure


Retrieve = Callable[[MusicRequest, Library], Sequence[LibraryStructure]]


@dataclass(frozen=True)
class Gain:
    """Mean divergences of the harmony of ``targets`` structures from their examples, 0..1."""

    targets: int
    random: float
    """Of all that there is to choose from: what examples drawn at random have."""
    retrieved: float
    oracle: float
    """Of the nearest COUNT, which only who knows the answer can choose."""

    @property
    def share(self) -> float:
        """The way from random to the oracle that retrieval goes: 0 no better than random, 1 as good as the oracle."""
        way = self.random - self.oracle
        return (self.random - self.retrieved) / way if way > 0 else 0.0


def _nearest(request: MusicRequest, library: Library) -> list[LibraryStructure]:
    return nearest_structures(request, COUNT, library)


def retrieval_gain(targets: Iterable[HeldOut], library: Library, retrieve: Retrieve = _nearest) -> Gain:
    """The gain of ``retrieve`` over ``targets``. One of the library is taken out of it, by its name, while its examples
    are looked for. Raises ValueError where there is no target, or fewer than COUNT structures to choose from."""
    bigrams = {item.item_id: chord_bigrams(item.structure) for item in library.structures}
    random, retrieved, oracle = [], [], []
    for target in targets:
        own = chord_bigrams(target.structure)
        left = tuple(item for item in library.structures if item.item_id != target.name)
        if len(left) < COUNT:
            raise ValueError(f"{len(left)} structures to choose from: at least {COUNT}")
        apart = {item.item_id: divergence(own, bigrams[item.item_id]) for item in left}
        found = retrieve(target.request, Library(loops=(), structures=left))
        random.append(_mean(list(apart.values())))
        retrieved.append(_mean([apart[item.item_id] for item in found]))
        oracle.append(_mean(sorted(apart.values())[:COUNT]))
    if not random:
        raise ValueError("no structure to retrieve examples for")
    return Gain(len(random), _mean(random), _mean(retrieved), _mean(oracle))


def of_library(library: Library) -> list[HeldOut]:
    """The library's own structures, each to be held out in its turn."""
    return [HeldOut(item.item_id, item.request, item.structure) for item in library.structures]


def of_real_music(rows: Iterable[Mapping[str, str]]) -> list[HeldOut]:
    """The structures of real music in ``rows`` of the table ``structures``; none is in the library."""
    return [
        HeldOut(
            f"real:{row['structure_id']}",
            MusicRequest.model_validate_json(row["request"]),
            MusicStructure.model_validate_json(row["content"]),
        )
        for row in rows
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
