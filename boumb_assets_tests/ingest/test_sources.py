"""Sources: a folder of the owner, or one that the project writes."""

from pathlib import Path

import pytest

from boumb_assets.ingest import sources
from boumb_assets.ingest.listing import ABSENT
from boumb_assets.ingest.sources import SourceError, materialise_source, source_fingerprint
from boumb_assets.rights.builtin import DEMO
from boumb_assets.rights.declaration import Dataset


class Writer:
    """Writes one file, and counts how often."""

    def __init__(self) -> None:
        self.text, self.calls, self.fails = "one", 0, False

    def __call__(self, folder: Path) -> None:
        self.calls += 1
        (folder / "a.mid").write_text(self.text)
        if self.fails:
            raise RuntimeError("broken")


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Writer:
    made = Writer()
    monkeypatch.setattr(sources, "_WRITERS", {"demo": made})
    return made


def _version(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(sources, "generator_fingerprint", lambda: version)


def test_a_folder_is_used_where_it_lies(tmp_path: Path) -> None:
    dataset = Dataset(name="songs", source=str(tmp_path))
    assert materialise_source(dataset, tmp_path / "home") == tmp_path
    assert not (tmp_path / "home").exists()


def test_a_source_that_is_gone_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    gone = Dataset(name="songs", source=str(tmp_path / "nothing"))
    with pytest.raises(SourceError, match="boumb dataset add songs"):
        materialise_source(gone, tmp_path)
    with pytest.raises(SourceError, match="is a file"):
        materialise_source(Dataset(name="songs", source=str(tmp_path / "file")), tmp_path)
    assert source_fingerprint(gone, tmp_path) == ABSENT


def test_a_built_in_source_is_written_once(tmp_path: Path, writer: Writer) -> None:
    before = source_fingerprint(DEMO, tmp_path)
    folder = materialise_source(DEMO, tmp_path)
    assert folder == tmp_path / "sources" / "demo"
    assert materialise_source(DEMO, tmp_path) == folder
    assert writer.calls == 1
    # What the source is made of does not change by making it.
    assert source_fingerprint(DEMO, tmp_path) == before


def test_it_is_written_again_when_touched_or_when_its_code_changes(
    tmp_path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _version(monkeypatch, "1")
    folder = materialise_source(DEMO, tmp_path)
    (folder / "a.mid").write_text("vandalised")
    materialise_source(DEMO, tmp_path)
    assert (folder / "a.mid").read_text() == "one"
    _version(monkeypatch, "2")
    writer.text = "two"
    materialise_source(DEMO, tmp_path)
    assert (folder / "a.mid").read_text() == "two"
    assert writer.calls == 3


def test_new_code_that_writes_the_same_touches_no_file(
    tmp_path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _version(monkeypatch, "1")
    folder = materialise_source(DEMO, tmp_path)
    before = (folder / "a.mid").stat().st_mtime_ns
    _version(monkeypatch, "2")
    materialise_source(DEMO, tmp_path)
    assert (folder / "a.mid").stat().st_mtime_ns == before
    materialise_source(DEMO, tmp_path)
    assert writer.calls == 2


def test_a_failed_writing_leaves_what_was_there(
    tmp_path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _version(monkeypatch, "1")
    folder = materialise_source(DEMO, tmp_path)
    _version(monkeypatch, "2")
    writer.text, writer.fails = "half", True
    with pytest.raises(RuntimeError, match="broken"):
        materialise_source(DEMO, tmp_path)
    assert (folder / "a.mid").read_text() == "one"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["demo", "demo.version"]
