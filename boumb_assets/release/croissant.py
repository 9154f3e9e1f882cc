"""Croissant 1.1: a data set described in JSON-LD, so that any tool that reads the format finds its files, their
columns, the terms, and what is to be known before it is used.

The format is MLCommons' (http://mlcommons.org/croissant/1.1), its responsible-AI fields those of
http://mlcommons.org/croissant/RAI/1.0. Nothing here is of a machine: addresses of files are relative to the card, and
there is no time of day, so the same data give the same bytes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from boumb_assets.lake.manifest import LakeFile, digest
from boumb_assets.rights.licences import CLASS_WORDS

CROISSANT: Final = "http://mlcommons.org/croissant/1.1"
RESPONSIBLE_AI: Final = "http://mlcommons.org/croissant/RAI/1.0"
LAYOUT: Final = "1.0.0"
"""The version of how the tables are laid out; the data's own version follows it as semantic versioning's build part."""
PARQUET: Final = "application/x-parquet"  # what the format's own reader takes for Parquet
ZSTD: Final = "application/zstd"
JSON: Final = "application/json"

_CONTEXT: Final[dict[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "annotation": "cr:annotation",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_REQUIRED: Final = ("name", "description", "license", "distribution", "recordSet", "version")
_ASKED_FOR: Final = ("url", "creator", "datePublished", "citeAs")
"""What the format asks for and not every data set has; a card leaves it out rather than making it up."""
_RESPONSIBLE: Final = (
    "dataCollection",
    "dataPreprocessingProtocol",
    "dataAnnotationProtocol",
    "personalSensitiveInformation",
    "dataBiases",
    "dataLimitations",
    "dataUseCases",
    "dataReleaseMaintenancePlan",
)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_NUMBERS: Final = re.compile(r"u?int(8|16|32|64)")
_LIST: Final = re.compile(r"list<\w+: (\w+)(?: not null)?>")
_TYPES: Final = {"sc:Text", "sc:Integer", "sc:Float", "sc:Boolean"}
_SPDX: Final = "https://spdx.org/licenses/"
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_OPERATORS: Final = frozenset(["AND", "OR", "WITH"])
_WORDS: Final = {
    "public-domain": "In the public domain.",
    "traditional": "Traditional: nobody's work, in the public domain.",
    "own": "Its makers' own work, given by its declaration.",
    "machine-made": "Made by a machine: nobody's work.",
    "custom": "A licence of its own, which a person has to read.",
    "per-file": "Each file states its own.",
    "none": "Nobody gave a licence.",
    "unknown": "No licence is known, so nothing may be done with it.",
}


def card_of(
    *,
    name: str,
    description: str,
    licences: Sequence[str],
    versions: Sequence[str],
    distribution: Sequence[Mapping[str, Any]],
    record_sets: Sequence[Mapping[str, Any]],
    responsible: Mapping[str, str | Sequence[str]],
    url: str | None = None,
    creators: Sequence[str] = (),
    cite_as: str | None = None,
    usage: str | None = None,
    derived_from: Sequence[str] = (),
    languages: Sequence[str] = (),
) -> dict[str, Any]:
    """The card of one data set as a JSON-LD object.

    ``licences`` are SPDX identifiers or class words, ``versions`` the data versions of what is described (any number),
    ``responsible`` the responsible-AI fields without their prefix, ``usage`` what whoever uses it has to do,
    ``derived_from`` the addresses of what it was made from. What is empty is left out.
    """
    facts: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [CROISSANT, RESPONSIBLE_AI],
        "name": name,
        "description": description,
        "license": [_licence(text) for text in licences],
        "url": url,
        "creator": [{"@type": "sc:Organization", "name": one} for one in creators],
        "citeAs": cite_as,
        "version": f"{LAYOUT}+{digest(*versions)}",
        "keywords": ["music", "symbolic music", "MIDI"],
        "inLanguage": list(languages),
        "usageInfo": {"@type": "sc:CreativeWork", "name": "obligations", "text": usage} if usage else None,
        "prov:wasDerivedFrom": [{"@id": address} for address in derived_from],
        "distribution": list(distribution),
        "recordSet": list(record_sets),
        **{f"rai:{field}": value if isinstance(value, str) else list(value) for field, value in responsible.items()},
    }
    return {key: value for key, value in facts.items() if value}


def file_object(file: LakeFile, folder: str, description: str, encoding: str = PARQUET) -> dict[str, Any]:
    """One file of the lake; ``folder`` is where its manifest lies, relative to the card."""
    return {
        "@type": "cr:FileObject",
        "@id": _identifier(file.path),
        "name": PurePosixPath(file.path).name,
        "description": description,
        "contentUrl": f"{folder}/{file.path}" if folder else file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": encoding,
        "sha256": file.sha256,
    }


def table_of_files(
    table: str, files: Sequence[LakeFile], columns: Mapping[str, str], folder: str, description: str,
    notes: Mapping[str, str], key: Sequence[str] = (),
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    """What a card says of one Parquet table: its files and its record set; nothing for a table without files.

    ``columns`` are Arrow types by name, as a manifest has them; ``notes`` says of a column what its name does not.
    Of several files the record set reads a set of files, which holds all of them.
    """
    if not files:
        return [], []
    distribution = [file_object(file, folder, f"{description} {file.rows} rows.") for file in files]
    source: dict[str, Any] = {"fileObject": {"@id": distribution[0]["@id"]}}
    if len(files) > 1:
        distribution.append(
            {
                "@type": "cr:FileSet",
                "@id": f"{table}-files",
                "name": f"{table}-files",
                "description": f"All files of {table}.",
                "containedIn": [{"@id": one["@id"]} for one in distribution],
                "encodingFormat": PARQUET,
                "includes": f"{table}-*.parquet",
            }
        )
        source = {"fileSet": {"@id": f"{table}-files"}}
    fields = [_field(table, column, kind, source, notes.get(column)) for column, kind in columns.items()]
    record_set = {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": description,
        "key": [{"@id": f"{table}/{column}"} for column in key],
        "field": fields,
    }
    return distribution, [{name: value for name, value in record_set.items() if value}]


def json_records(name: str, file: Mapping[str, Any], path: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """The record set of a list of objects in a JSON file (``file``, a file object of the card): ``path`` leads to the
    list, ``fields`` are descriptions by key; each object has all of them."""
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{field}",
                "name": field,
                "description": description,
                "dataType": "sc:Text",
                "source": {"fileObject": {"@id": file["@id"]}, "extract": {"jsonPath": f"{path}.{field}"}},
            }
            for field, description in fields.items()
        ],
    }


def licence_names(texts: Sequence[str]) -> list[str]:
    """The SPDX identifiers and class words in the licences of many files, sorted; a choice (OR) names all it offers."""
    found = {name for text in texts for name in _IDENTIFIER.findall(text) if name not in _OPERATORS}
    return sorted(found)


def card_gaps(card: Mapping[str, Any]) -> list[str]:
    """What the format asks for and the card leaves out, as nobody said it."""
    return [field for field in _ASKED_FOR if not card.get(field)]


def card_problems(card: Mapping[str, Any]) -> list[str]:
    """What is wrong with a card, a sentence each; empty for a good one.

    Its own rules, not the format's whole: what a reader needs to find the files, check them and read their columns, and
    that nothing of a machine is in it.
    """
    return [
        *_head_problems(card),
        *_file_problems(card.get("distribution") or []),
        *_record_problems(card),
        *(f"{where} is a path on a machine: {text[:60]}" for where, text in _texts(card) if _is_machine_path(text)),
    ]


def _head_problems(card: Mapping[str, Any]) -> Iterator[str]:
    if card.get("@context") != _CONTEXT:
        yield "@context is not that of Croissant 1.1"
    if card.get("@type") != "sc:Dataset":
        yield "@type is not sc:Dataset"
    for wanted in (CROISSANT, RESPONSIBLE_AI):
        if wanted not in card.get("conformsTo", []):
            yield f"conformsTo does not name {wanted}"
    for field in _REQUIRED:
        if not card.get(field):
            yield f"{field} is missing"
    for field in _RESPONSIBLE:
        if not card.get(f"rai:{field}"):
            yield f"rai:{field} is missing"


def _file_problems(distribution: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in distribution:
        name = one.get("@id", "a file without @id")
        if one.get("@type") != "cr:FileObject":
            continue
        address = str(one.get("contentUrl", ""))
        if not address or address.startswith("/") or ":" in address.split("/")[0]:
            yield f"{name}: contentUrl is no address relative to the card"
        if not _SHA256.fullmatch(str(one.get("sha256", ""))):
            yield f"{name}: sha256 is missing"
        if not re.fullmatch(r"\d+ B", str(one.get("contentSize", ""))):
            yield f"{name}: contentSize is missing"
        if not one.get("encodingFormat"):
            yield f"{name}: encodingFormat is missing"


def _record_problems(card: Mapping[str, Any]) -> Iterator[str]:
    files = [one.get("@id") for one in card.get("distribution") or []]
    records: list[Mapping[str, Any]] = list(card.get("recordSet") or [])
    fields = [field for record in records for field in record.get("field", [])]
    known = [*files, *(one.get("@id") for one in (*records, *fields))]
    for name in sorted({str(name) for name in known if known.count(name) > 1}):
        yield f"@id {name} is given twice"
    for name in known:
        if not name or re.search(r"\s", str(name)):
            yield f"@id {name!r} is empty or has white space"
    for container in (one for one in card.get("distribution") or [] if one.get("@type") == "cr:FileSet"):
        for held in container.get("containedIn", []):
            if held.get("@id") not in files:
                yield f"{container['@id']}: is contained in {held.get('@id')}, which is no file of the card"
    for field in fields:
        source = field.get("source", {})
        target = (source.get("fileObject") or source.get("fileSet") or {}).get("@id")
        if target not in files:
            yield f"{field.get('@id')}: its source {target} is no file of the card"
        if field.get("dataType") not in _TYPES:
            yield f"{field.get('@id')}: dataType {field.get('dataType')} is not known"


def _texts(value: Any, where: str = "card") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, key)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item, where)


def _is_machine_path(text: str) -> bool:
    return bool(re.match(r"(/|~/|file:|[A-Za-z]:\\)", text))


def _licence(text: str) -> str | dict[str, str]:
    """A licence as a card gives it: SPDX's address, or in words where SPDX has none."""
    if text in _WORDS:
        return {"@type": "sc:CreativeWork", "name": text, "description": _WORDS[text]}
    if text in CLASS_WORDS or text.startswith(("LicenseRef-", "DocumentRef-")):
        return {"@type": "sc:CreativeWork", "name": text, "description": _WORDS["custom"]}
    return f"{_SPDX}{text}.html"


def _identifier(path: str) -> str:
    return re.sub(r"[^\w./-]", "_", path)


def _field(table: str, column: str, kind: str, source: Mapping[str, Any], note: str | None) -> dict[str, Any]:
    listed = _LIST.fullmatch(kind)
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table}/{column}",
        "name": column,
        "dataType": _data_type(listed[1] if listed else kind),
        "source": {**source, "extract": {"column": column}},
    }
    if note:
        field["description"] = note
    if listed:
        field |= {"isArray": True, "arrayShape": "-1"}
    return field


def _data_type(kind: str) -> str:
    """The format's type of an Arrow type by name."""
    if _NUMBERS.fullmatch(kind):
        return "sc:Integer"
    return {"bool": "sc:Boolean", "float": "sc:Float", "double": "sc:Float"}.get(kind, "sc:Text")
