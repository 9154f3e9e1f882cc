"""The `boumb` command, where it needs no lake: results on stdout, errors in one line."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from boumb_assets.cli import commands
from boumb_assets.contracts.registry import contract

DRUMS = '{"clips":{"track-kick":[{"time":"0:0:0","note":"C4","duration":"16n","velocity":1.0}]}}'
LOOP = '{"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9}]}'


def boumb(tmp_path: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {"BOUMB_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-m", "boumb_assets", *arguments],
        cwd=tmp_path, env=environment, input=stdin, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 2, result.stderr
    assert result.stderr.startswith("boumb: ") and result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def test_generate_without_a_lake_falls_back_to_rules(tmp_path: Path) -> None:
    result = boumb(
        tmp_path, "generate", "Basse funky", "--json", "-o", "a.mid", "-o", "a.wav", "-o", "a.png", "-o", "a.json"
    )
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert answer["provider"] == "rules"
    assert contract("boumb-sequence").parse(answer["text"]).to_json() == answer["text"]
    heads = {"a.mid": b"MThd", "a.wav": b"RIFF", "a.png": b"\x89PNG", "a.json": b'{"seq'}
    assert {name: (tmp_path / name).read_bytes()[: len(head)] for name, head in heads.items()} == heads


def test_generate_names_what_is_missing(tmp_path: Path) -> None:
    assert "`boumb run --variant nano` makes it" in one_line(boumb(tmp_path, "generate", "x", "--provider", "ft"))
    assert "is no provider" in one_line(boumb(tmp_path, "generate", "x", "--provider", "oracle"))
    assert "say what to play" in one_line(boumb(tmp_path, "generate"))


def test_a_structure_for_a_request_on_standard_input(tmp_path: Path) -> None:
    request = json.dumps({"valence": -0.4, "arousal": 0.3, "duration": 60, "form": "ABA"})
    result = boumb(tmp_path, "generate", "--contract", "music-structure", "--request", "-", stdin=request)
    assert result.returncode == 0, result.stderr
    contract("music-structure").parse(result.stdout)


def test_validate_says_code_path_and_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(LOOP.replace("C2", "Bb2"))
    result = boumb(tmp_path, "validate", "bad.json", "--json")
    assert result.returncode == 2
    found = json.loads(result.stdout)
    assert not found["valid"] and set(found["violations"][0]) == {"code", "path", "message"}
    mended = boumb(tmp_path, "validate", "bad.json", "--repair")
    assert contract("boumb-sequence").parse(mended.stdout)
    (tmp_path / "good.json").write_text(DRUMS)
    good = boumb(tmp_path, "validate", "good.json")
    assert good.returncode == 0 and "drum-pattern" in good.stderr


def test_render_and_convert_are_inverse_for_a_loop(tmp_path: Path) -> None:
    loop = boumb(tmp_path, "generate", "Basse funky", "--provider", "rules").stdout.strip()
    (tmp_path / "loop.json").write_text(loop)
    assert boumb(tmp_path, "render", "loop.json", "-o", "loop.mid", "--bpm", "100").returncode == 0
    back = boumb(tmp_path, "convert", "loop.mid", "--contract", "boumb-sequence")
    assert back.returncode == 0, back.stderr
    notes = [note.note for note in contract("boumb-sequence").parse(back.stdout).sequence]  # type: ignore[attr-defined]
    assert notes == [note.note for note in contract("boumb-sequence").parse(loop).sequence]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty_file|not_midi"),
        (b"not midi at all", "not_midi"),
        (b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\0\xff", "truncated|malformed|no_notes"),
    ],
)
def test_convert_says_why_a_file_is_refused(tmp_path: Path, data: bytes, word: str) -> None:
    (tmp_path / "bad.mid").write_bytes(data)
    line = one_line(boumb(tmp_path, "convert", "bad.mid"))
    assert any(reason in line for reason in word.split("|")), line
    assert "there is no file" in one_line(boumb(tmp_path, "convert", "none.mid"))


def test_contract_shows_what_is_derived(tmp_path: Path) -> None:
    shown = boumb(tmp_path, "contract", "show").stdout
    assert all(name in shown for name in ("boumb-sequence", "boumb-steps", "drum-pattern", "music-structure"))
    assert json.loads(boumb(tmp_path, "contract", "schema", "boumb-steps").stdout)["type"] == "object"
    assert "root ::=" in boumb(tmp_path, "contract", "grammar", "boumb-sequence").stdout
    assert '{"note":"C2",' in boumb(tmp_path, "contract", "vocabulary", "boumb-sequence").stdout


def test_data_sets_are_declared_shown_and_removed(tmp_path: Path) -> None:
    (tmp_path / "songs").mkdir()
    added = boumb(tmp_path, "dataset", "add", "songs", "songs", "--licence", "CC0-1.0")
    assert added.returncode == 0 and "composition" in added.stderr  # says what stays denied
    assert json.loads(boumb(tmp_path, "dataset", "show", "songs").stdout)["source"] == str(tmp_path / "songs")
    assert [row["name"] for row in json.loads(boumb(tmp_path, "dataset", "list", "--json").stdout)] == ["songs"]
    assert boumb(tmp_path, "dataset", "remove", "songs").returncode == 0
    one_line(boumb(tmp_path, "dataset", "show", "songs"))
    one_line(boumb(tmp_path, "dataset", "add", "../escape", "songs"))
    one_line(boumb(tmp_path, "dataset", "add", "songs", "nowhere"))
    one_line(boumb(tmp_path, "dataset", "add", "songs", "songs", "--licence", "Not-A-Licence"))


def test_a_setting_that_does_not_fit_is_named(tmp_path: Path) -> None:
    (tmp_path / "boumb.toml").write_text('[rights]\nprofile = "generous"\n')
    assert "rights.profile" in one_line(boumb(tmp_path, "dataset", "list"))
    (tmp_path / "boumb.toml").write_text("nonsense")
    assert "no TOML" in one_line(boumb(tmp_path, "dataset", "list"))


def test_every_command_and_every_option_is_explained() -> None:
    todo: list[click.Command] = [commands]
    while todo:
        command = todo.pop()
        assert command.help, command.name
        if isinstance(command, click.Group):
            todo.extend(command.commands.values())
        unsaid = [one.name for one in command.params if isinstance(one, click.Option) and not one.help]
        assert not unsaid, f"{command.name}: {unsaid}"
