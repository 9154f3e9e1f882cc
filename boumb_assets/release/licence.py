"""The licence of a release: what the data and the base model ask for together."""

import re
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Final

import pyarrow as pa

from boumb_assets.release.manifest import ReleaseRefusedError
from boumb_assets.rights.declaration import LAYERS
from boumb_assets.rights.licences import CLASS_WORDS, Licence, LicenceClass, Obligations, join_obligations, read_licence

_LAYERS: Final = tuple(f"{layer}_licence" for layer in LAYERS)
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_OPERATORS: Final = frozenset(["AND", "OR", "WITH"])


@dataclass(frozen=True)
class ReleaseLicence:
    """The licence that a release is given on under."""

    expression: str
    obligations: Obligations
    problem: str | None
    """Why it may not be given on at all, None if it may."""


def release_licence(base: str, ledger: pa.Table) -> ReleaseLicence:
    """The join of the base model's licence (SPDX, or what its card says) with those of the rows of ``ledger`` (schema
    LEDGER; only what was used).

    A licence that asks for credit alone is satisfied by ATTRIBUTION.md and leaves the expression as it is; one that
    binds what is made of the work (share-alike, copyleft, non-commercial, no derivatives) joins it by AND.
    Raises ReleaseRefusedError where the licences cannot be met together.
    """
    of_base = _base_licence(base)
    of_data = [read_licence(text) for text in _distinct(ledger)]
    obligations = join_obligations(part.obligations for part in (of_base, *of_data))
    if obligations.conflict:
        raise ReleaseRefusedError(
            f"no release can satisfy all of its licences: {obligations.conflict}. Train without one of the data sets, "
            "or on another base model"
        )
    binding = {licence.text for licence in of_data if _binds(licence)} - {of_base.text}
    parts = [of_base.text, *sorted(binding)]
    expression = " AND ".join(f"({part})" if " OR " in part and len(parts) > 1 else part for part in parts)
    problem = None
    if of_base.obligations.denied:
        problem = f"the base model's licence is {of_base.text}, which a person has to read before anything is given on"
    elif obligations.no_derivatives:
        problem = "a licence allows no derivatives"
    return ReleaseLicence(expression, obligations, problem)


def licence_text(expression: str) -> str:
    """The LICENSE file: the expression, and of each licence in it the text, where the project carries it, or the
    address. Of a single licence the text alone."""
    names = sorted({name for name in _IDENTIFIER.findall(expression) if name not in _OPERATORS})
    texts = {name: _text(name) for name in names}
    if len(names) == 1 and texts[names[0]] is not None:
        return str(texts[names[0]])
    lines = [f"SPDX-License-Identifier: {expression}", ""]
    for name in names:
        text = texts[name]
        lines += [f"--- {name} ---", "", text if text is not None else _pointer(name), ""]
    return "\n".join(lines)


def _base_licence(text: str) -> Licence:
    """The base model's licence as SPDX: what is none gets a LicenseRef."""
    try:
        licence = read_licence(text)
    except ValueError:
        name = "-".join(_IDENTIFIER.findall(text))[:60] or "unknown"
        return Licence(f"LicenseRef-{name}", LicenceClass.CUSTOM, Obligations(denied=True))
    return replace(licence, text=f"LicenseRef-{licence.text}") if licence.text in CLASS_WORDS else licence


def _distinct(ledger: pa.Table) -> list[str]:
    return sorted({text for name in _LAYERS for text in ledger[name].unique().to_pylist()})


def _binds(licence: Licence) -> bool:
    asked = licence.obligations
    return bool(asked.same_licence) or asked.non_commercial or asked.no_derivatives


def _text(name: str) -> str | None:
    path = files("boumb_assets.release") / "licences" / f"{name}.txt"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _pointer(name: str) -> str:
    if name.startswith("LicenseRef-"):
        return "See the base model's own licence."
    return f"https://spdx.org/licenses/{name}.html"
