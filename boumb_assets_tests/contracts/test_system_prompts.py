import json
import re

import pytest

from boumb_assets.contracts.registry import CONTRACTS, contract
from boumb_assets.contracts.system_prompts import LANGUAGES, SYSTEM_PROMPTS, analysis_prompt, system_prompt


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CONTRACTS)
def test_every_contract_has_both_forms_in_both_languages(name: str, language: str) -> None:
    line, app = system_prompt(name, "line", language), system_prompt(name, "app", language)
    assert system_prompt(name, "none", language) is None
    assert line is not None and app is not None and len(line) < len(app)
    assert "{pitches}" not in app and "{{" not in app and "JSON" in line and "JSON" in app
    assert len(SYSTEM_PROMPTS) == 2 * len(CONTRACTS) * len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["boumb-sequence", "boumb-steps"])
def test_the_app_lists_its_pitches_in_brackets(name: str, language: str) -> None:
    told, untold = (system_prompt(name, "app", language, pitches) for pitches in (["C3", "D#3"], []))
    assert told is not None and "[C3, D#3]" in told
    assert untold is not None and "C3, D#3" not in untold and len(untold) < len(told)


@pytest.mark.parametrize("name", ["boumb-sequence", "boumb-steps", "drum-pattern"])
def test_the_example_in_a_line_is_of_the_contracts_shape(name: str) -> None:
    line = system_prompt(name, "line", "en")
    example = re.search(r"\{.*\}", line or "")
    assert example is not None
    codes = {violation.code for violation in contract(name).violations(example[0])}
    assert json.loads(example[0]) and codes <= {"bad_time"}  # "bar:beat:sixteenth" stands for a time


def test_what_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no contract"):
        system_prompt("midi", "none", "en")
    for form, language in (("app", "de"), ("long", "en")):
        with pytest.raises(ValueError, match="no system prompt"):
            system_prompt("boumb-steps", form, language)  # type: ignore[arg-type]


def test_the_analysis_asks_for_parameters_in_the_projects_key() -> None:
    told = analysis_prompt("C", "minor")
    assert all(word in told for word in ("root", "scale_type", "bpm", "density", "octave_range", "C minor"))
