"""The release: whole, the same for the same inputs, and refused where a right is missing."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from boumb_assets.release.folder import ReleaseFacts, build_release, public_name
from boumb_assets.release.licence import licence_text, release_licence
from boumb_assets.release.manifest import ReleaseManifest, ReleaseRefusedError, release_problems
from boumb_assets_tests.rights.ledgers import YEAR, by_dataset, ledger, sha

BRAHMS = {"sha256": sha(1), "path": "a.mid", "composer": "Johannes Brahms", "composer_died": 1897}
GROOVE = by_dataset("groove", "CC-BY-4.0", "same", "Gillick et al.")
LEDGER = pa.concat_tables(
    [
        ledger(by_dataset("lieder", "CC0-1.0", "public-domain"), BRAHMS),
        ledger(GROOVE, {"sha256": sha(2), "path": "b.mid"}, {"sha256": sha(3), "path": "c.mid"}),
        ledger(by_dataset("lakh", None, None), {"sha256": sha(4), "path": "d.mid"}),
    ]
)
EVALUATION = {"ft": {"valid": 1.0, "loss": 0.123456, "name": "x"}, "rules": {"valid": float("nan")}, "rows": 50}
FACTS = ReleaseFacts(
    variant="nano",
    base="nano",
    base_licence="Apache-2.0",
    profile="commercial",
    year=YEAR,
    contracts={"boumb-sequence": "1" * 16, "drum-pattern": "2" * 16},
    smoke=True,
)


def _provenance(*rows: tuple[str, str]) -> pa.Table:
    return pa.table({"dataset": [row[0] for row in rows], "sha256": [row[1] for row in rows]})


USED = _provenance(("lieder", sha(1)), ("groove", sha(2)), ("groove", sha(2)))


def _safetensors(path: Path, data: bytes = b"\0" * 8) -> None:
    header = json.dumps({"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, len(data)]}}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + data)


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """A folder as peft and transformers leave it, with what does not belong into a release."""
    folder = tmp_path / "adapter"
    folder.mkdir()
    config = {"base_model_name_or_path": "/home/me/.boumb/base", "target_modules": ["v_proj", "q_proj"], "r": 8}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    _safetensors(folder / "adapter_model.safetensors")
    (folder / "tokenizer.json").write_text("{}")
    (folder / "tokenizer_config.json").write_text(json.dumps({"name_or_path": "/home/me/x", "model_max_length": 2048}))
    (folder / "chat_template.jinja").write_text("{% generation %}{% endgeneration %}")
    (folder / "training_args.bin").write_bytes(b"\x80\x04pickle")
    return folder


def _build(out: Path, adapter: Path, **changes: Any) -> ReleaseManifest:
    values: dict[str, Any] = {
        "facts": FACTS,
        "training_provenance": USED,
        "ledger": LEDGER,
        "evaluation": EVALUATION,
        **changes,
    }
    return build_release(out, adapter, **values)


def test_the_folder_is_as_the_hub_expects_it(tmp_path: Path, adapter: Path) -> None:
    out = tmp_path / "release"
    manifest = _build(out, adapter)
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()) == [
        "ATTRIBUTION.md",
        "LICENSE",
        "NOTICE",
        "README.md",
        "adapter_config.json",
        "adapter_model.safetensors",
        "chat_template.jinja",
        "eval_results.json",
        "release.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "training_content.md",
        "training_data/croissant.json",
        "training_data/manifest.json",
        "training_data/takedowns.json",
    ]
    assert manifest.datasets == {"groove": 1, "lieder": 1}
    assert manifest.publishable
    assert release_problems(out) == []
    assert ReleaseManifest.model_validate_json((out / "release.json").read_bytes()) == manifest


def test_nothing_of_this_machine_is_inside(tmp_path: Path, adapter: Path) -> None:
    out = tmp_path / "release"
    _build(out, adapter, facts=FACTS.model_copy(update={"base": str(tmp_path / "models" / "mine")}))
    for path in out.rglob("*"):
        if path.is_file():
            assert b"/home/me" not in path.read_bytes()
            assert str(tmp_path).encode() not in path.read_bytes()
    config = json.loads((out / "adapter_config.json").read_text())
    assert (config["base_model_name_or_path"], config["target_modules"]) == ("mine", ["q_proj", "v_proj"])


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path, adapter: Path) -> None:
    shuffled = LEDGER.take([2, 0, 3, 1])
    first = _build(tmp_path / "x", adapter)
    second = _build(tmp_path / "y", adapter, ledger=shuffled, training_provenance=USED.take([2, 1, 0]))
    assert first == second
    for path in (tmp_path / "x").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "y" / path.relative_to(tmp_path / "x")).read_bytes()


def test_a_release_is_replaced_whole_and_its_version_follows_its_content(tmp_path: Path, adapter: Path) -> None:
    out = tmp_path / "release"
    first = _build(out, adapter)
    (out / "left-over").write_text("x")
    assert release_problems(out) == ["left-over does not belong to the release"]
    second = _build(out, adapter, evaluation={"valid": 0.5})
    assert first.version != second.version
    assert release_problems(out) == []


def test_every_source_is_listed_with_its_terms(tmp_path: Path, adapter: Path) -> None:
    _build(tmp_path / "r", adapter)
    sources = json.loads((tmp_path / "r" / "training_data" / "manifest.json").read_text())["files"]
    assert [(item["dataset"], item["sha256"]) for item in sources] == [("groove", sha(2)), ("lieder", sha(1))]
    assert sources[0]["encoding_licence"] == "CC-BY-4.0"
    assert sources[0]["attribution"] == "Gillick et al."
    assert sources[1]["composer"] == "Johannes Brahms"
    assert "Gillick et al." in (tmp_path / "r" / "ATTRIBUTION.md").read_text()
    assert "lakh" not in (tmp_path / "r" / "NOTICE").read_text()


def test_the_card_is_read_by_the_hub_and_honest(tmp_path: Path, adapter: Path) -> None:
    _build(tmp_path / "r", adapter)
    _, head, body = (tmp_path / "r" / "README.md").read_text().split("---\n", 2)
    front = yaml.safe_load(head)
    assert front["license"] == "apache-2.0"
    assert front["library_name"] == "peft"
    assert "base_model" not in front
    metrics = front["model-index"][0]["results"][0]["metrics"]
    assert {item["type"]: item["value"] for item in metrics} == {"ft.loss": 0.123456, "ft.valid": 1.0, "rows": 50}
    assert "This is a smoke model" in body
    assert "| ft.loss | 0.1235 |" in body
    assert "| groove | 1 | CC-BY-4.0 |" in body
    assert json.loads((tmp_path / "r" / "eval_results.json").read_text())["rules"] == {"valid": None}


def test_a_card_of_a_hub_model_names_its_base_and_is_no_smoke(tmp_path: Path, adapter: Path) -> None:
    facts = FACTS.model_copy(update={"base": "Qwen/Qwen2.5-0.5B-Instruct", "smoke": False, "variant": "qwen2.5-0.5b"})
    _build(tmp_path / "r", adapter, facts=facts, evaluation={})
    text = (tmp_path / "r" / "README.md").read_text()
    assert yaml.safe_load(text.split("---\n")[1])["base_model"] == "Qwen/Qwen2.5-0.5B-Instruct"
    assert "smoke" not in text
    assert "No figure was measured." in text
    assert "model-index" not in text


def test_a_base_that_no_hub_has_goes_along(tmp_path: Path, adapter: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    (base / "config.json").write_text('{"_name_or_path": "/home/me/x", "hidden_size": 8}')
    with pytest.raises(ReleaseRefusedError, match=r"model\.safetensors"):
        _build(tmp_path / "r", adapter, base_folder=base)
    assert not (tmp_path / "r").exists()
    _safetensors(base / "model.safetensors")
    _build(tmp_path / "r", adapter, base_folder=base)
    assert json.loads((tmp_path / "r" / "base_model" / "config.json").read_text()) == {"hidden_size": 8}
    assert "base_model" in (tmp_path / "r" / "README.md").read_text()


@pytest.mark.parametrize("rows", [[("lakh", sha(4))], [("groove", sha(2)), ("groove", sha(9))], []])
def test_what_is_not_cleared_is_refused_before_a_byte_is_written(
    tmp_path: Path, adapter: Path, rows: list[tuple[str, str]]
) -> None:
    provenance = _provenance(*rows).cast(pa.schema([("dataset", pa.string()), ("sha256", pa.string())]))
    with pytest.raises(ReleaseRefusedError):
        _build(tmp_path / "r", adapter, training_provenance=provenance)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["adapter"]


@pytest.mark.parametrize(
    "name", ["adapter_config.json", "adapter_model.safetensors", "tokenizer.json", "chat_template.jinja"]
)
def test_an_adapter_that_is_not_whole_is_refused_and_leaves_the_old_release(
    tmp_path: Path, adapter: Path, name: str
) -> None:
    out = tmp_path / "r"
    before = _build(out, adapter)
    (adapter / name).unlink()
    with pytest.raises(ReleaseRefusedError):
        _build(out, adapter)
    assert release_problems(out) == []
    assert ReleaseManifest.model_validate_json((out / "release.json").read_bytes()) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["adapter", "r"]


@pytest.mark.parametrize("data", [b"", b"\x80\x04pickle.....", b"\xff" * 40])
def test_weights_that_are_no_safetensors_are_refused(tmp_path: Path, adapter: Path, data: bytes) -> None:
    (adapter / "adapter_model.safetensors").write_bytes(data)
    with pytest.raises(ReleaseRefusedError, match="safetensors"):
        _build(tmp_path / "r", adapter)


def test_weights_that_are_cut_short_are_refused(tmp_path: Path, adapter: Path) -> None:
    weights = adapter / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(ReleaseRefusedError, match="cut short"):
        _build(tmp_path / "r", adapter)


def test_a_changed_release_is_found_out(tmp_path: Path, adapter: Path) -> None:
    out = tmp_path / "r"
    _build(out, adapter)
    (out / "NOTICE").write_text("nothing to see")
    (out / "LICENSE").unlink()
    assert release_problems(out) == ["LICENSE is missing", "NOTICE was changed"]
    (out / "release.json").write_text("{}")
    assert len(release_problems(out)) == 1


@pytest.mark.parametrize(
    ("base", "data", "expression", "publishable"),
    [
        ("Apache-2.0", ["CC0-1.0", "CC-BY-4.0"], "Apache-2.0", True),
        ("Apache-2.0", ["CC-BY-SA-4.0"], "Apache-2.0 AND CC-BY-SA-4.0", True),
        ("CC-BY-SA-4.0", ["CC-BY-SA-4.0"], "CC-BY-SA-4.0", True),
        ("MIT OR Apache-2.0", ["CC-BY-NC-4.0"], "(MIT OR Apache-2.0) AND CC-BY-NC-4.0", True),
        ("unknown", ["CC0-1.0"], "LicenseRef-unknown", False),
        ("Llama 3.2 Community", ["CC0-1.0"], "LicenseRef-Llama-3.2-Community", False),
    ],
)
def test_the_licence_joins_data_and_base(base: str, data: list[str], expression: str, publishable: bool) -> None:
    rows = [
        ledger(by_dataset(f"d{n}", text, "public-domain"), BRAHMS, profile="non-commercial")
        for n, text in enumerate(data)
    ]
    found = release_licence(base, pa.concat_tables(rows))
    assert found.expression == expression
    assert (found.problem is None) is publishable


def test_licences_that_cannot_be_met_together_are_refused() -> None:
    rows = [
        ledger(by_dataset(f"d{n}", text, "public-domain"), BRAHMS)
        for n, text in enumerate(["CC-BY-SA-4.0", "ODbL-1.0"])
    ]
    with pytest.raises(ReleaseRefusedError, match=r"CC-BY-SA-4\.0 and ODbL-1\.0"):
        release_licence("Apache-2.0", pa.concat_tables(rows))


def test_the_licence_file_carries_the_text_or_the_address() -> None:
    assert "Version 2.0, January 2004" in licence_text("Apache-2.0")
    both = licence_text("Apache-2.0 AND CC-BY-SA-4.0")
    assert both.startswith("SPDX-License-Identifier: Apache-2.0 AND CC-BY-SA-4.0")
    assert "Version 2.0, January 2004" in both
    assert "https://spdx.org/licenses/CC-BY-SA-4.0.html" in both


def test_a_path_is_named_by_its_last_part() -> None:
    names = ["Qwen/Qwen2.5-0.5B-Instruct", "nano", "/data/models/mine/", "./mine", "C:\\models\\mine"]
    assert [public_name(name) for name in names] == ["Qwen/Qwen2.5-0.5B-Instruct", "nano", "mine", "mine", "mine"]
