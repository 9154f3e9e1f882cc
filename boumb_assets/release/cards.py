"""The cards of the data: Croissant for each data set and for the training data, the EU's summary, credits.

A card of the lake lies two folders below it (``data_cards/cards-<digest>/``), and gives the addresses of files from
there, so that a reader finds them as they lie. A release carries no data: its card describes the list of what the model
learned from, which lies beside it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from boumb_assets.ingest.schema import RAW
from boumb_assets.lake.manifest import LakeFile, Manifest
from boumb_assets.lake.store import Lake
from boumb_assets.release.croissant import (
    JSON,
    ZSTD,
    card_gaps,
    card_of,
    card_problems,
    file_object,
    json_records,
    table_of_files,
)
from boumb_assets.release.data_facts import (
    TABLES,
    DatasetFacts,
    TrainingFacts,
    dataset_facts,
    holders_of,
    in_use,
    public_address,
    title_of,
    training_facts,
    with_kept_out,
)
from boumb_assets.release.manifest import json_text
from boumb_assets.release.responsible_ai import dataset_fields, listed, training_fields, usage
from boumb_assets.release.summary_document import Summary
from boumb_assets.release.training_content import ModelFacts, summary_of
from boumb_assets.rights.attribution import attribution_text, notice_text
from boumb_assets.rights.declaration import Dataset
from boumb_assets.rights.ledger import LEDGER
from boumb_assets.rights.takedowns import Takedown, active_takedowns

SUFFIX: Final = ".croissant.json"
TRAINING_CARD: Final = f"training_data{SUFFIX}"
RELEASE_CARD: Final = "training_data/croissant.json"
LISTED: Final = "training_data/manifest.json"
SUMMARY: Final = "training_content.md"
SUMMARY_VALUES: Final = "training_content.json"
VERSION_CHARS: Final = 16
LAKE: Final = "../.."
"""The lake's root as a card sees it."""

_TABLES: Final = {
    "raw_midi": "What there is: one row a file, with its hash, size and metadata.",
    "midi_events": "Each note of each readable file, in ticks, in seconds and on the grid.",
    "rights_ledger": "What may be done with each file, by layer, with the rule and its words.",
    "training_rows": "Where each row of the training data comes from, and the rights it comes under.",
}
_KEYS: Final = {"raw_midi": ["path"], "rights_ledger": ["path"], "training_rows": ["row_id"]}
_NOTES: Final[dict[str, str]] = {
    "sha256": "Of the file's bytes.",
    "train": "Whether it may be trained on, under the profile.",
    "redistribute": "Whether it may be given on.",
    "evaluate_only": "Whether it may be used for evaluation and nothing else.",
    "obligations": "What its licences ask for, with commas between; empty: nothing.",
    "reason": "The decision in words.",
    "rights": "What the file's licences ask for, with commas between; empty: nothing.",
    "shard": "The file of JSON lines that holds the row.",
    "line": "The line in that file, from 0.",
    "prompt": "What the user says.",
    "kind": "How the request is worded; user: somebody's own words, out of an app's log.",
    "transposition": "Semitones from the loop's own key.",
    "tokens": "Of the answer.",
    "work_group": "Works that are the same; a group lies in one split.",
    "onset_step": "The sixteenth from the start of the file that is nearest to the onset.",
    "residual": "Onset minus onset_step, in sixteenths.",
    "subdivision": "Into how many the quarter note is divided around the onset.",
    "onset_grid": "The point of that division which the onset means, in 24ths of a quarter note from the start.",
    **{
        field.name: field.metadata[b"description"].decode()
        for schema in (RAW, LEDGER)
        for field in schema
        if field.metadata and b"description" in field.metadata
    },
}
_LISTED_FIELDS: Final = {
    "dataset": "The data set that it is of.",
    "sha256": "Of the MIDI file's bytes.",
    "composition_licence": "Of the song.",
    "encoding_licence": "Of the work of making the file.",
    "performance_licence": "Of the playing recorded in it.",
    "obligations": "What these ask for, with commas between.",
}
_LANGUAGES: Final = ("en", "fr")


def lake_cards(lake: Lake, declared: Mapping[str, Dataset]) -> tuple[dict[str, str], dict[str, Any]]:
    """Every card of the lake by file name, and the facts: data sets, what is wrong, what nobody said yet.

    Raises LookupError where there is no training data yet.
    """
    cards: dict[str, dict[str, Any]] = {}
    for partition in lake.partitions("rights_ledger"):
        name = partition.removeprefix("dataset=")
        cards[_file_name(name)] = dataset_card(dataset_facts(lake, name, declared.get(name)))
    rows, ledger = lake.read("training_data", "training_rows"), lake.read("rights_ledger", "rights_ledger")
    manifest = lake.manifest("training_data")
    if manifest is None:
        raise LookupError("training_data was not made yet; `boumb run` makes it")
    facts = training_facts(rows, ledger, declared, manifest.data_version)
    training = with_kept_out(facts, ledger, len(active_takedowns(lake.home)))
    cards[TRAINING_CARD] = training_card(training, manifest)
    summary, used = summary_of(training), in_use(ledger, rows)
    texts = {
        **{name: json_text(card) for name, card in cards.items()},
        **summary_texts(summary),
        "ATTRIBUTION.md": attribution_text(used),
        "NOTICE": notice_text(used),
    }
    problems = [f"{name}: {problem}" for name, card in cards.items() for problem in card_problems(card)]
    told = {
        "data_sets": len(cards) - 1,
        "problems": problems,
        "not_said": {name: gaps for name, card in cards.items() if (gaps := card_gaps(card))},
        "left_to_provider": summary.left,
    }
    return texts, told


def release_cards(
    rows: pa.Table, used: pa.Table, declared: Mapping[str, Dataset], model: ModelFacts, listing: str,
    takedowns: Sequence[Takedown] = (),
) -> dict[str, str]:  # fmt: skip
    """The cards of a release by path: of what its model learned from (``rows``: columns dataset and sha256 at
    least), by the ledger of these files. ``listing`` is the text of LISTED, which the card describes. What else there
    is and was not learned from does not show, so that it does not change a release."""
    facts = replace(
        training_facts(rows, used, declared, version=hashlib.sha256(listing.encode()).hexdigest()[:VERSION_CHARS]),
        takedowns=len(takedowns),
        taken_files=len({sha256 for row in takedowns for sha256 in row.sha256}),
    )
    return {RELEASE_CARD: json_text(release_card(facts, model, listing)), SUMMARY: summary_of(facts, model).markdown()}


def dataset_card(facts: DatasetFacts) -> dict[str, Any]:
    """The card of one data set."""
    declared, rights = facts.declared, facts.rights
    address = public_address(declared)
    tables = [
        _table(manifest, name, f"{LAKE}/{name}/{manifest.partition}")
        for name in TABLES
        if (manifest := facts.manifests.get(name)) is not None
    ]
    description = (
        f"{title_of(facts.name, declared)}: {rights.files} MIDI files as tables of what there is, of each note, and of "
        f"what may be done with each file. {rights.decided['train']} of {rights.paths} may be trained on under the "
        f"profile {rights.profile or 'chosen'}."
    )
    return card_of(
        name=title_of(facts.name, declared),
        description=description + (f" {declared.note}" if declared is not None and declared.note else ""),
        licences=facts.licence_names,
        versions=[manifest.data_version for manifest in facts.manifests.values()],
        distribution=[file for files, _ in tables for file in files],
        record_sets=[record for _, records in tables for record in records],
        responsible=dataset_fields(facts),
        url=address,
        creators=holders_of(declared),
        cite_as=declared.citation or declared.attribution if declared is not None else None,
        usage=usage(rights),
        derived_from=[address] if address is not None else [],
    )


def training_card(facts: TrainingFacts, manifest: Manifest) -> dict[str, Any]:
    """The card of the training data: its rows, the shards of JSON lines, and the licences of all that it is made of."""
    distribution, record_sets = _table(manifest, "training_rows", f"{LAKE}/training_data")
    shards = [
        file_object(file, f"{LAKE}/training_data", "Conversations as JSON lines, compressed by zstd.", ZSTD)
        for file in _shards(manifest)
    ]
    return card_of(
        name="boumb training data",
        description=f"{facts.rows} requests for music with their answers as JSON, made of {facts.rights.files} MIDI "
        f"files of {len(facts.uses)} data sets, each cleared for training. {_splits(facts)}",
        licences=facts.rights.licence_names,
        versions=[facts.version],
        distribution=[*distribution, *shards],
        record_sets=record_sets,
        responsible=training_fields(facts),
        creators=_makers(facts),
        usage=usage(facts.rights),
        derived_from=_addresses(facts),
        languages=_LANGUAGES,
    )


def release_card(facts: TrainingFacts, model: ModelFacts, listing: str) -> dict[str, Any]:
    """The card of what one model learned from; ``listing`` is the text of the file beside it that names each file."""
    data = listing.encode()
    name = Path(LISTED).name
    file = LakeFile(table="files", path=name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    listed_file = file_object(file, "", "The files that the model learned from, with their terms.", JSON)
    return card_of(
        name=f"What boumb {model.name} learned from",
        description=f"{facts.rights.files} MIDI files of {len(facts.uses)} data sets, each cleared for training. The "
        "release holds none of them; they are listed with their terms.",
        licences=facts.rights.licence_names,
        versions=[facts.version],
        distribution=[listed_file],
        record_sets=[json_records("files", listed_file, "$.files[*]", _LISTED_FIELDS)],
        responsible=training_fields(facts),
        creators=_makers(facts),
        usage=usage(facts.rights),
        derived_from=_addresses(facts),
        languages=_LANGUAGES,
    )


def summary_texts(summary: Summary) -> dict[str, str]:
    """The files of a summary by name."""
    return {SUMMARY: summary.markdown(), SUMMARY_VALUES: json_text(summary.values())}


def folder_problems(folder: Path) -> list[str]:
    """What is wrong with the cards in a folder of the lake, read back: a card that cannot be read or breaks a rule, a
    file that does not lie where its card says, or is another size."""
    problems: list[str] = []
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    if not any(path.name == TRAINING_CARD for path in paths):
        problems.append(f"{TRAINING_CARD} is missing")
    for path in paths:
        try:
            card = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            problems.append(f"{path.name}: no JSON: {error}")
            continue
        problems += [f"{path.name}: {problem}" for problem in (*card_problems(card), *_absent(card, folder))]
    return problems


def _absent(card: Mapping[str, Any], folder: Path) -> list[str]:
    found = []
    for file in card.get("distribution", []):
        if "contentUrl" in file:
            path = folder / file["contentUrl"]
            if not path.is_file():
                found.append(f"{file['contentUrl']} is not there")
            elif f"{path.stat().st_size} B" != file.get("contentSize"):
                found.append(f"{file['contentUrl']} has another size")
    return found


def _file_name(dataset: str) -> str:
    """The name of a data set's card; one of the name of the training data steps aside, as no name has a dot."""
    name = f"{dataset}{SUFFIX}"
    return name if name != TRAINING_CARD else f"{dataset}.dataset{SUFFIX}"


def _table(manifest: Manifest, table: str, folder: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    columns = manifest.tables.get(table, {})
    return table_of_files(
        table, manifest.of_table(table), columns, folder, _TABLES[table], _NOTES, _KEYS.get(table, [])
    )


def _shards(manifest: Manifest) -> Sequence[LakeFile]:
    return [file for file in manifest.files if file.path.endswith(".jsonl.zst")]


def _splits(facts: TrainingFacts) -> str:
    found = facts.counts.get("split")
    return f"By split: {listed(found, 'rows')}." if found else ""


def _makers(facts: TrainingFacts) -> list[str]:
    return list(dict.fromkeys(holder for use in facts.uses for holder in holders_of(use.declared)))


def _addresses(facts: TrainingFacts) -> list[str]:
    found = (public_address(use.declared) for use in facts.uses)
    return list(dict.fromkeys(address for address in found if address is not None))
