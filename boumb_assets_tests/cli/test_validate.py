"""`boumb validate` says what is wrong, what it did about it, and keeps to what was asked for."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from boumb_assets.cli.music import validate
from boumb_assets.contracts.boumb_sequence import BoumbSequence

LOOP = '{"sequence":[{"note":"C#5","time":"0:0:0","duration":"8n.","velocity":0.9}]}'
REQUEST = '{"root":0,"scale":"minor","role":"bass","bars":2}'


def said(folder: Path, *arguments: str) -> tuple[int, str, str]:
    (folder / "loop.json").write_text(LOOP)
    (folder / "request.json").write_text(REQUEST)
    paths = [str(folder / part) if part.endswith(".json") else part for part in arguments]
    result = CliRunner().invoke(validate, paths)
    return result.exit_code, result.stdout, result.output


def test_repair_prints_the_music_and_says_what_was_wrong_and_what_it_did(tmp_path: Path) -> None:
    code, out, _ = said(tmp_path, "loop.json", "--repair", "--json")
    told = json.loads(out)
    assert code == 0 and not told["valid"]
    assert [violation["path"] for violation in told["violations"]] == ["sequence[0].duration"]
    assert told["actions"] == ["set a duration that the contract knows"]
    assert told["changes"] == [{"path": "sequence[0].duration", "before": "8n.", "after": "4n"}]
    assert BoumbSequence.model_validate_json(told["repaired"]).sequence[0].note == "C#5"


def test_a_request_is_checked_too_and_met(tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(LOOP.replace("8n.", "8n"))
    code, out, _ = said(tmp_path, "good.json", "--request", "request.json")
    assert code == 2 and [line.split()[0] for line in out.splitlines()] == ["out_of_scale", "out_of_register"]
    code, out, _ = said(tmp_path, "good.json", "--request", "request.json", "--repair", "--json")
    assert code == 0 and BoumbSequence.model_validate_json(json.loads(out)["repaired"]).sequence[0].note == "G3"


def test_a_request_may_be_written_on_the_command_line(tmp_path: Path) -> None:
    code, out, _ = said(tmp_path, "loop.json", "--request", REQUEST, "--repair", "--json")
    assert code == 0 and BoumbSequence.model_validate_json(json.loads(out)["repaired"]).sequence[0].note == "G3"


@pytest.mark.parametrize("arguments", [("--repair",), ("--repair", "--json"), ()])
def test_what_cannot_be_mended_ends_with_two(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "none.json").write_text("no music today")
    assert said(tmp_path, "none.json", *arguments)[0] == 2
