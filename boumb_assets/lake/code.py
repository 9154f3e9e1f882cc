"""The version of code: a digest of the syntax trees of the rooms that an asset is made by."""

import ast
import importlib.metadata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from boumb_assets.lake.manifest import digest

DOORS = {"assets.py", "checks.py", "__init__.py"}


@cache
def code_version(rooms: tuple[str, ...], packages: tuple[str, ...] = ()) -> str:
    """A digest that changes when what ``rooms`` (modules or packages) compute may change.

    Comments, docstrings and layout do not count; curated files inside a room do. ``packages`` add
    the installed versions of libraries that decide the result.

    Raises ModuleNotFoundError for a room that does not exist.
    """
    parts = [part for room in rooms for name, path in _files(room) for part in (name, _content(path))]
    parts += [f"{name}=={_installed(name)}" for name in packages]
    return digest(*parts)


def _files(room: str) -> list[tuple[str, Path]]:
    spec = find_spec(room)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no module {room}")
    origin = Path(spec.origin)
    if spec.submodule_search_locations is None:
        return [(room, origin)]
    return sorted(
        (path.relative_to(origin.parent).as_posix(), path)
        for path in origin.parent.rglob("*")
        if path.is_file()
        and path.name not in DOORS
        and path.suffix in {".py", ".json", ".yaml", ".tsv", ".txt", ".html", ".npz"}
    )


def _content(path: Path) -> str | bytes:
    if path.suffix == ".npz":
        return path.read_bytes()
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body
            if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
                node.body = body[1:]
    return ast.dump(tree)


def _installed(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "absent"
