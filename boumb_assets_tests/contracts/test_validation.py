import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.json_text import MOST_CHARACTERS
from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.contracts.registry import CONTRACTS
from boumb_assets.contracts.validation import first_json_object, validate
from boumb_assets_tests.contracts.models import MODELS, QUICK

GOOD = '{"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9}]}'
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["sequence", "note", "time"]), inner),
    max_leaves=8,
)


def _codes(text: object, contract: str = "boumb-sequence") -> list[tuple[str, str]]:
    return [(violation.code, violation.path) for violation in validate(text, contract)]


@pytest.mark.parametrize("name", CONTRACTS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_model_its_text_its_bytes_and_its_json_are_all_valid(name: str, data: st.DataObject) -> None:
    model = data.draw(MODELS[name])
    text = model.to_json()
    for given_ in (model, text, text.encode(), json.loads(text)):
        assert validate(given_, name) == []


@pytest.mark.parametrize("name", CONTRACTS)
@QUICK
@given(data=st.data())
def test_nothing_that_comes_in_raises(name: str, data: st.DataObject) -> None:
    given_ = data.draw(JSON | st.text() | st.binary() | JSON.map(lambda value: json.dumps(value)))
    found = validate(given_, name)
    assert found and all(violation.code and violation.path and violation.message for violation in found)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 100_000, '{"a":' * 100_000, "NaN", '{"sequence":NaN}', "\ud800", '"\\ud800"', "1" * 10_000, "null"],
)
def test_texts_that_break_readers_are_violations(text: str) -> None:
    assert _codes(text)[0][0] in ("not_json", "wrong_type")


def test_objects_without_json_are_violations() -> None:
    loop: list[Any] = []
    loop.append(loop)
    for given_ in (object(), {"sequence": {1, 2}}, loop, float("nan"), b"\xff", LoopRequest()):
        assert validate(given_)


def test_a_text_beyond_all_bounds_is_not_read() -> None:
    assert _codes(GOOD + " " * MOST_CHARACTERS) == [("too_large", "$")]


def test_an_unknown_contract_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="music-structure"):
        validate(GOOD, "midi")


@pytest.mark.parametrize(
    ("before", "after", "code", "path"),
    [
        ("C2", "Db2", "flat_name", "sequence[0].note"),
        ("C2", "C9", "bad_note", "sequence[0].note"),
        ("0:0:0", "9:0:0", "bad_time", "sequence[0].time"),
        ("8n", "8n.", "not_in_list", "sequence[0].duration"),
        ("0.9", "0.95", "velocity_not_in_tenths", "sequence[0].velocity"),
        ("0.9", "1", "velocity_text", "sequence[0].velocity"),
        ("0.9", "0.90", "velocity_text", "sequence[0].velocity"),
        ("0.9", "9e-1", "velocity_text", "sequence[0].velocity"),
        ("0.9", "90", "out_of_range", "sequence[0].velocity"),
        ("0.9", '"0.9"', "wrong_type", "sequence[0].velocity"),
        (',"velocity":0.9', "", "missing", "sequence[0].velocity"),
        ("0.9}", '0.9,"pan":0}', "extra_key", "sequence[0].pan"),
        ("0.9}", '0.9,"note":"C3"}', "key_twice", "$"),
        ('"duration":"8n","velocity":0.9', '"velocity":0.9,"duration":"8n"', "key_order", "sequence[0]"),
        ("]}", "]}\n", "outer_white_space", "$"),
        ("}]}", '} ,{"note":"D2","time":"0:0:0","duration":"8n","velocity":0.9}]}', "space_before_comma", "$"),
        ('[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9}]', "[]", "too_few", "sequence"),
        ("sequence", "notes", "missing", "sequence"),
    ],
)
def test_each_rule_has_its_code_and_its_place(before: str, after: str, code: str, path: str) -> None:
    assert GOOD.count(before) == 1
    assert (code, path) in _codes(GOOD.replace(before, after))


def test_white_space_after_a_comma_and_other_indentation_is_the_apps_to_read() -> None:
    assert validate(GOOD.replace(",", ", ").replace("[", "[\n ")) == []


def test_every_wrong_value_is_told_of() -> None:
    text = GOOD.replace("C2", "Db2").replace("8n", "8t").replace("0.9", "0")
    assert {path for _, path in _codes(text)} == {"sequence[0].note", "sequence[0].duration", "sequence[0].velocity"}


def test_the_sentence_says_what_is_there_and_what_should_be() -> None:
    (violation,) = validate(GOOD.replace("8n", "8t"))
    assert violation.message == "duration should be '1n', '2n', '4n', '8n', '16n' or '32n'; it is '8t'"


# The first JSON object of an answer


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (GOOD, GOOD),
        (f"Sure! Here you are:\n```json\n{GOOD}\n```\nEnjoy {{it}}.", GOOD),
        (f"{{not json}} {GOOD}", GOOD),
        (f'{{"a": no}} {GOOD} {{"b":1}}', GOOD),
        ('{"a":"}{"}', '{"a":"}{"}'),
        ('[{"a":1},{"b":2}]', '{"a":1}'),
        ('{"sequence":[{"note":"C2"},{"no', None),
        ("no music today", None),
        ("", None),
        ("{" * 900_000, None),
        ('{"a":' * 50_000, None),
        ('{"a":' + "1" * 5000 + "}", None),
        (" " * MOST_CHARACTERS + "{} ", None),
    ],
)
def test_the_first_complete_object_is_found(text: str, found: str | None) -> None:
    assert first_json_object(text) == found


@QUICK
@given(st.text(), st.text(st.characters(exclude_characters="{")), st.dictionaries(st.text(), st.integers()))
def test_an_object_is_found_in_any_prose(after: str, before: str, value: dict[str, int]) -> None:
    found = first_json_object(before + json.dumps(value) + after)
    assert found is not None and json.loads(found) == value
