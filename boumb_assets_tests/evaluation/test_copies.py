"""Whole copies, and which training texts matter."""

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.evaluation.compare import Answer, EvalItem, table
from boumb_assets.evaluation.copies import find_copies
from boumb_assets_tests.evaluation.loops import drums, sequence

BASS = EvalItem("Basse", request=LoopRequest(role="bass"))
THEME = [(step * 2, 40 + step % 5, 1.0) for step in range(12)]
MOVED = sequence(*((step, pitch + 3, 2.0) for step, pitch, _ in THEME))
PART = sequence(*((step + 4, pitch, 1.0) for step, pitch, _ in THEME[:9]))
OTHER = sequence(*((step, 60 - pitch % 7, 1.0) for step, pitch, _ in THEME))


def said(provider: str, *texts: str) -> list[Answer]:
    return [Answer(provider, BASS, 0, text, None) for text in texts]


def test_a_whole_copy_is_one_in_any_key() -> None:
    copies = find_copies(said("parrot", MOVED, OTHER) + said("other", PART), [("boumb-sequence", sequence(*THEME))])
    assert copies.whole == {("parrot", "boumb-sequence"): 0.5, ("other", "boumb-sequence"): 0}


def test_only_texts_that_share_a_run_are_kept_and_the_rate_is_the_same() -> None:
    answers, theme = said("ft", PART, OTHER), sequence(*THEME)
    training = [("boumb-sequence", theme), ("boumb-sequence", sequence((0, 36, 4))), ("drum-pattern", drums(kick=(0,)))]
    copies = find_copies(answers, training)
    assert copies.related == {"boumb-sequence": [theme]}
    everything = [text for contract, text in training if contract == "boumb-sequence"]
    assert table(answers, copies.related) == table(answers, {"boumb-sequence": everything})
    assert table(answers, copies.related)[0]["copied"] == 0.5


def test_what_is_no_loop_is_passed_over() -> None:
    broken = Answer("ft", BASS, 0, "[]", "not_an_object")
    silent = Answer("down", BASS, 0, None, "ConnectionError")
    copies = find_copies([broken, silent, *said("ft", MOVED)], [("boumb-sequence", "{}"), ("drum-pattern", "[]")])
    assert copies.whole == {("ft", "boumb-sequence"): 0}
