"""Whether the table of structures holds what it must, read from its texts, and why other files gave none."""

from dataclasses import dataclass

import duckdb
from pydantic import ValidationError

from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.contracts.validation import validate


def problem_of(content: str, request: str) -> str | None:
    """What is wrong with a structure and its request, or None: the structure is valid and canonical by its contract,
    its measures are those that the app refits to the request's length, and the request asks for the key, metre, tempo,
    form and plan that the structure has."""
    violations = validate(content, "music-structure")
    if violations:
        return f"{violations[0].path}: {violations[0].message}"
    structure = MusicStructure.model_validate_json(content)
    try:
        asked = MusicRequest.model_validate_json(request)
    except ValidationError as error:
        return f"request: {error.errors()[0]['msg']}"
    if structure.to_json() != content:
        return "its text is not canonical"
    if not structure.fits(asked.duration):
        return f"{structure.measures} measures are not those of {asked.duration:g} s"
    wanted = (asked.key, asked.timeSignature, asked.tempo, asked.form)
    if wanted != (structure.key, structure.timeSignature, structure.tempo, structure.form):
        return "its request asks for another key, metre, tempo or form"
    plan = [
        {"name": part.name, "measures": part.measures, "key": part.key, "cadence": part.cadence}
        for part in structure.sections
    ]
    return None if asked.section_plan == plan else "its sections are not those of the request's plan"


@dataclass(frozen=True)
class ReadStructures:
    """What the tables of a data set's structures hold."""

    rows: int
    problems: list[str]
    """Of each wrong row its path, and what is wrong."""
    reasons: dict[str, str]
    """By reason how many files gave no structure, and what is told of the first; the most frequent reason first."""


def read_structures(connection: duckdb.DuckDBPyConnection, dataset: str) -> ReadStructures:
    """Reads the tables structures and structures_dropped, which ``connection`` sees."""
    made = connection.execute(
        "select path, content, request from structures where dataset = ? order by path", [dataset]
    ).fetchall()
    dropped = connection.execute(
        "select reason, count(*), arg_min(why, path) from structures_dropped where dataset = ? "
        "group by reason order by count(*) desc, reason",
        [dataset],
    ).fetchall()
    return ReadStructures(
        rows=len(made),
        problems=[f"{path}: {found}" for path, *texts in made if (found := problem_of(*texts)) is not None],
        reasons={reason: f"{files} files; the first: {why}" for reason, files, why in dropped},
    )
