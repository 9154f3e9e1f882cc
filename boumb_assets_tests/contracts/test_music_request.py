import pytest

from boumb_assets.contracts.music_request import MusicRequest


def test_defaults_are_the_apps() -> None:
    request = MusicRequest()
    assert (request.valence, request.arousal, request.focus, request.confidence) == (0, 0.5, 0.5, 0.5)
    assert (request.duration, request.motif_tags) == (180, ["memory"])
    assert request.model_dump(exclude_none=True).keys() == {
        "valence", "arousal", "focus", "confidence", "duration", "motif_tags"
    }  # fmt: skip


def test_tags_come_as_a_list_or_with_commas() -> None:
    assert MusicRequest.model_validate({"motif_tags": "rain, the sea,, "}).motif_tags == ["rain", "the sea"]
    assert MusicRequest.model_validate_json('{"motif_tags":["rain, soft"]}').motif_tags == ["rain, soft"]


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("valence", [-1, 1], [-1.01, 1.01, float("nan"), "sad"]),
        ("arousal", [0, 1], [-0.1, 1.1]),
        ("duration", [20, 420], [19, 421, float("inf")]),
        ("tempo", [40, 220], [39, 221]),
        ("timeSignature", ["2/4", "6/8"], ["5/4", "auto"]),
        ("key", ["auto", "F# minor", "x" * 24], ["x" * 25, "😀" * 13]),
        ("form", ["rondo"], ["x" * 25]),
        ("period", ["romantic"], ["x" * 25]),
        ("motif_tags", [[], ["x"] * 24], [["x"] * 25, ["x" * 161]]),
        ("instrumentation", [["piano"] * 8], [["piano"] * 9, "piano"]),
        ("motif_seed", [[1, 14], [1] * 12], [[0], [15], [1] * 13]),
        ("rhythm_seed", [[0.25, 4]], [[0.2], [4.1], [1] * 13]),
        ("section_plan", [{"A": 1}, [{"name": "A", "measures": 8}]], ["A", {"A": "x" * 30_000}]),
        ("humanize", [{"rubato": "none"}], [3]),
        ("mood", [], ["sad"]),
    ],
)
def test_each_field_within_its_limits(field: str, good: list[object], bad: list[object]) -> None:
    for value in good:
        MusicRequest.model_validate({field: value})
    for value in bad:
        with pytest.raises(ValueError, match=field):
            MusicRequest.model_validate({field: value})


def test_a_plan_that_has_no_end_is_refused() -> None:
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    itself: dict[str, object] = {}
    itself["again"] = itself
    for plan in (deep, itself):
        with pytest.raises(ValueError, match="section_plan"):
            MusicRequest.model_validate({"section_plan": plan})
