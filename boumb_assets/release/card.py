"""The model card: what the model is, what it learned from, under which licence, how well it does, and where it ends."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import yaml

from boumb_assets.release.licence import ReleaseLicence
from boumb_assets.rights.attribution import Credit
from boumb_assets.rights.takedowns import Takedown

MAX_FIGURES: Final = 40
_HUB_ID: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
# Those of the hub's own licence names that are an SPDX identifier in lower case and that a release can come under.
_HUB_LICENCES: Final = frozenset(
    ["apache-2.0", "mit", "bsd-3-clause", "cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0"]
)


@dataclass(frozen=True)
class CardFacts:
    """What a card says."""

    variant: str
    base: str
    base_is_inside: bool
    """Whether the release carries the base model, as no hub has it."""
    smoke: bool
    contracts: Mapping[str, str]
    profile: str
    licence: ReleaseLicence
    credits: Sequence[Credit]
    files: int
    evaluation: Mapping[str, Any]
    takedowns: Sequence[Takedown] = ()


def model_card(facts: CardFacts) -> str:
    """README.md: front matter that the hub reads, then Markdown."""
    import jinja2

    source = (files("boumb_assets.release") / "card_template.txt").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    figures = list(figures_of(facts.evaluation))
    body = environment.from_string(source).render(
        title=f"boumb {facts.variant}",
        smoke=facts.smoke,
        base=facts.base,
        base_expression='f"{folder}/base_model"' if facts.base_is_inside else f'"{facts.base}"',
        resize=not facts.base_is_inside,
        contracts=sorted(facts.contracts.items()),
        files=facts.files,
        profile=facts.profile,
        credits=facts.credits,
        takedowns=facts.takedowns,
        taken_files=len({sha256 for row in facts.takedowns for sha256 in row.sha256}),
        licence=facts.licence.expression,
        asked=", ".join(word.replace("_", "-") for word in facts.licence.obligations.words()),
        problem=facts.licence.problem,
        metrics=[(name, _shown(value)) for name, value in figures[:MAX_FIGURES]],
        more=max(0, len(figures) - MAX_FIGURES),
    )
    return f"---\n{front_matter(facts)}---\n\n{body}"


def front_matter(facts: CardFacts) -> str:
    """The YAML that the hub reads from the head of a card."""
    known = facts.licence.expression.lower() in _HUB_LICENCES
    values: dict[str, Any] = {
        "language": ["en", "fr"],
        "license": facts.licence.expression.lower() if known else "other",
        "library_name": "peft",
        "pipeline_tag": "text-generation",
        "tags": ["music", "symbolic-music", "json", "lora"],
    }
    if not known:
        values |= {"license_name": facts.licence.expression.lower().replace(" ", "-"), "license_link": "LICENSE"}
    if not facts.base_is_inside and _HUB_ID.fullmatch(facts.base):
        values |= {"base_model": facts.base, "base_model_relation": "adapter"}
    metrics = [
        {"type": name, "name": name, "value": value} for name, value in list(figures_of(facts.evaluation))[:MAX_FIGURES]
    ]
    if metrics:
        result = {
            "task": {"type": "text-generation"},
            "dataset": {"name": "boumb held-out prompts", "type": "boumb"},
            "metrics": metrics,
        }
        values["model-index"] = [{"name": f"boumb {facts.variant}", "results": [result]}]
    return str(yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=110))


def figures_of(evaluation: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float | int]]:
    """The numbers of an evaluation, by dotted name in order; texts, lists and what is not finite are left out."""
    for key in sorted(evaluation, key=str):
        value = evaluation[key]
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from figures_of(value, f"{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            yield name, value


def _shown(value: float | int) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4g}"
