"""The credits of a release, written from the ledger."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from boumb_assets.rights.declaration import LAYERS

_MARKDOWN: Final = re.compile(r"([\\`*_\[\]<>#|])")


@dataclass(frozen=True)
class Credit:
    """What is to be said of the files of one data set that are under the same terms."""

    dataset: str
    composition: str
    encoding: str
    performance: str
    obligations: str
    attribution: str | None
    conflict: str | None
    files: int
    generator: str = "none"
    overrides: str | None = None
    """The ids of the overrides that count, with commas between."""

    @property
    def terms(self) -> dict[str, str]:
        """The licence of each layer; of the generator only where a model wrote the files."""
        stated = {str(name): str(getattr(self, name)) for name in LAYERS}
        return {name: text for name, text in stated.items() if name != "generator" or text != "none"}


def credits_of(ledger: pa.Table) -> list[Credit]:
    """The credits of all rows of ``ledger`` (schema LEDGER), sorted; one a data set and set of terms. Each file counts
    once, under however many paths it lies."""
    fields = {
        "dataset": "dataset",
        **{str(layer): f"{layer}_licence" for layer in LAYERS},
        **{name: name for name in ("obligations", "attribution", "conflict", "overrides")},
    }
    rows = ledger.group_by(list(fields.values())).aggregate([("sha256", "count_distinct")]).to_pylist()
    fields["files"] = "sha256_count_distinct"
    found = [Credit(**{name: row[field] for name, field in fields.items()}) for row in rows]
    return sorted(found, key=lambda credit: tuple(str(value) for value in vars(credit).values()))


def attribution_text(ledger: pa.Table) -> str:
    """ATTRIBUTION.md for the files of ``ledger``: pass only the rows of what was really used."""
    return "\n".join(_attribution_lines(credits_of(ledger))) + "\n"


def notice_text(ledger: pa.Table) -> str:
    """NOTICE, in plain text: where the data came from, and where its sources disagree about the terms."""
    found = credits_of(ledger)
    lines = ["This model was trained on symbolic music. It contains none of the files; it learned from:", ""]
    for credit in found:
        lines.append(f"- {credit.dataset}: {_files(credit.files)}, {_layers(credit)}")
        if credit.attribution:
            lines.append(f"  {_one_line(credit.attribution)}")
        if credit.conflict:
            lines.append(f"  The sources disagree: {_one_line(credit.conflict)}")
    return "\n".join(lines if found else ["No data set was used."]) + "\n"


def _attribution_lines(found: list[Credit]) -> Iterator[str]:
    yield "# Attribution"
    yield ""
    yield "The data sets that were learned from, the terms of each layer, and the credit that their makers ask for."
    for credit in found:
        yield ""
        yield f"## {_plain(credit.dataset)}"
        yield ""
        yield f"- {_files(credit.files)}"
        for layer, text in credit.terms.items():
            yield f"- {layer}: {_plain(text)}"
        if credit.obligations:
            yield f"- asks for: {credit.obligations.replace('_', '-').replace(',', ', ')}"
        yield f"- credit: {_credit(credit)}"
        if credit.overrides:
            yield f"- decided by a person, in the overrides {_plain(credit.overrides)}"
        if credit.conflict:
            yield f"- the sources disagree: {_plain(credit.conflict)}"
    if not found:
        yield ""
        yield "No data set was used."


def _credit(credit: Credit) -> str:
    if credit.attribution:
        return _plain(credit.attribution)
    if "attribution" in credit.obligations.split(","):
        return (
            f"its makers, who are not named in its declaration; known here as the data set “{_plain(credit.dataset)}”"
        )
    return "none is asked for"


def _files(count: int) -> str:
    return f"{count} {'file' if count == 1 else 'files'}"


def _layers(credit: Credit) -> str:
    return ", ".join(f"{layer} {text}" for layer, text in credit.terms.items())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    """Text from outside as one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", _one_line(text))
