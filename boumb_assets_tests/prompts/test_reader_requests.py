"""The reader on the hand-written requests, which were committed before it, and how sure it is of what it reads."""

from benchmarks.reader import calibrated, calibration_error, keyword_baseline, read, requests, score, share_right
from boumb_assets.prompts.reader import read_request_with_confidence
from boumb_assets.prompts.reading.certainty import CERTAINTY, KINDS

AT_LEAST = 0.95


def test_reads_the_hand_written_requests() -> None:
    scores = score(requests("requests.jsonl"), read)
    assert share_right(scores) >= AT_LEAST
    assert {field: counts["invented"] for field, counts in scores.items() if counts["invented"]} == {}
    for field, counts in scores.items():
        assert share_right({field: counts}) >= AT_LEAST, field


def test_reads_the_development_requests() -> None:
    scores = score(requests("development_requests.jsonl"), read)
    assert share_right(scores) == 1 and not any(counts["invented"] for counts in scores.values())


def test_is_worth_more_than_a_search_for_keywords() -> None:
    lines = requests("requests.jsonl")
    assert share_right(score(lines, keyword_baseline)) < share_right(score(lines, read)) - 0.2


def test_the_two_sets_share_no_request() -> None:
    ours, theirs = (
        {line["text"].casefold() for line in requests(name)}
        for name in ("development_requests.jsonl", "requests.jsonl")
    )
    assert len(ours) >= 150 and not ours & theirs


def test_certainties_are_those_of_the_script() -> None:
    found = calibrated(requests("development_requests.jsonl"))
    assert {kind: certainty for kind, (certainty, _, _) in found.items()} == CERTAINTY
    assert [CERTAINTY[kind] for kind in KINDS] == sorted(CERTAINTY.values(), reverse=True)


def test_is_as_sure_as_it_may_be() -> None:
    assert calibration_error(requests("requests.jsonl")) < 0.03


def test_surer_of_a_plain_word_than_of_a_slip_or_a_bare_number() -> None:
    plain = read_request_with_confidence("batterie techno, 130 bpm").confidence
    hasty = read_request_with_confidence("batteri tecno 130").confidence
    assert plain.keys() == hasty.keys() == {"role", "style", "bpm"}
    assert all(0 < hasty[name] < plain[name] < 1 for name in plain)


def test_only_what_is_read_has_a_confidence() -> None:
    found = read_request_with_confidence("Context: C major 120BPM. Request: koto, dark or happy?")
    assert dict(found.evidence) == {"root": "context", "scale": "implied", "bpm": "context"}
    assert found.confidence == {name: CERTAINTY[kind] for name, kind in found.evidence.items()}
    assert read_request_with_confidence("").confidence == {}
