"""What may be done with a work: from the rights in its layers to a decision, with the rule and the reasons. Pure: the
year that terms of protection are counted to is an argument."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from boumb_assets.rights.composers import is_traditional
from boumb_assets.rights.declaration import LAYERS, LayerName, Statement, Terms
from boumb_assets.rights.licences import (
    PER_FILE,
    Licence,
    LicenceClass,
    Obligations,
    join_licences,
    join_obligations,
    read_licence,
)
from boumb_assets.rights.overrides import Override
from boumb_assets.rights.public_domain import JURISDICTIONS, WorkFacts, public_domain_bars, public_domain_basis

Profile = Literal["commercial", "non-commercial", "evaluation"]
RULE_VERSION: Final = "2"
CLEARED: Final = "cleared"

NOBODYS: Final[frozenset[LayerName]] = frozenset(["performance", "generator"])
"""The layers that a file need not have. It always has a song, and somebody made it."""
_ONLY_MEASURED: Final = frozenset(["no_derivatives", "evaluation_profile"])
_OWN_METADATA: Final = "the file's own metadata"


@dataclass(frozen=True)
class Layers:
    """The licence that counts in each layer of one work."""

    composition: Licence
    encoding: Licence
    performance: Licence
    generator: Licence
    rests_on_public_domain: bool
    """Whether any statement clears the composition by its term having run out."""

    def of(self, name: LayerName) -> Licence:
        """The licence of one layer."""
        licence: Licence = getattr(self, name)
        return licence

    @property
    def obligations(self) -> Obligations:
        """What all layers ask for together."""
        return join_obligations(self.of(name).obligations for name in LAYERS)


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
    """Sentences: what denies and what is missing; or why it is cleared, and what that rests on; and overrides."""
    obligations: Obligations
    layers: Layers
    conflict: str | None
    """Statements that disagree, or obligations that cannot be met together; None if neither."""


@dataclass(frozen=True)
class _Finding:
    rule: str
    sentence: str


@dataclass(frozen=True)
class _Said:
    """One statement about a layer: what was written, where, and what it amounts to."""

    text: str
    where: str
    licence: Licence


def decide(
    terms: Terms,
    profile: Profile,
    facts: WorkFacts,
    jurisdictions: Sequence[str] = JURISDICTIONS,
    *,
    year: int,
    statements: Sequence[Statement] = (),
    overrides: Sequence[Override] = (),
    takedown: str | None = None,
) -> Decision:
    """The decision for one work. Deny by default: every layer has to be known, and each rule can only deny.

    ``overrides`` are those that match the work: the licence that they give to a layer replaces what was declared and
    stated of it, and has to pass every rule as any other; of several the stricter counts. ``takedown`` is the id of the
    one that names the work.
    """
    said = {name: _statements(name, terms, facts, statements) for name in LAYERS}
    given = {name: _overriding(name, facts, overrides) for name in LAYERS}
    layers = _layers({name: given[name] or said[name] for name in LAYERS})
    obligations = layers.obligations
    work = [
        *_taken_down(takedown),
        *_denied_by_override(overrides),
        *_without_licence(layers, terms),
        *_custom_licences(layers),
        *_terms_running(layers, facts, jurisdictions, year, settled=bool(given["composition"])),
        *_no_derivatives(layers),
        *_conflicting(obligations),
    ]
    use = _use(layers, profile)
    denials = [*work, *use]
    train = not denials
    reasons = [finding.sentence for finding in denials] or _why_cleared(layers, facts, jurisdictions, year)
    return Decision(
        train=train,
        redistribute=train,
        commercial=not work and not obligations.non_commercial,
        evaluate_only=not train and {finding.rule for finding in denials} <= _ONLY_MEASURED,
        rule=CLEARED if train else denials[0].rule,
        rule_version=RULE_VERSION,
        reasons=(*reasons, *(f"override {one.override_id}: {one.sentence}" for one in overrides)),
        obligations=obligations,
        layers=layers,
        conflict="; ".join(filter(None, [*_disagreements(said, given), obligations.conflict])) or None,
    )


def _layers(counting: dict[LayerName, list[_Said]]) -> Layers:
    said = {name: [one.licence for one in of_layer] for name, of_layer in counting.items()}
    return Layers(
        **{name: join_licences(licences) for name, licences in said.items()},
        rests_on_public_domain=any(one.licence_class is LicenceClass.PUBLIC_DOMAIN for one in said["composition"]),
    )


def _statements(layer: LayerName, terms: Terms, facts: WorkFacts, statements: Sequence[Statement]) -> list[_Said]:
    """All that is said of one layer, the declaration first."""
    declared: str = getattr(terms, layer).licence
    written = [(declared, "declared"), *((one.licence, one.where) for one in statements if one.layer == layer)]
    of_file: str | None = None if layer == "generator" else getattr(facts, f"{layer}_licence")
    said = []
    if of_file is not None or any(text == PER_FILE for text, _ in written):
        said.append(_of_metadata(layer, of_file, facts))
    return [
        *(_Said(text, where, _counts(layer, read_licence(text), facts)) for text, where in written if text != PER_FILE),
        *said,
    ]


def _overriding(layer: LayerName, facts: WorkFacts, overrides: Sequence[Override]) -> list[_Said]:
    return [
        _Said(one.licence, f"override {one.override_id}", _counts(layer, read_licence(one.licence), facts))
        for one in overrides
        if one.layer == layer and one.licence is not None
    ]


def _of_metadata(layer: LayerName, text: str | None, facts: WorkFacts) -> _Said:
    """What a file's metadata says, which nobody checked when it was written: unknown where it says nothing, or nothing
    that can be read."""
    try:
        licence = read_licence("unknown" if text in (None, PER_FILE) else str(text))
    except ValueError:
        licence = read_licence("unknown")
    shown = licence.text if licence.licence_class is not LicenceClass.UNKNOWN else text or "nothing"
    return _Said(shown, _OWN_METADATA, _counts(layer, licence, facts))


def _counts(layer: LayerName, licence: Licence, facts: WorkFacts) -> Licence:
    """What a statement about one layer amounts to, given what is known of the work."""
    if licence.licence_class is LicenceClass.NONE and layer not in NOBODYS:
        return Licence(licence.text, LicenceClass.NONE, Obligations(denied=True))
    if licence.licence_class is LicenceClass.OWN and layer == "composition" and _by_another(facts):
        # Nobody's own work has a composer who is dead, or is tradition: in a mixed collection, as the demo, such a file
        # has to stand on the public domain, and its term is checked.
        return read_licence("public-domain")
    return licence


def _by_another(facts: WorkFacts) -> bool:
    return facts.composer_died is not None or (facts.composer is not None and is_traditional(facts.composer))


def _where(layers: Layers, holds: Callable[[Licence], bool]) -> list[LayerName]:
    return [name for name in LAYERS if holds(layers.of(name))]


def _taken_down(takedown: str | None) -> list[_Finding]:
    return [] if takedown is None else [_Finding("taken_down", f"takedown {takedown} names it, or holds its notes")]


def _denied_by_override(overrides: Sequence[Override]) -> list[_Finding]:
    denying = ", ".join(one.override_id for one in overrides if one.deny)
    return [_Finding("denied_by_override", f"a person denies it (override {denying})")] if denying else []


def _without_licence(layers: Layers, terms: Terms) -> list[_Finding]:
    findings = []
    for name in LAYERS:
        licence, known = layers.of(name), getattr(terms, name).evidence
        why = f" ({known})" if known else ""
        if licence.licence_class is LicenceClass.UNKNOWN:
            findings.append(_Finding(f"unknown_{name}", f"{_not_known(name)}{why}"))
        elif licence.licence_class is LicenceClass.NONE and licence.obligations.denied:
            sentence = f"nobody gave a licence to the {name}, and that of another layer is none to it{why}"
            findings.append(_Finding(f"no_licence_{name}", sentence))
    return findings


def _not_known(layer: LayerName) -> str:
    if layer == "generator":
        return "a model wrote it, and under what terms its answers are is not known"
    return f"the {layer} has no known licence, and that of another layer does not cover it"


def _custom_licences(layers: Layers) -> list[_Finding]:
    return [
        _Finding("custom_licence", f"{layers.of(name).text} of the {name} is a licence that a person has to read")
        for name in _where(layers, lambda licence: licence.licence_class is LicenceClass.CUSTOM)
    ]


def _terms_running(
    layers: Layers, facts: WorkFacts, jurisdictions: Sequence[str], year: int, *, settled: bool
) -> list[_Finding]:
    """The terms that run. Where a person ``settled`` the composition by an override, what the metadata leaves unknown
    does not deny; what it knows still does."""
    if not layers.rests_on_public_domain:
        return []
    bars = public_domain_bars(facts, jurisdictions, year)
    return [_Finding(bar.rule, bar.sentence) for bar in bars if not (settled and bar.unknown)]


def _no_derivatives(layers: Layers) -> list[_Finding]:
    return [
        _Finding(
            "no_derivatives", f"{layers.of(name).text} of the {name} allows no derivatives, as rows and models are"
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
        _Finding("non_commercial", f"{layers.of(name).text} of the {name} allows no commercial use")
        for name in _where(layers, lambda licence: licence.obligations.non_commercial)
    ]


def _disagreements(said: dict[LayerName, list[_Said]], given: dict[LayerName, list[_Said]]) -> list[str]:
    """A sentence for each layer of which not all say the same, whether or not an override settled it."""
    sentences = []
    for name in LAYERS:
        first, *others = said[name]
        against = [one for one in (*others, *given[name]) if one.text != first.text]
        if against:
            listed = ", ".join(f"{one.text} ({one.where})" for one in against)
            stated = f"{first.text} was declared" if first.where == "declared" else f"{first.text} ({first.where})"
            counts = "what the override says counts" if given[name] else "the stricter counts"
            sentences.append(f"{name}: {stated}, against {listed}; {counts}")
    return sentences


def _why_cleared(layers: Layers, facts: WorkFacts, jurisdictions: Sequence[str], year: int) -> list[str]:
    present = [
        name for name in LAYERS if name != "generator" or layers.generator.licence_class is not LicenceClass.NONE
    ]
    sentences = [", ".join(f"{name} {layers.of(name).text}" for name in present)]
    if layers.rests_on_public_domain:
        sentences += public_domain_basis(facts, jurisdictions, year)
    asked = layers.obligations.words()
    return [*sentences, f"asks for {', '.join(asked)}"] if asked else sentences
