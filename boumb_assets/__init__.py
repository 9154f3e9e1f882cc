"""Turns rights-cleared MIDI into a small language model that writes only musical JSON.

`import boumb_assets as boumb`, then `boumb.convert`, `boumb.generate`, `boumb.read`, `boumb.validate`; none of them
needs dagster. More, with rendering, is in `boumb_assets.api`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boumb_assets.api import Converted, convert, generate, read, validate

__all__ = ["Converted", "convert", "generate", "read", "validate"]


def __getattr__(name: str) -> Any:
    """Imports the functions when they are first used, so that `import boumb_assets` stays quick."""
    if name in __all__:
        return getattr(import_module("boumb_assets.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
