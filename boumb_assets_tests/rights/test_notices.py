from pathlib import Path

import pyarrow as pa

from boumb_assets.lake.store import Lake
from boumb_assets.rights.notices import copyright_notices

TEXTS = pa.schema([("sha256", pa.string()), ("kind", pa.string()), ("text", pa.string())])


def lake_with(home: Path, rows: list[dict[str, str]]) -> Lake:
    lake = Lake(home)
    with lake.writing("midi_events", "dataset=songs") as commit:
        commit.write("file_texts", pa.Table.from_pylist(rows, schema=TEXTS))
        commit.commit({})
    return lake


def test_a_data_set_without_any_text_has_no_notices(tmp_path: Path) -> None:
    assert copyright_notices(lake_with(tmp_path, []), "dataset=songs") == {}
    assert copyright_notices(Lake(tmp_path / "empty"), "dataset=songs") == {}


def test_what_speaks_of_a_copyright_is_quoted_and_the_rest_is_not(tmp_path: Path) -> None:
    texts = (("a", "copyright", "1996 B. Krüger"), ("a", "lyrics", "la la"), ("b", "text", "(c) 2001 by me"))
    rows = [{"sha256": sha256, "kind": kind, "text": text} for sha256, kind, text in texts]
    found = copyright_notices(lake_with(tmp_path, rows), "dataset=songs")
    assert found == {"a": "the file says “1996 B. Krüger”", "b": "the file says “(c) 2001 by me”"}
