"""One boumb.toml, overridden by variables."""

from pathlib import Path

import pytest

from boumb_assets.lake.engine import Engine
from boumb_assets.settings import SettingsError, load_settings, variant_name


def test_defaults(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path)
    assert settings.home == tmp_path / ".boumb"
    assert settings.rights.profile == "commercial"
    assert settings.default_variants() == ("nano",)


def test_the_file_then_the_variable(tmp_path: Path) -> None:
    (tmp_path / "boumb.toml").write_text('home = "lake"\n[training]\nlora_steps = 7\nseed = 3\n')
    settings = load_settings({"BOUMB_TRAINING_LORA_STEPS": "9"}, tmp_path)
    assert settings.home == tmp_path / "lake"
    assert (settings.training.lora_steps, settings.training.seed) == (9, 3)


def test_the_engine_is_chosen(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path).engine_options == Engine("local", 0, "")
    (tmp_path / "boumb.toml").write_text('engine = "ray"\nray_address = "10.0.0.1:6379"\nworkers = 3\n')
    assert load_settings({}, tmp_path).engine_options == Engine("ray", 3, "10.0.0.1:6379")
    with pytest.raises(SettingsError, match="engine"):
        load_settings({"BOUMB_ENGINE": "dask"}, tmp_path)


@pytest.mark.parametrize("text", ["[rights]\nprofil = 'commercial'\n", "workers = -1\n", "[rights\n", "x = 1\n"])
def test_what_does_not_fit_is_an_error_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "boumb.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings({}, tmp_path)
    assert "\n" not in str(caught.value)


def test_a_base_model_makes_another_variant(tmp_path: Path) -> None:
    settings = load_settings({"BOUMB_BASE_MODEL": "Some/Base_Model-7B"}, tmp_path)
    assert settings.default_variants() == ("base-model-7b",)
    assert settings.variant("base-model-7b").base == "Some/Base_Model-7B"
    assert settings.variant("nano").base == "nano"
    with pytest.raises(SettingsError, match="BOUMB_BASE_MODEL"):
        settings.variant("unheard-of")


@pytest.mark.parametrize(
    ("base", "name"),
    [
        ("Qwen/Qwen2.5-0.5B-Instruct", "qwen2.5-0.5b"),
        ("/models/My Model", "my-model"),
        ("x/nano", "nano-local"),
        ("nano", "nano"),
    ],
)
def test_names_of_variants(base: str, name: str) -> None:
    assert variant_name(base) == name


def test_a_base_without_a_name_is_refused() -> None:
    with pytest.raises(SettingsError):
        variant_name("///")
