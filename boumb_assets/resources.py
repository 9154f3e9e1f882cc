"""What every asset is given: the settings and the lake."""

from pathlib import Path

import dagster as dg
from pydantic import Field

from boumb_assets.lake.store import Lake
from boumb_assets.settings import Settings, load_settings


class Platform(dg.ConfigurableResource[object]):
    """The platform's settings and its lake. Read anew by each run, so that a changed `boumb.toml` needs no restart."""

    home: str = Field(default="", description="Overrides BOUMB_HOME; empty leaves it as it is.")

    def settings(self) -> Settings:
        """The settings as they are now."""
        settings = load_settings()
        return settings.model_copy(update={"home": Path(self.home)}) if self.home else settings

    def lake(self) -> Lake:
        """The lake of those settings."""
        return Lake(self.settings().home)


def executor(settings: Settings) -> dg.ExecutorDefinition:
    """Where the steps run that the UI, automation and backfills launch.

    `local` keeps one process a step, forked from a server that has imported the platform once; `ray` and `k8s` send
    each step to a cluster, where the model half asks for a GPU by its `op_tags`. Raises ImportError with the extra to
    install.
    """
    if settings.executor == "local":
        options = {"start_method": {"forkserver": {"preload_modules": ["boumb_assets.definitions"]}}}
        return dg.multiprocess_executor.configured(options)
    if settings.executor == "ray":
        try:
            from dagster_ray import ray_executor
        except ImportError:
            raise ImportError("executor = ray needs the extra: pip install 'boumb_assets[ray]'") from None
        chosen: dg.ExecutorDefinition = ray_executor
        return chosen
    try:
        from dagster_k8s import k8s_job_executor
    except ImportError:
        raise ImportError("executor = k8s needs the extra: pip install 'boumb_assets[k8s]'") from None
    job: dg.ExecutorDefinition = k8s_job_executor
    return job
