"""One `boumb.toml`, overridden by BOUMB_* variables: `[rights] profile` is BOUMB_RIGHTS_PROFILE."""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from boumb_assets.lake.engine import Engine

MAX_TOML_BYTES = 1 << 20


class SettingsError(ValueError):
    """A setting that cannot be read; the text says which one and what to do."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RightsSettings(_Section):
    """What may be trained on."""

    profile: Literal["commercial", "non-commercial", "evaluation"] = Field(
        default="commercial", description="The use that the rights must allow."
    )
    jurisdictions: tuple[Literal["EU", "US"], ...] = Field(
        default=("EU", "US"),
        min_length=1,
        description="Where a work must be in the public domain: EU, US, or both.",
    )
    year: int | None = Field(
        default=None, ge=1900, le=3000, description="The year that terms of protection are counted to; default: now."
    )

    @field_validator("jurisdictions", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return [part.strip().upper() for part in value.split(",")] if isinstance(value, str) else value

    @property
    def counted_to(self) -> int:
        """The year that terms of protection are counted to. They end with a year's end, so what depends on it is made
        again when a year begins."""
        return self.year or datetime.now(UTC).year


class LoopSettingsSection(_Section):
    """What is kept as a loop."""

    max_loss: float = Field(
        default=1.0, gt=0, description="Mean error of onset plus that of length, in sixteenths, at most."
    )
    max_onset_error: float = Field(
        default=0.25, gt=0, description="Mean error of onset alone, in sixteenths and without a constant lag, at most."
    )
    min_notes: int = Field(default=2, ge=1, description="Fewer notes make no loop.")
    max_notes: int = Field(default=64, ge=1, le=200, description="More notes are not asked of a model.")
    max_drum_notes: int = Field(default=96, ge=1, le=200, description="The same for the hits of a drum pattern.")
    max_silence: int = Field(default=16, ge=1, description="The longest rest in sixteenths, at most.")
    min_coverage: float = Field(
        default=0.85, ge=0, le=1, description="The share of a loop that its file's scale must cover to be the loop's."
    )
    min_loopability: float = Field(
        default=0.5, ge=0, le=1, description="How well its end leads into its beginning, at least."
    )
    min_interest: float = Field(
        default=0.1, ge=0, le=1, description="How much there is to hear, at least; one note over and over has 0."
    )


class DataSettings(_Section):
    """The rows that a model learns from."""

    prompts_per_loop: int = Field(default=2, ge=1, le=32, description="Prompts written for each loop.")
    max_answer_tokens: int = Field(default=950, ge=64, description="Longer answers are left out of the rows.")
    seed: int = Field(default=0, ge=0, lt=1 << 48, description="The seed of prompts, system prompts and shuffling.")
    transpose: Literal["load", "sample", "all"] = Field(
        default="load",
        description="`load`: rows in their own key, which the trainer moves; `sample`: in some keys; `all`: in each of "
        "the twelve that range allows. For training alone, and never drums.",
    )
    keys: int = Field(default=2, ge=1, le=12, description="Keys of a loop where they are sampled, its own included.")
    shard_mib: float = Field(default=64, gt=0, le=1024, description="JSON lines of a shard, about.")


class ModelVariables(_Section):
    """The variables of the SQL models; what is not set is as `vars` of dbt_like_sql/dbt_project.yml says."""

    held_out_styles: tuple[Annotated[str, Field(pattern=r"^[\w .&+-]{1,64}/[\w .&+/-]{1,64}$")], ...] | None = Field(
        default=None, max_length=256, description="`data set/style`, as its own metadata say, that only tests have."
    )
    test_percent: int | None = Field(default=None, ge=0, le=50, description="Of the groups of works, drawn for test.")
    validation_percent: int | None = Field(default=None, ge=0, le=50, description="Drawn for validation.")
    telling_notes: int | None = Field(default=None, ge=1, description="Loops and files with fewer tell nothing of kin.")
    common_files: int | None = Field(default=None, ge=2, description="What more files have is no sign of one work.")
    collection_files: int | None = Field(
        default=None, ge=1, description="More files of one name, or with one loop, are a collection and no work."
    )
    kin_bands: int | None = Field(
        default=None, ge=1, le=16, description="Of the 16 bands of a loop that a file has, for it to have its like."
    )
    kin_loops: int | None = Field(default=None, ge=1, description="Loops that files of one work have in common.")
    version_loops: int | None = Field(
        default=None, ge=1, description="The same for loops that more than `common_files` have, as versions do."
    )
    equal_bands: int | None = Field(
        default=None, ge=1, le=17, description="Bands that make two loops as good as equal; 17: none are."
    )
    quota_dataset: int | None = Field(default=None, ge=0, description="Loops of a data set in a split, at most.")
    quota_role: int | None = Field(default=None, ge=0, description="Of them of one role.")
    quota_style: int | None = Field(default=None, ge=0, description="Of them of one style.")

    @field_validator("held_out_styles", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("held_out_styles")
    @classmethod
    def _lower(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if value is None else tuple(sorted({style.lower() for style in value}))


class TrainingSettings(_Section):
    """How the default variant is trained; a variant may override each."""

    base_steps: int = Field(default=350, ge=1, description="Pre-training steps of a base model made from scratch.")
    lora_steps: int = Field(default=240, ge=1, description="Fine-tuning steps of the adapter.")
    seed: int = 0


class VariantSettings(_Section):
    """One line of models: base model x contract mix."""

    base: str = Field(description="`nano` for the small model made from scratch, a hub id, or a path.")
    contracts: tuple[str, ...] = Field(
        default=("boumb-sequence", "drum-pattern"), description="The contracts that its rows are taken from."
    )
    base_licence: str = Field(default="unknown", description="SPDX; a release on an unknown one is not publishable.")
    lora_steps: int | None = Field(default=None, ge=1)


KNOWN_VARIANTS = {
    "nano": VariantSettings(base="nano", base_licence="Apache-2.0"),
    "qwen2.5-0.5b": VariantSettings(base="Qwen/Qwen2.5-0.5B-Instruct", base_licence="Apache-2.0"),
    "tinyllama-1.1b": VariantSettings(base="TinyLlama/TinyLlama-1.1B-Chat-v1.0", base_licence="Apache-2.0"),
}


class Settings(_Section):
    """The platform's settings."""

    home: Path = Field(default=Path(".boumb"), description="Where the lake, the models and Dagster's storage live.")
    workers: int = Field(
        default=0, ge=0, le=1024, description="Worker processes; 0: one a core, of this machine or of the Ray cluster."
    )
    engine: Literal["local", "ray"] = Field(default="local", description="Where the files of a data set are read.")
    ray_address: str = Field(
        default="", description="Of the Ray cluster; empty: the one that runs here or is in RAY_ADDRESS, else our own."
    )
    executor: Literal["local", "ray", "k8s"] = Field(default="local", description="Where Dagster's steps run.")
    base_model: str | None = Field(
        default=None, description="A hub id or a path: adds a variant that is named after it."
    )
    rights: RightsSettings = RightsSettings()
    loops: LoopSettingsSection = LoopSettingsSection()
    data: DataSettings = DataSettings()
    vars: ModelVariables = ModelVariables()
    training: TrainingSettings = TrainingSettings()
    variants: dict[str, VariantSettings] = Field(default_factory=dict, description="Further variants, by name.")

    @property
    def engine_options(self) -> Engine:
        """The engine that files are read by."""
        return Engine(self.engine, self.workers, self.ray_address)

    def variant(self, name: str) -> VariantSettings:
        """The settings of variant ``name``. Raises SettingsError with the names that are known."""
        known = self.all_variants()
        if name not in known:
            raise SettingsError(
                f"{name!r} is no variant; known: {', '.join(sorted(known))}. Set BOUMB_BASE_MODEL to a hub id "
                f"or a path, or add [variants.{name}] to boumb.toml"
            )
        return known[name]

    def all_variants(self) -> dict[str, VariantSettings]:
        """Every variant that could be made: the known ones, those of the file, and the one of BOUMB_BASE_MODEL."""
        own = {variant_name(self.base_model): VariantSettings(base=self.base_model)} if self.base_model else {}
        return {**KNOWN_VARIANTS, **own, **self.variants}

    def default_variants(self) -> tuple[str, ...]:
        """The variants that `boumb run` makes when none is named: that of BOUMB_BASE_MODEL, or `nano`."""
        return (variant_name(self.base_model),) if self.base_model else ("nano",)


def variant_name(base: str) -> str:
    """A variant's name from a hub id or a path: its last part, lower case, in letters, digits, dots and hyphens."""
    known = {variant.base: name for name, variant in KNOWN_VARIANTS.items()}
    if base in known:
        return known[base]
    last = base.rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1].lower()
    name = re.sub(r"[^a-z0-9.-]+", "-", last).strip("-.")[:40]
    if not name:
        raise SettingsError(f"base_model {base!r} gives no name for a variant; use a hub id or a path")
    return f"{name}-local" if name in KNOWN_VARIANTS else name


def load_settings(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """The settings of ``folder`` (default: the working directory) under the variables of ``environ``.

    Raises SettingsError in one line: the file is no TOML, a key is unknown, a value does not fit.
    """
    environ = os.environ if environ is None else environ
    folder = Path.cwd() if folder is None else folder
    path = Path(environ.get("BOUMB_CONFIG", folder / "boumb.toml"))
    values = _read_toml(path) if path.is_file() else {}
    _apply_variables(values, environ)
    values.setdefault("home", ".boumb")
    home = Path(str(values["home"])).expanduser()
    values["home"] = home if home.is_absolute() else (folder / home)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"setting {where}: {first['msg']} (boumb.toml or BOUMB_{where.upper().replace('.', '_')})"
        ) from None


def _read_toml(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_TOML_BYTES:
        raise SettingsError(f"{path} is larger than {MAX_TOML_BYTES} bytes: that is no settings file")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no TOML: {error}") from None


def _apply_variables(values: dict[str, Any], environ: Mapping[str, str]) -> None:
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, _Section):
            for inner in field.annotation.model_fields:
                text = environ.get(f"BOUMB_{name}_{inner}".upper())
                if text is not None:
                    values.setdefault(name, {})[inner] = text
        elif name != "variants" and (text := environ.get(f"BOUMB_{name}".upper())):
            values[name] = text
