"""The files of a model that belong into a release: known names only, no path of this machine inside, no code."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from boumb_assets.release.manifest import ReleaseRefusedError, json_text

ADAPTER_CONFIG: Final = "adapter_config.json"
ADAPTER_WEIGHTS: Final = "adapter_model.safetensors"
TOKENIZER_FILES: Final = (
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
)
BASE_FILES: Final = ("config.json", "generation_config.json", "model.safetensors", *TOKENIZER_FILES)

_MAX_CONFIG_BYTES: Final = 8 << 20
_MAX_HEADER_BYTES: Final = 100_000_000  # the limit of the safetensors format itself
_CONFIGS: Final = frozenset(["config.json", "generation_config.json", "tokenizer_config.json"])
_MACHINE_KEYS: Final = frozenset(["name_or_path", "_name_or_path"])


def copy_adapter(adapter: Path, target: Path, base: str) -> None:
    """Copies an adapter as peft wrote it; its configuration names ``base``, and lists that peft makes of sets are
    sorted. Raises ReleaseRefusedError for an adapter that is not whole."""
    config = _read_config(adapter / ADAPTER_CONFIG)
    config["base_model_name_or_path"] = base
    config = {key: sorted(value) if _is_set(key, value) else value for key, value in config.items()}
    (target / ADAPTER_CONFIG).write_text(json_text(config), encoding="utf-8")
    _copy(adapter / ADAPTER_WEIGHTS, target)


def copy_tokenizer(tokenizer: Path, target: Path) -> None:
    """Copies a tokenizer with its chat template. Raises ReleaseRefusedError where there is none."""
    _copy_known(tokenizer, target, TOKENIZER_FILES)
    if not (target / "tokenizer.json").exists() and not (target / "tokenizer.model").exists():
        raise ReleaseRefusedError(f"{tokenizer} has no tokenizer: neither tokenizer.json nor tokenizer.model")
    template = (target / "chat_template.jinja").exists()
    if not template and "chat_template" not in _read_config(target / "tokenizer_config.json"):
        raise ReleaseRefusedError(f"{tokenizer} has no chat template, and without it nobody can ask the model anything")


def copy_base(base: Path, target: Path) -> None:
    """Copies a base model that no hub has. Raises ReleaseRefusedError where it is not whole."""
    target.mkdir()
    _copy_known(base, target, BASE_FILES)
    for name in ("config.json", "model.safetensors"):
        if not (target / name).exists():
            raise ReleaseRefusedError(f"{base} has no {name}, and is no whole base model")


def _copy_known(source: Path, target: Path, names: tuple[str, ...]) -> None:
    for name in names:
        path = source / name
        if not path.exists():
            continue
        if name in _CONFIGS:
            config = {key: value for key, value in _read_config(path).items() if key not in _MACHINE_KEYS}
            (target / name).write_text(json_text(config), encoding="utf-8")
        else:
            _copy(path, target)


def _copy(path: Path, target: Path) -> None:
    if path.is_symlink() or not path.is_file():
        raise ReleaseRefusedError(f"{path} is missing, or no regular file: train the adapter again")
    if path.suffix == ".safetensors":
        _check_safetensors(path)
    shutil.copyfile(path, target / path.name)


def _read_config(path: Path) -> dict[str, Any]:
    if path.is_symlink() or not path.is_file():
        raise ReleaseRefusedError(f"{path} is missing, or no regular file: train the adapter again")
    if path.stat().st_size > _MAX_CONFIG_BYTES:
        raise ReleaseRefusedError(f"{path} is larger than {_MAX_CONFIG_BYTES} bytes, and no configuration")
    try:
        values = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ReleaseRefusedError(f"{path} is no JSON: {error}") from None
    if not isinstance(values, Mapping):
        raise ReleaseRefusedError(f"{path} is no JSON object")
    return dict(values)


def _check_safetensors(path: Path) -> None:
    """Reads the header alone: its length (8 bytes, little-endian), then JSON that places each tensor in the rest."""
    size = path.stat().st_size
    with path.open("rb") as handle:
        length = int.from_bytes(handle.read(8), "little")
        if not 2 <= length <= min(_MAX_HEADER_BYTES, size - 8):
            raise ReleaseRefusedError(f"{path} is cut short, or no safetensors file")
        try:
            header = json.loads(handle.read(length))
            end = max((place["data_offsets"][1] for name, place in header.items() if name != "__metadata__"), default=0)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            raise ReleaseRefusedError(f"{path} is no safetensors file") from None
    if end + 8 + length != size:
        raise ReleaseRefusedError(f"{path} is cut short: {size} bytes of {end + 8 + length}")


def _is_set(key: str, value: Any) -> bool:
    names = ("target_modules", "modules_to_save", "exclude_modules", "target_parameters")
    return key in names and isinstance(value, list) and all(isinstance(item, str) for item in value)
