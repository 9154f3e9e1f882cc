"""The engine on a Ray cluster, whose nodes share the file system of the home and of the data sets: workers read files
where the driver found them, and write where it commits.

Ray spreads the units and does one again whose worker or node is lost, which says nothing about the unit. What a file
does to its process is found out one level below: each Ray worker has a process of its own of the local engine, which
dies in its place.
"""

import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from boumb_assets.lake.engine import Died, Done, Work
from boumb_assets.lake.local_engine import LocalCrew
from boumb_assets.lake.store import LakeFullError

Unit = TypeVar("Unit")
Result = TypeVar("Result")

RETRIES: Final = 5  # of a unit whose worker or node was lost
UNITS_A_WORKER: Final = 2  # on their way at once: the next one waits at the worker

_kept: dict[str, LocalCrew[Any, Any]] = {}
"""In a Ray worker: its process, by the crew that it works for. Ray uses a worker for many units."""


class RayCrew(Generic[Unit, Result]):
    """Ray workers that do one kind of work, each with a process of its own."""

    def __init__(
        self, work: Work[Unit, Result], workers: int, timeout_s: float, preload: Sequence[str] = (), address: str = ""
    ) -> None:
        ray = _connected(address, workers)
        self._ray = ray
        self.workers = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        self._given = (uuid.uuid4().hex, ray.put(work), timeout_s, tuple(preload))
        self._task = ray.remote(num_cpus=1, max_retries=RETRIES)(_do)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """The connection stays, as others in this process may use it."""

    def run(self, units: Iterable[Unit]) -> Iterator[Done[Unit, Result] | Died[Unit]]:
        """As `engine.Crew.run`."""
        todo = iter(units)
        under_way: dict[Any, Unit] = {}
        try:
            while True:
                for unit in islice(todo, self.workers * UNITS_A_WORKER - len(under_way)):
                    under_way[self._task.remote(unit, *self._given)] = unit
                if not under_way:
                    return
                (ready,), _ = self._ray.wait(list(under_way), num_returns=1)
                under_way.pop(ready)
                yield self._news(ready)
        finally:
            for reference in under_way:
                self._ray.cancel(reference, force=True)

    def _news(self, ready: Any) -> Done[Unit, Result] | Died[Unit]:
        try:
            news: Done[Unit, Result] | Died[Unit] = self._ray.get(ready)
        except self._ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, LakeFullError):
                raise LakeFullError(str(error.cause)) from None
            raise RuntimeError(f"a worker's own code failed:\n{error}") from None
        except self._ray.exceptions.RayError as error:
            raise RuntimeError(f"the Ray cluster lost a unit {RETRIES + 1} times: {error}") from None
        return news


def _connected(address: str, workers: int) -> Any:
    """Ray, connected. Raises ImportError with the extra to install, ConnectionError."""
    try:
        import ray
    except ImportError:
        raise ImportError("engine = ray needs the extra: pip install 'boumb_assets[ray]'") from None
    if ray.is_initialized():
        return ray
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # what a platform of ours reports to nobody, Ray does not
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": "warning"}
    try:
        if address:
            ray.init(address=address, **options)
            return ray
        try:
            ray.init(address="auto", **options)
        except ConnectionError:
            ray.init(address="local", num_cpus=workers or None, include_dashboard=False, **options)
    except ConnectionError as error:
        raise ConnectionError(f"no Ray cluster answers at {address or 'this machine'}: {error}") from None
    return ray


def _do(
    unit: Unit, crew: str, work: Work[Unit, Result], timeout_s: float, preload: Sequence[str]
) -> Done[Unit, Result] | Died[Unit]:
    """Does a unit in this Ray worker's process."""
    if crew not in _kept:
        for old in _kept.values():
            old.close()
        _kept.clear()
        _kept[crew] = LocalCrew(work, 1, timeout_s, preload, method="spawn")
    (news,) = _kept[crew].run([unit])
    return news
