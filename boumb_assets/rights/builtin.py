"""The declarations of the data sets that the project itself makes."""

from typing import Final

from boumb_assets.rights.declaration import Dataset, Layer, Terms

DEMO: Final = Dataset(
    name="demo",
    source="builtin:demo",
    terms=Terms(
        composition=Layer(
            licence="own",
            holder="the boumb_assets project",
            evidence="written by the project's rule-based composer; the tunes entered by hand name a composer and the "
            "year of death, or tradition, and are judged as public domain",
        ),
        encoding=Layer(licence="CC0-1.0", holder="the boumb_assets project", evidence="made by boumb_assets.ingest"),
        performance=Layer(licence="none", evidence="nobody's playing was recorded"),
    ),
)
BUILTINS: Final[dict[str, Dataset]] = {DEMO.name: DEMO}
