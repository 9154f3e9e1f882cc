"""Real files of six collections through the first half of the line: what can be read is, the rest is set aside."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.rebuild import run, sync_partitions
from boumb_assets.rights.declaration import load_declarations, save_declaration
from boumb_assets.rights.options import dataset_from_options
from boumb_assets.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("real")]

FILES = 30
TERMS = {
    "songs": ("openscore_lieder", "CC0-1.0", "public-domain"),
    "ceol_rince": ("ceol_rince", "CC-BY-4.0", "traditional"),
    "groove": ("groove", "CC-BY-4.0", "own"),
    "js_fakes": ("js_fakes", "CC-BY-4.0", "machine-made"),
    "freedoom": ("freedoom", "BSD-3-Clause", "same"),
    "odd": ("odd", None, None),
    "nothing": ("nothing", "CC0-1.0", "own"),
}


def sample(source: Path, target: Path) -> None:
    """Copies every nth MIDI file, and the tables beside them."""
    files = sorted(path for path in source.rglob("*") if path.suffix.lower() in (".mid", ".midi"))
    tables = [path for path in (source / "index.tsv", source / "info.csv") if path.exists()]
    step = 1 if source.name == "odd" else max(1, len(files) // FILES)
    for path in [*files[::step], *tables]:
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)


def test_six_collections(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from boumb_assets.definitions import STAGES, defs

    home = tmp_path / "home"
    monkeypatch.setenv("BOUMB_HOME", str(home))
    for name, (folder, licence, composition) in TERMS.items():
        target = tmp_path / name
        target.mkdir()
        if name != "nothing":
            sample(shared / "corpus" / folder, target)
        save_declaration(home, dataset_from_options(name, str(target), licence, composition))
    shutil.rmtree(tmp_path / "nothing")  # a source that is gone when the line runs
    settings = Settings(home=home)
    with dg.DagsterInstance.ephemeral() as instance:
        sync_partitions(instance, load_declarations(home), [])
        report = run(defs, STAGES, settings, instance, sorted(TERMS), [], "training_data")
    assert report.failed == []
    failed = {text.split(": ")[0] for text in report.failed_checks}
    assert failed == {"dataset nothing"}, report.failed_checks  # it is empty, and says so
    assert any("there is no folder" in text for text in report.failed_checks)
    with connect(Lake(home)) as connection:
        lost = connection.execute(
            "select raw.dataset, raw.path from raw_midi as raw "
            "left join file_facts as facts on facts.dataset = raw.dataset and facts.path = raw.path "
            "left join rejected on rejected.dataset = raw.dataset and rejected.path = raw.path "
            "where (facts.path is null) = (rejected.path is null)"
        ).fetchall()
        reasons = {reason for (reason,) in connection.execute("select distinct reason from rejected").fetchall()}
        loops = dict(connection.execute("select dataset, count(*) from loops group by dataset").fetchall())
        trained = {name for (name,) in connection.execute("select distinct dataset from training_rows").fetchall()}
        died = connection.execute(
            "select count(*) from raw_midi where dataset = 'songs' and composer_died is null"
        ).fetchone()
    assert lost == []  # each file is either read or set aside, never both
    assert {"bad_resolution", "bad_tempo", "bad_metre", "type_2", "smpte_time", "truncated"} <= reasons
    assert all(loops[name] > 0 for name in TERMS if name != "nothing")
    assert trained == set(TERMS) - {"odd", "nothing"}  # nothing without cleared rights
    assert died == (0,)
