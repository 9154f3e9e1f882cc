"""The responsible-AI fields of a card, in sentences made of what the lake knows; nothing that it does not know.

The fields are those of Croissant RAI 1.0 (Akhtar et al., http://mlcommons.org/croissant/RAI/1.0).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from boumb_assets.release.data_facts import DatasetFacts, RightsFacts, TrainingFacts
from boumb_assets.rights.declaration import Dataset

Fields = dict[str, str | list[str]]
SHOWN: Final = 8

_COLLECTED: Final = {
    "builtin": "Made by this project: loops by its rule-based composer, and old tunes entered by hand from scores.",
    "folder": "A folder of MIDI files that whoever declared the data set has, read as it is.",
    "archive": "An archive of MIDI files that whoever declared the data set has, unpacked within bounds.",
    "https": "An archive that its makers publish, downloaded over https; held to the checksum that is published, or "
    "else to that of the first download.",
    "hub": "A data set of the Hugging Face hub, fetched at one commit.",
    "app-log": "The log of an app: what its users asked for, and the answers of a model that they rated.",
}
_COLLECTION_TYPES: Final = {
    "builtin": ["Software Collection", "Manual Human Curator"],
    "app-log": ["User-Generated Content Data", "Customer Feedback Data"],
}
_PREPARED: Final = [
    "Each file is parsed in a process of its own, with bounds on size, notes and time; one that cannot be read is set "
    "aside with a typed reason and never stops the rest.",
    "Notes are put on a grid of sixteenths where the ticks are musical time; the distance from the grid is kept.",
]
_ROWS_PREPARED: Final = [
    "Loops of two and four bars in 4/4 are cut, a track and a role each; works that are the same in any key are "
    "grouped before they are split into train, validation and test, so that no work is on two sides.",
    "Rows are left out where no right to train on them is known; every row names the file it was made from by sha256.",
    "Loops of the train split are transposed too; answers are written in the form of their contract and checked by it.",
]
_ANNOTATED: Final = (
    "No person labelled the files for this. Title, composer, year of death, style and tempo are those that the files' "
    "own metadata give; metre, key, role and grid are measured; the rights are decided for each file from what is "
    "declared of its composition, encoding, performance and generator"
)
_MAINTAINED: Final = (
    "Made again when a file, a declaration, a rule or a term of protection changes; its version is a digest of its "
    "content. Whoever holds a right in a work can have it taken out, by the file's sha256, the work's title or its "
    "composer (`boumb rights takedown`): the next run takes its notes out of every table, row and model, knows it "
    "again under another name or in another key, and the next release says so."
)
_IMPACT: Final = (
    "A model that learns from music can write what resembles it, and takes the place of some work that people are paid "
    "for. Only what its makers allow, or what is in the public domain, is learned from."
)


def dataset_fields(facts: DatasetFacts) -> Fields:
    """The fields of one data set's card."""
    rights, kind = facts.rights, _kind(facts.declared)
    fields: Fields = {
        "dataCollection": _collection(facts.declared),
        "dataCollectionType": _COLLECTION_TYPES.get(kind, ["Secondary Data Analysis"]),
        "dataCollectionRawData": f"{rights.paths} MIDI files ({rights.files} different ones, {facts.bytes} bytes), "
        "each with its sha256 in raw_midi; the files themselves are not part of the card's distribution.",
        "dataCollectionMissingData": _missing(facts),
        "dataPreprocessingProtocol": _PREPARED,
        "dataAnnotationProtocol": f"{_ANNOTATED} (by {_rules(rights)}).",
        "machineAnnotationTools": ["boumb_assets: parser, grid, key finder, rights ledger"],
        "personalSensitiveInformation": _personal(rights, [kind]),
        "dataBiases": _biases(facts),
        "dataLimitations": _limits(facts),
        "dataUseCases": _uses(rights),
        "dataSocialImpact": _IMPACT,
        "dataReleaseMaintenancePlan": _MAINTAINED,
    }
    return {name: value for name, value in fields.items() if value}


def training_fields(facts: TrainingFacts) -> Fields:
    """The fields of the card of training data."""
    rights = facts.rights
    kinds = sorted({_kind(use.declared) for use in facts.uses})
    asked = sum(use.asked for use in facts.uses)
    return {
        "dataCollection": f"Made of {rights.files} files of {len(facts.uses)} data sets: "
        f"{listed({use.name: use.rows for use in facts.uses}, 'rows')}. "
        "Requests are worded by rules from what a loop is"
        + (f"; {asked} are what users of an app asked for." if asked else "."),
        "dataCollectionType": sorted(
            {one for kind in kinds for one in _COLLECTION_TYPES.get(kind, ["Secondary Data Analysis"])}
        ),
        "dataCollectionMissingData": "Files that no right allows to train on are left out"
        + (f": {facts.kept_out}." if facts.kept_out is not None else "."),
        "dataPreprocessingProtocol": [*_PREPARED, *_ROWS_PREPARED],
        "dataAnnotationProtocol": f"{_ANNOTATED} (by {_rules(rights)}).",
        "machineAnnotationTools": ["boumb_assets: parser, grid, key finder, wording of requests, rights ledger"],
        "personalSensitiveInformation": _personal(rights, kinds),
        "dataBiases": [f"Rows by {name}: {listed(found, 'rows')}." for name, found in facts.counts.items() if found]
        or ["There is no row."],
        "dataLimitations": [
            "Short music in 4/4 on a grid of sixteenths, and forms of whole pieces; styles that are in none of the "
            "data sets are not in it.",
            "Requests are in English and French.",
        ],
        "dataUseCases": _uses(rights),
        "dataSocialImpact": _IMPACT,
        "dataReleaseMaintenancePlan": _MAINTAINED,
    }


def usage(rights: RightsFacts) -> str:
    """What whoever uses it has to do, as one sentence; conflicts too."""
    asked = ", ".join(word.replace("_", "-") for word in rights.obligations)
    text = f"What may be trained on asks for: {asked}." if asked else "What may be trained on asks for nothing."
    return " ".join([text, *(f"The sources disagree: {conflict}." for conflict in rights.conflicts)])


def listed(counts: Mapping[str, int], what: str = "") -> str:
    """The most frequent values with their counts; the rest as a number."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    parts = [f"{name} {count}" for name, count in ordered[:SHOWN]]
    more = sum(count for _, count in ordered[SHOWN:])
    if more:
        parts.append(f"{len(ordered) - SHOWN} others {more}")
    return ", ".join(parts) + (f" {what}" if parts and what else "")


def _rules(rights: RightsFacts) -> str:
    return f"rules of version {rights.rules}" if rights.rules else "rules, once there is a file"


def _kind(declared: Dataset | None) -> str:
    return declared.kind if declared is not None else "folder"


def _collection(declared: Dataset | None) -> str:
    if declared is None:
        return "Its declaration is gone; what is told here is what the lake still has of it."
    text = _COLLECTED[declared.kind]
    log = declared.app_log
    if log is None:
        return text
    agreed = (
        "each of which says that its user agreed"
        if log.consent == "each"
        else f"whose users all agreed ({log.consent_evidence})"
    )
    return f"{text} Taken are answers rated {log.rating_at_least} of 10 or higher, {agreed}."


def _missing(facts: DatasetFacts) -> str:
    parts = [f"set aside: {listed(facts.set_aside, 'files')}"] if facts.set_aside else ["no file was set aside"]
    if facts.rights.without_composer:
        parts.append(f"no composer is named for {facts.rights.without_composer} of {facts.rights.paths} files")
    return f"{'; '.join(parts)}.".capitalize()


def _personal(rights: RightsFacts, kinds: Sequence[str]) -> list[str]:
    found = [
        "No column tells a sensitive attribute of a person; names of files and titles are as their makers gave them."
    ]
    if rights.composers:
        found.append(f"The names of {rights.composers} composers, with years of death where known, as published.")
    played = {text: count for text, count in rights.licences["performance"].items() if text != "none"}
    not_told = played.pop("unknown", 0)
    if played:
        found.append(f"The playing of people was recorded in {sum(played.values())} files; no column names them.")
    if not_told:
        found.append(f"Whether the playing of people was recorded is not known of {not_told} files.")
    if "app-log" in kinds:
        found.append(
            "What users of an app asked for, in their words, with their consent; who they are is not in it, request "
            "ids only as hashes, and a request can be erased."
        )
    return found


def _biases(facts: DatasetFacts) -> list[str]:
    rights = facts.rights
    found = [f"Files by style, as the metadata name it: {listed(facts.styles, 'files')}."] if facts.styles else []
    if rights.public_domain:
        found.append(
            f"{rights.public_domain} of {rights.paths} compositions are in the public domain or traditional: old "
            "music, and of composers long dead."
        )
    return found or ["Neither styles nor composers are named, so what it is a sample of is not known."]


def _limits(facts: DatasetFacts) -> list[str]:
    if not facts.readable:
        return ["No file of it could be read."]
    found = [f"{facts.readable} files could be read: {facts.notes} notes, {facts.seconds / 3600:.1f} hours."]
    free = facts.readable - facts.with_grid
    if free:
        found.append(f"{free} of them are free playing without beats that could be found, and give no loops.")
    return found


def _uses(rights: RightsFacts) -> list[str]:
    profile = rights.profile or "any"
    where = f" in {rights.jurisdictions}" if rights.jurisdictions else ""
    allowed = rights.decided
    found = [
        f"Training, under the profile {profile}{where}: {allowed['train']} of {rights.paths} files; giving on: "
        f"{allowed['redistribute']}; commercial use: {allowed['commercial']}; evaluation only: "
        f"{allowed['evaluate_only']}.",
    ]
    if rights.blocked:
        found.append(f"Not for training, by rule: {listed(rights.blocked, 'files')}.")
    return found
