"""The public summary of training content that the EU asks of the providers of general-purpose models.

Its sections and questions, in their order, are those of the European Commission's template of 24 July 2025 (Explanatory
Notice and Template for the Public Summary of Training Content, Regulation (EU) 2024/1689, article 53(1)(d)). What the
ledger and the declarations know is filled in. What only the provider can say is marked so, and listed: a summary is not
finished before that is done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from boumb_assets.release.data_facts import DatasetUse, TrainingFacts, holders_of, public_address, title_of
from boumb_assets.release.responsible_ai import listed
from boumb_assets.release.summary_document import LEFT, Answer, Section, Summary
from boumb_assets.rights.declaration import LayerName
from boumb_assets.rights.licences import LicenceClass, read_licence

SIZES: Final = (
    (10**9, "Less than 1 billion tokens"),
    (10**13, "1 billion to 10 trillion tokens"),
)
LARGEST: Final = "More than 10 trillion tokens"
MUSIC: Final = "Other: symbolic music (MIDI)"
_OF_THE_PROVIDER: Final = frozenset(["2.4", "2.5", "2.6"])
"""The sections of data that the provider made, or had made: the answers in an app's log, and what is its own."""


@dataclass(frozen=True)
class ModelFacts:
    """The model that a summary is of."""

    name: str
    base: str | None
    """What it was tuned from, None for one made from scratch."""
    base_licence: str


def summary_of(facts: TrainingFacts, model: ModelFacts | None = None) -> Summary:
    """The summary of training data; ``model`` is the one that learned from it, None for that of all its models."""
    by_section: dict[str, list[DatasetUse]] = {}
    for use in facts.uses:
        by_section.setdefault(section_of(use), []).append(use)
    return Summary(
        version=facts.version,
        sections=(
            Section("1", "General information"),
            Section("1.1", "Provider identification", _provider()),
            Section("1.2", "Model identification", _identity(facts, model)),
            Section("1.3", "Modalities, overall training data size and other characteristics", _size(facts)),
            Section("2", "List of data sources"),
            Section("2.1", "Publicly available datasets", _public(by_section.get("2.1", []))),
            Section("2.2", "Private non-publicly available datasets obtained from third parties"),
            Section(
                "2.2.1",
                "Datasets commercially licensed by rightsholders or their representatives",
                _licensed(by_section.get("2.2.2", [])),
            ),
            Section(
                "2.2.2", "Private datasets obtained from other third parties", _private(by_section.get("2.2.2", []))
            ),
            Section("2.3", "Data crawled and scraped from online sources", _crawled()),
            Section("2.4", "User data", _users(by_section.get("2.4", []))),
            Section("2.5", "Synthetic data", _synthetic(facts.uses)),
            Section("2.6", "Other sources of data", _other(by_section.get("2.6", []))),
            Section("3", "Data processing aspects"),
            Section(
                "3.1",
                "Respect of reservation of rights from text and data mining exception or limitation",
                _reservations(facts),
            ),
            Section("3.2", "Removal of illegal content", _removal(facts)),
            Section("3.3", "Other information (optional)", _processing(facts)),
        ),
    )


def section_of(use: DatasetUse) -> str:
    """The section of the template that a data set belongs to: by where it comes from, and where that says nothing, by
    whose work it is."""
    declared = use.declared
    if declared is None:
        return "2.6"
    if declared.kind == "app-log":
        return "2.4"
    if declared.kind == "builtin":
        return "2.5"
    if public_address(declared) is not None:
        return "2.1"
    if _all_are(use, "composition", LicenceClass.MACHINE_MADE):
        return "2.5"
    return "2.6" if _all_are(use, "encoding", LicenceClass.OWN) else "2.2.2"


def _provider() -> tuple[Answer, ...]:
    return (
        Answer("Provider name and contact details", LEFT),
        Answer("Authorised representative name and contact details", LEFT),
        Answer("Last update of the summary", LEFT),
    )


def _identity(facts: TrainingFacts, model: ModelFacts | None) -> tuple[Answer, ...]:
    if model is None:
        name = "Every model that was trained on this data; the release of each carries a summary of its own."
        base = "Named in the summary of each model."
    else:
        name = model.name
        base = (
            f"Tuned from {model.base} ({model.base_licence}): what that learned from is in its own provider's summary."
            if model.base is not None
            else "None: it was made from scratch on the data below."
        )
    return (
        Answer("Versioned model name(s)", f"{name} Training data {facts.version}."),
        Answer("Model dependencies", base),
        Answer("Date of placement of the model on the Union market", LEFT),
    )


def _size(facts: TrainingFacts) -> tuple[Answer, ...]:
    measured = f"{facts.rows} rows" + (f" with {facts.tokens} tokens of answers" if facts.tokens else "")
    languages = facts.counts.get("language", {})
    return (
        Answer("Modality", "Text: requests in words, and music as JSON."),
        Answer("Training data size", f"{size_range(facts.tokens)}: {measured}, made of {facts.rights.files} files."),
        Answer(
            "Types of content",
            "Musical compositions as notation (loops, drum patterns, forms of pieces), and short requests for them.",
            tuple(f"{name}: {count} rows" for name, count in facts.counts.get("contract", {}).items()),
        ),
        Answer("Latest date of data acquisition or collection for model training", LEFT),
        Answer(
            "Description of the linguistic characteristics of the overall training data",
            f"Requests by language: {listed(languages, 'rows')}." if languages else "Requests in English and French.",
        ),
        Answer(
            "Other relevant characteristics of the overall training data",
            f"{facts.rights.composers} composers are named; {facts.rights.public_domain} of {facts.rights.paths} "
            "compositions are in the public domain or traditional. Each model is trained once, not continuously.",
        ),
    )


def _public(uses: Sequence[DatasetUse]) -> tuple[Answer, ...]:
    return (
        Answer("Have you used publicly available datasets to train the model?", _yes(uses)),
        *_covered(uses),
        *(
            [Answer("List of large publicly available datasets", "All that were used, large or not.", _sources(uses))]
            if uses
            else []
        ),
    )


def _licensed(private: Sequence[DatasetUse]) -> tuple[Answer, ...]:
    question = (
        "Have you concluded transactional commercial licensing agreement(s) with rightsholder(s) or with their "
        "representatives?"
    )
    return (
        Answer(question, LEFT if private else "No. No data set of third parties is other than publicly available."),
    )


def _private(uses: Sequence[DatasetUse]) -> tuple[Answer, ...]:
    return (
        Answer(
            "Have you obtained private datasets from third parties that are not licensed as described in Section "
            "2.2.1?",
            _yes(uses),
        ),
        *_covered(uses),
        *(
            [Answer("List of private datasets", "As they are declared; none names a public page.", _sources(uses))]
            if uses
            else []
        ),
    )


def _crawled() -> tuple[Answer, ...]:
    return (
        Answer(
            "Were crawlers used by the provider or on behalf of the provider?",
            "No. Data sets are declared one by one, by a person; nothing is crawled or scraped.",
        ),
    )


def _users(uses: Sequence[DatasetUse]) -> tuple[Answer, ...]:
    asked = sum(use.asked for use in uses)
    first = f"Yes. {asked} rows hold what users asked for, in their words." if uses else "No."
    return (
        Answer("Was data from user interactions with the AI model (e.g. user input and prompts) used?", first),
        Answer(
            "Was data collected from user interactions with the provider's other services or products used?",
            LEFT if uses else "No.",
        ),
        *([Answer("By whose leave, and what of it", "As declared.", tuple(map(_consent, uses)))] if uses else []),
    )


def _consent(use: DatasetUse) -> str:
    log = use.declared.app_log if use.declared is not None else None
    if log is None:
        return f"{use.name}: not known."
    leave = (
        "only what says that its user agreed" if log.consent == "each" else f"all users agreed: {log.consent_evidence}"
    )
    return (
        f"{title_of(use.name, use.declared)}: {leave}; only answers rated {log.rating_at_least} of 10 or higher; a "
        f"request can be erased; {use.rows} rows."
    )


def _synthetic(uses: Sequence[DatasetUse]) -> tuple[Answer, ...]:
    made = [use for use in uses if section_of(use) == "2.5"]
    written = [use for use in uses if use.rights.generators]
    answered = [use for use in written if section_of(use) in _OF_THE_PROVIDER]
    elsewhere = [
        use for use in uses if section_of(use) == "2.1" and _all_are(use, "composition", LicenceClass.MACHINE_MADE)
    ]
    by_model = "Yes." if answered else "No AI model wrote any of it; what was made, rules made." if made else "No."
    found = [Answer("Was synthetic AI-generated data created by the provider or on their behalf?", by_model)]
    if made:
        found += [*_covered(made), Answer("Data made by the provider", "By rules and by hand.", _sources(made))]
    if answered:
        found.append(
            Answer(
                "AI model(s) used to generate the synthetic data", "By data set, with their terms.", _models(answered)
            )
        )
    by_others = [use for use in written if use not in answered]
    comments = []
    if elsewhere:
        names = ", ".join(use.name for use in elsewhere)
        comments.append(f"Machine-made, and listed in 2.1 as publicly available: {names}.")
    if by_others:
        comments.append("Models of others wrote data that are listed above, by data set, with their terms:")
    if comments:
        found.append(Answer("Additional comments", " ".join(comments), _models(by_others)))
    return tuple(found)


def _models(uses: Sequence[DatasetUse]) -> tuple[str, ...]:
    return tuple(f"{use.name}: {model}" for use in uses for model in use.rights.generators)


def _other(uses: Sequence[DatasetUse]) -> tuple[Answer, ...]:
    return (
        Answer("Have data sources other than those described in Sections 2.1 to 2.5 been used?", _yes(uses)),
        *([Answer("Narrative description", "The work of whoever declared it.", _sources(uses))] if uses else []),
    )


def _reservations(facts: TrainingFacts) -> tuple[Answer, ...]:
    rights = facts.rights
    where = f", under the profile {rights.profile} and for {rights.jurisdictions}" if rights.profile else ""
    kept_out = f" {facts.kept_out} files were kept out for want of one." if facts.kept_out is not None else ""
    return (
        Answer(
            "Are you a signatory to the Code of Practice for general-purpose AI models that includes commitments to "
            "respect reservations of rights from the TDM exception or limitation?",
            LEFT,
        ),
        Answer(
            "Measures implemented before model training to respect reservations of rights from the TDM exception or "
            "limitation",
            "The exception is not relied on. Each file needs a known right in each of its layers (composition, "
            f"encoding, performance, and the model that wrote it, where one did){where}; what is not known denies."
            f"{kept_out}",
        ),
        Answer("Licences of what was used, by layer", "Files by licence.", tuple(_licences(facts))),
    )


def _removal(facts: TrainingFacts) -> tuple[Answer, ...]:
    return (
        Answer(
            "General description of measures taken",
            "Whoever holds a right in a work can have it taken out, by file, title or composer; the next run takes "
            "it out of the data and of every model made of it, and knows it again by its notes, in any key. "
            f"{facts.takedowns} takedowns hold, of {facts.taken_files} files. The content is music as "
            "notation: there are no images, no recordings and no texts but short requests.",
        ),
    )


def _processing(facts: TrainingFacts) -> tuple[Answer, ...]:
    asked = ", ".join(word.replace("_", "-") for word in facts.rights.obligations)
    conflicts = facts.rights.conflicts
    return (
        Answer(
            "Other relevant information about data processing",
            "Works that are the same in any key are grouped before the split into train, validation and test. "
            f"The licences ask for {asked or 'nothing'} together; credits are in ATTRIBUTION.md."
            + (" Where sources disagree about the terms, the stricter counts:" if conflicts else ""),
            conflicts,
        ),
    )


def size_range(tokens: int) -> str:
    """The range of the template that a number of tokens lies in."""
    return next((text for below, text in SIZES if tokens < below), LARGEST)


def _licences(facts: TrainingFacts) -> Iterator[str]:
    for layer, found in facts.rights.licences.items():
        yield f"{layer}: {listed(found, 'files') or 'none'}"


def _covered(uses: Sequence[DatasetUse]) -> list[Answer]:
    return [Answer("Modality(ies) of the content covered by the datasets concerned", MUSIC)] if uses else []


def _sources(uses: Sequence[DatasetUse]) -> tuple[str, ...]:
    return tuple(_source(use) for use in sorted(uses, key=lambda use: (-use.rows, use.name)))


def _source(use: DatasetUse) -> str:
    parts = [title_of(use.name, use.declared)]
    address = public_address(use.declared)
    if address is not None:
        parts.append(address)
    if use.declared is None:
        parts.append("its declaration is gone")
    makers = holders_of(use.declared)
    if makers:
        parts.append(f"by {'; '.join(makers)}")
    parts.append(" AND ".join(use.rights.licence_names))
    parts.append(f"{use.rights.files} files, {use.rows} rows")
    return ", ".join(parts)


def _yes(uses: Sequence[DatasetUse]) -> str:
    return "Yes." if uses else "No."


def _all_are(use: DatasetUse, layer: LayerName, wanted: LicenceClass) -> bool:
    """Whether one layer of all files of a data set is under a kind of licence."""
    found = use.rights.licences[layer]
    return bool(found) and all(read_licence(text).licence_class is wanted for text in found)
