"""Data sets of a hub, fetched by the real client from a hub on the loopback.

The client reads its endpoint when it is imported, so each test works in a process of its own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from boumb_assets.ingest.hub import HubAddress, read_address
from boumb_assets.rights.declaration import Dataset
from boumb_assets_tests.ingest.hand_made import MIDI, Entry, written, zip_bytes
from boumb_assets_tests.ingest.loopback_hub import LARGE_BYTES, Hub, serving_hub

pytest.importorskip("huggingface_hub")

_RUN = """
import json, sys
from pathlib import Path
from boumb_assets.ingest.sources import SourceError, forget_source, materialise_source, source_fingerprint
from boumb_assets.rights.declaration import Dataset
home, what = Path(sys.argv[1]), json.loads(sys.argv[2])
dataset = Dataset(name="songs", source=what["source"])
if what["forget"]:
    forget_source(dataset, home)
said = {"before": source_fingerprint(dataset, home)}
try:
    found = materialise_source(dataset, home)
    said["facts"] = dict(found.facts)
    said["rejected"] = {one.path: str(one.reason) for one in found.rejections}
except SourceError as error:
    said["error"], said["temporary"] = str(error), error.temporary
said["after"] = source_fingerprint(dataset, home)
print(json.dumps(said))
"""


@dataclass
class Bench:
    """A hub, a home, and the client between them."""

    hub: Hub
    home: Path
    token: str = "hf_secret"

    def run(self, source: str, forget: bool = False, **environment: str) -> dict[str, Any]:
        """What a process says that materialises ``source``; all that it prints is in `noise`."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        ours = {
            "HF_ENDPOINT": self.hub.endpoint,
            "HF_HUB_DISABLE_XET": "1",
            "HF_HOME": str(self.home / "cache"),
            "HF_TOKEN": self.token,
            **environment,
        }
        arguments = json.dumps({"source": source, "forget": forget})
        command = [sys.executable, "-c", _RUN, str(self.home), arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=clean | ours)
        assert self.token not in done.stdout + done.stderr
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        assert done.stderr == ""
        return said

    def files(self) -> dict[str, bytes]:
        """What a scan will find."""
        return written(self.home / "sources" / "songs")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with serving_hub() as hub:
        yield Bench(hub, tmp_path)


def test_an_address_is_read() -> None:
    assert read_address("hf://datasets/me/songs") == HubAddress("me/songs", None, "")
    assert read_address("hf://datasets/me/songs@v1/a/b.zip") == HubAddress("me/songs", "v1", "a/b.zip")


def test_a_data_set_is_fetched_at_one_commit_and_not_asked_for_again(bench: Bench) -> None:
    large = MIDI + bytes(LARGE_BYTES)
    files = {"a.mid": MIDI, "songs/é b.MID": large, "index.tsv": b"path\n", "README.md": b"x", "data.parquet": b"x"}
    commit = bench.hub.commit("me/songs", files)
    said = bench.run("hf://datasets/me/songs")
    assert said["facts"] == {"commit": commit, "members_set_aside": 0} and said["rejected"] == {}
    assert bench.files() == {"a.mid": MIDI, "songs/é b.MID": large, "index.tsv": b"path\n"}
    assert not any(path.is_symlink() for path in bench.home.rglob("*"))
    assert not any("README" in asked or "parquet" in asked for asked in bench.hub.asked)
    assert bench.hub.tokens == {"Bearer hf_secret"}
    assert not (bench.home / "downloads" / "songs").exists()
    bench.hub.asked.clear()
    bench.hub.commit("me/songs", {"a.mid": MIDI * 2})
    again = bench.run("hf://datasets/me/songs")
    assert bench.hub.asked == []
    assert again == {**said, "before": said["after"]}
    assert said["before"] == said["after"]


def test_forgetting_takes_the_newest(bench: Bench) -> None:
    bench.hub.commit("me/songs", {"a.mid": MIDI, "b.mid": MIDI})
    first = bench.run("hf://datasets/me/songs")
    newest = bench.hub.commit("me/songs", {"a.mid": MIDI * 2})
    said = bench.run("hf://datasets/me/songs", forget=True)
    assert said["facts"]["commit"] == newest
    assert said["before"] == said["after"] != first["after"]
    assert bench.files() == {"a.mid": MIDI * 2}


def test_what_was_touched_is_fetched_again_as_it_was(bench: Bench) -> None:
    commit = bench.hub.commit("me/songs", {"a.mid": MIDI})
    bench.run("hf://datasets/me/songs")
    bench.hub.commit("me/songs", {"a.mid": MIDI * 2})
    (bench.home / "sources" / "songs" / "a.mid").write_bytes(b"vandalised")
    assert bench.run("hf://datasets/me/songs")["facts"]["commit"] == commit
    assert bench.files() == {"a.mid": MIDI}


def test_a_revision_and_a_folder_of_it(bench: Bench) -> None:
    commit = bench.hub.commit("me/songs", {"old/a.mid": MIDI, "old/deep/b.mid": MIDI, "older/c.mid": MIDI})
    bench.hub.commit("me/songs", {"new.mid": MIDI})
    bench.run(f"hf://datasets/me/songs@{commit}/old")
    assert bench.files() == {"a.mid": MIDI, "deep/b.mid": MIDI}
    bench.run(f"hf://datasets/me/songs@{commit}/old/a.mid")
    assert bench.files() == {"a.mid": MIDI}


def test_an_archive_in_it_is_unpacked_as_any_other(bench: Bench) -> None:
    archive = zip_bytes([Entry(b"a.mid"), Entry(b"../b.mid"), Entry(b"c.mid", MIDI + bytes(LARGE_BYTES))])
    commit = bench.hub.commit("me/songs", {"data/songs.zip": archive, "x.mid": MIDI})
    said = bench.run("hf://datasets/me/songs/data/songs.zip")
    assert said["facts"]["commit"] == commit and said["rejected"] == {"../b.mid": "unsafe_name"}
    assert bench.files() == {"a.mid": MIDI, "c.mid": MIDI + bytes(LARGE_BYTES)}
    bench.hub.asked.clear()
    assert bench.run("hf://datasets/me/songs/data/songs.zip")["rejected"] == said["rejected"]
    assert bench.hub.asked == []


def test_what_is_not_safe_is_set_aside_before_it_is_fetched(bench: Bench) -> None:
    bench.hub.commit(
        "me/songs",
        {
            "../out.mid": MIDI,
            "/etc/a.mid": MIDI,
            "songs/A.mid": MIDI,
            "songs/a.mid": MIDI,
            ".cache/huggingface/x.mid": MIDI,
            "b//c.mid": MIDI,
        },
    )
    said = bench.run("hf://datasets/me/songs")
    assert said["rejected"] == {
        "../out.mid": "unsafe_name",
        "/etc/a.mid": "unsafe_name",
        "songs/a.mid": "duplicate_name",
        ".cache/huggingface/x.mid": "unsafe_name",
        "b/c.mid": "unsafe_name",
    }
    assert bench.files() == {"songs/A.mid": MIDI}
    assert not any("out.mid" in asked for asked in bench.hub.asked)


def test_another_file_than_was_committed_is_refused(bench: Bench) -> None:
    large = MIDI + bytes(LARGE_BYTES)
    bench.hub.commit("me/songs", {"a.mid": MIDI, "b.mid": large})
    for path, data in (("a.mid", MIDI[::-1]), ("b.mid", large[::-1])):
        bench.hub.lies = {path: data}
        said = bench.run("hf://datasets/me/songs", forget=True)
        assert f"{path} of me/songs is not what its commit says" in said["error"] and said["temporary"]
        assert not (bench.home / "sources" / "songs").exists()


@pytest.mark.parametrize(
    ("status", "code", "text", "temporary"),
    [
        (403, "GatedRepo", "accept its terms at https://huggingface.co/datasets/me/songs, and set HF_TOKEN", False),
        (404, "RepoNotFound", "the hub has no data set me/songs", False),
        (404, "RevisionNotFound", "has no revision v9", False),
        (403, "Forbidden", "the hub answers 403", False),
        (500, "Broken", "the hub answers 500", True),
    ],
)
def test_an_error_of_the_hub_is_one_line(bench: Bench, status: int, code: str, text: str, temporary: bool) -> None:
    bench.hub.errors["me/songs"] = (status, code)
    said = bench.run("hf://datasets/me/songs@v9")
    assert said["error"].startswith("songs: ") and text in said["error"] and "\n" not in said["error"]
    assert said["temporary"] == temporary


def test_a_data_set_without_midi_says_so(bench: Bench) -> None:
    bench.hub.commit("me/songs", {"README.md": b"x"})
    assert "has no MIDI file" in bench.run("hf://datasets/me/songs")["error"]
    assert "there is no more/a.zip in me/songs" in bench.run("hf://datasets/me/songs/more/a.zip")["error"]


def test_no_network_no_hub_and_a_broken_token_are_one_line(bench: Bench) -> None:
    bench.hub.commit("me/songs", {"a.mid": MIDI})
    said = bench.run("hf://datasets/me/songs", HF_HUB_OFFLINE="1")
    assert "HF_HUB_OFFLINE" in said["error"] and said["temporary"]
    said = bench.run("hf://datasets/me/songs", HF_ENDPOINT="http://127.0.0.1:1")
    assert "no answer from the hub for me/songs" in said["error"] and said["temporary"]
    bench.token = "hf_sécret"  # no header may hold it, and the error of the client repeats it
    assert "me/songs" in bench.run("hf://datasets/me/songs")["error"]


def test_a_hub_without_its_library_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from boumb_assets.ingest.sources import SourceError, materialise_source

    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(SourceError, match=r"boumb_assets\[hub\]"):
        materialise_source(Dataset(name="songs", source="hf://datasets/me/songs"), tmp_path)
