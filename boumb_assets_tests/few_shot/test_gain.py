"""What retrieval gains, and the divergence that says so."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.few_shot.checks import LEAST_OF_ITS_OWN
from boumb_assets.few_shot.gain import HeldOut, Retrieve, of_library, of_real_music, retrieval_gain
from boumb_assets.few_shot.library import Library, LibraryStructure, load_library
from boumb_assets.few_shot.progressions import chord_bigrams, divergence

LIBRARY = load_library()
numerals = st.lists(st.sampled_from(["I", "ii", "IV", "V", "vi"]), min_size=2, max_size=12)
shares = st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), st.floats(0.01, 1), min_size=1).map(
    lambda weights: {pair: weight / sum(weights.values()) for pair, weight in weights.items()}
)


@given(shares, shares)
def test_divergence_is_a_bounded_symmetric_measure(
    first: dict[tuple[str, str], float], second: dict[tuple[str, str], float]
) -> None:
    assert 0.0 <= divergence(first, second) <= 1.0
    assert divergence(first, second) == pytest.approx(divergence(second, first))
    assert divergence(first, first) == 0.0


def test_divergence_of_what_shares_nothing_and_of_what_shares_half() -> None:
    assert divergence({("I", "V"): 1.0}, {("i", "V"): 1.0}) == 1.0
    half = divergence({("I", "V"): 1.0}, {("I", "V"): 0.5, ("V", "I"): 0.5})
    assert half == pytest.approx((math.log2(1 / 0.75) + 0.5 * math.log2(0.5 / 0.75) + 0.5) / 2)


def test_bigrams_do_not_cross_sections() -> None:
    piece = LIBRARY.structures[0].structure
    pairs = sum(len(section.chordProgression) - 1 for section in piece.sections)
    bigrams = chord_bigrams(piece)
    assert sum(bigrams.values()) == pytest.approx(1.0)
    assert all(share * pairs == pytest.approx(round(share * pairs)) for share in bigrams.values())


def chosen_by(target: HeldOut, key: Callable[[float], float]) -> Retrieve:
    """Retrieval that knows the answer: by the divergence from it."""
    own = chord_bigrams(target.structure)

    def retrieve(request: MusicRequest, library: Library) -> list[LibraryStructure]:
        return sorted(library.structures, key=lambda item: key(divergence(own, chord_bigrams(item.structure))))[:3]

    return retrieve


@pytest.mark.parametrize("target", of_library(LIBRARY)[::9], ids=lambda target: target.name)
def test_the_oracle_gains_all_and_its_contrary_less_than_nothing(target: HeldOut) -> None:
    assert retrieval_gain([target], LIBRARY, chosen_by(target, lambda apart: apart)).share == pytest.approx(1.0)
    assert retrieval_gain([target], LIBRARY, chosen_by(target, lambda apart: -apart)).share < 0
    everything = retrieval_gain([target], LIBRARY, lambda request, library: library.structures)
    assert everything.share == pytest.approx(0.0)


def test_a_target_is_never_among_its_own_examples() -> None:
    target = of_library(LIBRARY)[3]

    def retrieve(request: MusicRequest, library: Library) -> list[LibraryStructure]:
        assert target.name not in [item.item_id for item in library.structures]
        return list(library.structures[:1])

    assert retrieval_gain([target], LIBRARY, retrieve).targets == 1


def test_nothing_to_ask_for_or_to_choose_from_is_refused() -> None:
    with pytest.raises(ValueError, match="no structure"):
        retrieval_gain([], LIBRARY)
    few = Library(loops=(), structures=LIBRARY.structures[:3])
    with pytest.raises(ValueError, match="2 structures to choose from"):
        retrieval_gain(of_library(few), few)


def test_of_real_music_any_of_the_library_may_be_shown() -> None:
    item = LIBRARY.structures[0]
    rows = [{"structure_id": item.item_id, "request": item.request.model_dump_json(), "content": item.text}]
    (target,) = of_real_music(rows)
    assert (target.request, target.structure) == (item.request, item.structure)
    assert retrieval_gain([target], LIBRARY, lambda request, library: [item]).retrieved == 0.0


def test_retrieval_gains_over_the_library_itself() -> None:
    assert retrieval_gain(of_library(LIBRARY), LIBRARY).share >= LEAST_OF_ITS_OWN
