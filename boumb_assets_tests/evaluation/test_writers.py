"""The writers: each is asked in its turn, and none stops the others."""

from pathlib import Path

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.evaluation.compare import EvalItem, Provide
from boumb_assets.evaluation.items import Held
from boumb_assets.evaluation.writers import Maker, ask_in_turn, asks_of, is_held, writers_of
from boumb_assets_tests.evaluation.loops import drums, sequence

HELD = [
    Held(EvalItem("Basse", request=LoopRequest(role="bass", bars=4)), sequence((0, 36, 4))),
    Held(EvalItem("A beat", "drum-pattern", LoopRequest(role="drums", language="en")), drums(kick=(0, 8))),
]


def test_an_ask_is_what_the_item_says() -> None:
    bass, beat = asks_of(HELD).values()
    assert (bass.prompt, bass.contract, bass.bars, bass.language) == ("Basse", "boumb-sequence", 4, "fr")
    assert (beat.contract, beat.bars, beat.language, beat.request.role) == ("drum-pattern", 2, "en", "drums")


def test_writers_are_made_in_turn_and_none_stops_the_others() -> None:
    made: list[str] = []
    seen: list[tuple[int, int]] = []

    def failing(item: EvalItem, seed: int) -> str:
        raise ConnectionError("no model")

    def maker(name: str, write: Provide) -> Maker:
        def make() -> Provide:
            made.append(f"{name} after {len(seen)}")
            return write

        return make

    writers = {"down": maker("down", failing), "fake": maker("fake", lambda item, seed: HELD[0].answer)}
    items = [held.item for held in HELD]
    answers = ask_in_turn(writers, items, lambda done, total, text="": seen.append((done, total)))
    assert made == ["down after 0", "fake after 2"]
    assert [answer.problem for answer in answers[:3]] == ["ConnectionError", "ConnectionError", None]
    assert answers[3].problem is not None  # a sequence is no drum pattern
    assert seen == [(done, 4) for done in range(1, 5)]


def test_rules_and_files_answer_without_a_model(tmp_path: Path) -> None:
    writers = writers_of(HELD, tmp_path, tmp_path)
    assert list(writers) == ["ft", "ft-unconstrained", "few-shot", "base", "rules", "held-out"]
    ready = {name: writers[name] for name in ("rules", "held-out")}
    answers = ask_in_turn(ready, [held.item for held in HELD])
    assert [answer.problem for answer in answers] == [None] * 4
    assert [answer.text for answer in answers[2:]] == [held.answer for held in HELD]


def test_loops_can_be_held_and_structures_cannot() -> None:
    assert is_held("boumb-sequence") and is_held("drum-pattern") and not is_held("music-structure")
