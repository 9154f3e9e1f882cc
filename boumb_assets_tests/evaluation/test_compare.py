"""The comparison of writers, with writers made by hand."""

from collections.abc import Callable

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.evaluation.compare import EvalItem, ask_all, compare, table
from boumb_assets_tests.evaluation.loops import drums, sequence

BASS = EvalItem("Basse funky", request=LoopRequest(role="bass", root=0, scale="minor", bars=2, density="low"))
BEAT = EvalItem("Batterie house", "drum-pattern", LoopRequest(role="drums"))
LOW = sequence((0, 36, 4), (8, 39, 4), (16, 36, 4), (24, 43, 4))
HIGH = sequence((0, 84, 4), (8, 85, 4), (40, 84, 4))


def always(text: str) -> Callable[[EvalItem, int], str]:
    return lambda item, seed: text


def failing(item: EvalItem, seed: int) -> str:
    raise ConnectionError("the key is secret")


def test_rows_say_how_far_answers_keep_to_the_request() -> None:
    low, high = compare({"low": always(LOW), "high": always(HIGH)}, [BASS])
    assert (low["provider"], low["asked"], low["valid"]) == ("low", 1, 1)
    assert (low["in_register"], low["in_scale"], low["bars_kept"], low["density_kept"]) == (1, 1, 1, 1)
    assert (high["in_register"], high["in_scale"], high["bars_kept"]) == (0, 0.6667, 0)


def test_a_provider_that_fails_is_counted_and_quotes_nothing() -> None:
    answers = ask_all({"down": failing, "wrong": always("[]"), "low": always(LOW)}, [BASS], seeds=(0, 1))
    down, wrong, low = table(answers)
    assert (down["valid"], down["problems"]) == (0, {"ConnectionError": 2})
    assert down["polyphony"] is None and down["distinct"] is None
    assert wrong["valid"] == 0 and sum(wrong["problems"].values()) == 2
    assert (low["valid"], low["distinct"]) == (1, 0.5)
    assert "secret" not in str(answers[0].problem)


def test_a_provider_has_a_row_for_each_contract() -> None:
    def both(item: EvalItem, seed: int) -> str:
        return drums(kick=(0, 8)) if item.contract == "drum-pattern" else LOW

    rows = compare({"both": both}, [BASS, BEAT])
    assert [(row["contract"], row["valid"]) for row in rows] == [("boumb-sequence", 1), ("drum-pattern", 1)]
    assert rows[1]["in_scale"] is None and rows[1]["note_density"] == 1


def test_copies_of_the_training_texts_are_seen() -> None:
    theme = sequence(*((step, 40 + step % 5, 1.0) for step in range(0, 30, 2)))
    copied = compare({"parrot": always(theme)}, [BASS], training={"boumb-sequence": [theme, "broken"]})
    assert copied[0]["copied"] == 1
    assert compare({"parrot": always(theme)}, [BASS], training={"boumb-sequence": [LOW]})[0]["copied"] == 0
    assert compare({"parrot": always(theme)}, [BASS])[0]["copied"] is None


def test_seeds_and_progress_reach_everybody() -> None:
    seen: list[tuple[int, int]] = []

    def by_seed(item: EvalItem, seed: int) -> str:
        return sequence((seed, 36, 1), (seed + 1, 38, 1))

    rows = compare(
        {"a": by_seed, "b": always(LOW)},
        [BASS],
        (0, 1, 2),
        progress=lambda done, total, text="": seen.append((done, total)),
    )
    assert rows[0]["distinct"] == 1 and rows[1]["distinct"] == 0.3333
    assert seen == [(done, 6) for done in range(1, 7)]
