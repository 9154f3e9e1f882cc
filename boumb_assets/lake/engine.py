"""The engine: what maps a function over units of work in other processes, on this machine or on a Ray cluster.

A unit is a list of parts that the function does one after the other, or a step of each before the next step. It says
which part it goes on with, so that the part that takes its process down, or never ends, is known; what follows from
that is the caller's (`lake.isolation`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Generic, Literal, Protocol, TypeVar

Unit = TypeVar("Unit")
Result = TypeVar("Result")
UnitIn = TypeVar("UnitIn", contravariant=True)
ResultOut = TypeVar("ResultOut", covariant=True)

TIMEOUT_SECONDS: Final = 60.0


class Work(Protocol[UnitIn, ResultOut]):
    """Does one unit. It is picklable, and so are units and results; what is big goes through files."""

    def __call__(self, unit: UnitIn, begins: Callable[[int], None], /) -> ResultOut:
        """Calls ``begins`` with the index of each part of ``unit`` before it begins it."""


@dataclass(frozen=True)
class Done(Generic[Unit, Result]):
    """A unit that was done."""

    unit: Unit
    result: Result


@dataclass(frozen=True)
class Died(Generic[Unit]):
    """A unit whose process ended, or was ended because a part took too long."""

    unit: Unit
    part: int
    """The index of the part that it had begun last."""
    kind: Literal["crash", "timeout"]
    detail: str
    """How the process ended, in words."""


class Crew(Protocol[Unit, Result]):
    """Processes that do one kind of work."""

    workers: int
    """How many units are done at once."""

    def run(self, units: Iterable[Unit]) -> Iterator[Done[Unit, Result] | Died[Unit]]:
        """What became of each unit, as it comes, in no order. Units are taken from the iterable as there is a process
        for them, so neither they nor the results gather in memory. Raises LakeFullError when the work does, and
        RuntimeError when it raises anything else, or a process cannot start or is lost again and again."""


@dataclass(frozen=True)
class Engine:
    """Where work is done, by configuration."""

    kind: Literal["local", "ray"] = "local"
    workers: int = 0
    """Units at once; 0: one a core, of this machine or of the cluster."""
    address: str = ""
    """Of a Ray cluster; empty: the one that RAY_ADDRESS names or that runs here, else one of our own."""

    def crew(
        self, work: Work[Unit, Result], timeout_s: float = TIMEOUT_SECONDS, preload: Sequence[str] = ()
    ) -> "AbstractContextManager[Crew[Unit, Result]]":
        """Processes for ``work``; a part may take ``timeout_s``. ``preload``: modules that a process has imported
        before it takes its first unit. Raises ImportError with the extra to install, ConnectionError for a cluster that
        does not answer."""
        if self.kind == "ray":
            from boumb_assets.lake.ray_engine import RayCrew

            return RayCrew(work, self.workers, timeout_s, preload, self.address)
        from boumb_assets.lake.local_engine import LocalCrew

        return LocalCrew(work, self.workers, timeout_s, preload)
