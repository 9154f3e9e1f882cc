"""A home that the process takes for its own while a test runs."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType


@contextmanager
def at_home(home: Path, variables: Mapping[str, str] = MappingProxyType({})) -> Iterator[None]:
    """Within it BOUMB_HOME is ``home`` and ``variables`` hold; DAGSTER_HOME is nobody's until it is made there."""
    names = ("BOUMB_HOME", "DAGSTER_HOME", *variables)
    before = {name: os.environ.get(name) for name in names}
    os.environ.update({"BOUMB_HOME": str(home), **variables})
    os.environ.pop("DAGSTER_HOME", None)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
