"""What may be done with a work: from the rights in its layers to a decision, with the rule and the reasons. Pure: the
year that terms of protection are counted to is an argument."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from boumb_assets.rights.declaration import LayerName, Statement, Terms
from boumb_assets.rights.licences import (
    Licence,
    LicenceClass,
    Obligations,
    join_licences,
    join_obligations,
    read_licence,
)

Profile = Literal["commercial", "non-commercial", "evaluation"]
JURISDICTIONS: Final = ("EU", "US")
RULE_VERSION: Final = "1"
CLEARED: Final = "cleared"

EU_TERM_AFTER_DEATH: Final = 70  # years, to the end of the calendar year: Directive 2006/116/EC, articles 1 and 8
US_TERM_AFTER_PUBLICATION: Final = 95  # years, to the end of the calendar year: 17 U.S.C. 304 and 305

_TRADITIONAL: Final = frozenset(["traditional", "trad", "trad.", "traditionnel", "anonymous", "anonyme"])
_LAYERS: Final[tuple[LayerName, ...]] = ("composition", "encoding", "performance")


@dataclass(frozen=True)
class WorkFacts:
    """What the metadata says of one work; None where it says nothing. Years of the Common Era."""

    composer: str | None = None
    composer_died: int | None = None
    published: int | None = None


@dataclass(frozen=True)
class Layers:
    """The licence that counts in each layer of one work."""

    composition: Licence
    encoding: Licence
    performance: Licence
    rests_on_public_domain: bool
    """Whether any statement clears the composition by its term having run out."""

    @property
    def obligations(self) -> Obligations:
        """What all layers ask for together."""
        return join_obligations(getattr(self, name).obligations for name in _LAYERS)


@dataclass(frozen=True)
class Decision:
    """What may be done with one work under one profile."""

    train: bool
    redistribute: bool
    """Whether files and rows made of the work may be given on."""
    commercial: bool
    """Whether what is made of the work may be used commercially."""
    evaluate_only: bool
    """Whether it may be measured against, though not trained on."""
    rule: str
    """The first rule that denies training, or "cleared"."""
    rule_version: str
    reasons: tuple[str, ...]
    """Sentences: what denies and what is missing; or why it is cleared, and what that rests on."""
    obligations: Obligations
    layers: Layers
    conflict: str | None
    """Statements that disagree, or obligations that cannot be met together; None if neither."""


@dataclass(frozen=True)
class _Finding:
    rule: str
    sentence: str


def decide(
    terms: Terms,
    profile: Profile,
    facts: WorkFacts,
    jurisdictions: Sequence[str] = JURISDICTIONS,
    *,
    year: int,
    statements: Sequence[Statement] = (),
) -> Decision:
    """The decision for one work. Deny by default: every layer has to be known, and each rule can only deny."""
    layers = _layers(terms, facts, statements)
    obligations = layers.obligations
    work = [
        *_unknown_layers(layers),
        *_custom_licences(layers),
        *_terms_running(layers, facts, jurisdictions, year),
        *_no_derivatives(layers),
        *_conflicting(obligations),
    ]
    use = _use(layers, profile)
    denials = [*work, *use]
    train = not denials
    only_measured = {"no_derivatives", "evaluation_profile"}
    return Decision(
        train=train,
        redistribute=not work and not use,
        commercial=not work and not obligations.non_commercial,
        evaluate_only=not train and {finding.rule for finding in denials} <= only_measured,
        rule=CLEARED if train else denials[0].rule,
        rule_version=RULE_VERSION,
        reasons=tuple(finding.sentence for finding in denials) or _why_cleared(layers, facts, jurisdictions, year),
        obligations=obligations,
        layers=layers,
        conflict="; ".join(filter(None, [_disagreement(terms, statements), obligations.conflict])) or None,
    )


def _layers(terms: Terms, facts: WorkFacts, statements: Sequence[Statement]) -> Layers:
    said = {
        name: [
            _that_counts(name, read_licence(text), facts)
            for text in (getattr(terms, name).licence, *(item.licence for item in statements if item.layer == name))
        ]
        for name in _LAYERS
    }
    return Layers(
        **{name: join_licences(licences) for name, licences in said.items()},
        rests_on_public_domain=any(item.licence_class is LicenceClass.PUBLIC_DOMAIN for item in said["composition"]),
    )


def _that_counts(layer: LayerName, licence: Licence, facts: WorkFacts) -> Licence:
    """What a statement about one layer amounts to, given what is known of the work."""
    if licence.licence_class is LicenceClass.NONE and layer != "performance":
        # Every file has a song and was made by somebody; only the playing can be nobody's.
        return read_licence("unknown")
    if licence.licence_class is LicenceClass.OWN and layer == "composition" and _by_another(facts):
        # Nobody's own work has a composer who is dead, or is tradition: in a mixed collection, as the demo, such a file
        # has to stand on the public domain, and its term is checked.
        return read_licence("public-domain")
    return licence


def _by_another(facts: WorkFacts) -> bool:
    return facts.composer_died is not None or (facts.composer or "").strip().lower() in _TRADITIONAL


def _where(layers: Layers, holds: Callable[[Licence], bool]) -> list[str]:
    return [name for name in _LAYERS if holds(getattr(layers, name))]


def _unknown_layers(layers: Layers) -> list[_Finding]:
    return [
        _Finding(f"unknown_{name}", f"the {name} has no known licence, and that of another layer does not cover it")
        for name in _where(layers, lambda licence: licence.licence_class is LicenceClass.UNKNOWN)
    ]


def _custom_licences(layers: Layers) -> list[_Finding]:
    return [
        _Finding("custom_licence", f"{getattr(layers, name).text} of the {name} is a licence that a person has to read")
        for name in _where(layers, lambda licence: licence.licence_class is LicenceClass.CUSTOM)
    ]


def _terms_running(layers: Layers, facts: WorkFacts, jurisdictions: Sequence[str], year: int) -> list[_Finding]:
    if not layers.rests_on_public_domain:
        return []
    findings = []
    died, published = facts.composer_died, facts.published
    if "EU" in jurisdictions and died is not None and died + EU_TERM_AFTER_DEATH >= year:
        findings.append(
            _Finding(
                "composition_in_term_eu",
                f"the composer died in {died}: in the EU the term runs to the end of {died + EU_TERM_AFTER_DEATH}",
            )
        )
    if "US" in jurisdictions and published is not None and published + US_TERM_AFTER_PUBLICATION >= year:
        findings.append(
            _Finding(
                "composition_in_term_us",
                f"first published in {published}: in the US the term runs to the end of "
                f"{published + US_TERM_AFTER_PUBLICATION}",
            )
        )
    return findings


def _no_derivatives(layers: Layers) -> list[_Finding]:
    return [
        _Finding(
            "no_derivatives",
            f"{getattr(layers, name).text} of the {name} allows no derivatives, as rows and models are",
        )
        for name in _where(layers, lambda licence: licence.obligations.no_derivatives)
    ]


def _conflicting(obligations: Obligations) -> list[_Finding]:
    return [_Finding("licence_conflict", obligations.conflict)] if obligations.conflict else []


def _use(layers: Layers, profile: Profile) -> list[_Finding]:
    if profile == "evaluation":
        return [_Finding("evaluation_profile", "under the profile evaluation nothing is trained on or given on")]
    if profile == "non-commercial":
        return []
    return [
        _Finding("non_commercial", f"{getattr(layers, name).text} of the {name} allows no commercial use")
        for name in _where(layers, lambda licence: licence.obligations.non_commercial)
    ]


def _disagreement(terms: Terms, statements: Sequence[Statement]) -> str | None:
    said = []
    for name in _LAYERS:
        declared = getattr(terms, name).licence
        others = [item for item in statements if item.layer == name and item.licence != declared]
        if others:
            against = ", ".join(f"{item.licence} ({item.where})" for item in others)
            said.append(f"{name}: {declared} was declared, against {against}; the stricter counts")
    return "; ".join(said) or None


def _why_cleared(layers: Layers, facts: WorkFacts, jurisdictions: Sequence[str], year: int) -> tuple[str, ...]:
    sentences = [", ".join(f"{name} {getattr(layers, name).text}" for name in _LAYERS)]
    if layers.rests_on_public_domain:
        sentences += _public_domain_basis(facts, jurisdictions, year)
    asked = layers.obligations.words()
    return (*sentences, f"asks for {', '.join(asked)}") if asked else tuple(sentences)


def _public_domain_basis(facts: WorkFacts, jurisdictions: Sequence[str], year: int) -> list[str]:
    died = facts.composer_died
    if died is None:
        return ["no year of death is recorded: that the song is public domain rests on the declaration"]
    sentences = []
    if "EU" in jurisdictions:
        sentences.append(f"the composer died in {died}, more than {EU_TERM_AFTER_DEATH} years ago")
    # What somebody published while alive is out of the US term once the year of death is.
    if "US" in jurisdictions and facts.published is None and died + US_TERM_AFTER_PUBLICATION >= year:
        sentences.append(
            "the US counts from publication, whose year is not recorded: that the song is public domain there rests on "
            "the declaration"
        )
    return sentences
