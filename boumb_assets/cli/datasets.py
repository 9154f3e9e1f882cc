"""Commands over the data sets: add, known, list, show, update, erase, remove."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import click
from rich.markup import escape

from boumb_assets.cli.core import UserError, emit, mended, show_table
from boumb_assets.lake.names import check_name
from boumb_assets.lake.store import Lake
from boumb_assets.rights.builtin import BUILTINS
from boumb_assets.rights.catalogue import KnownDataset, known_datasets
from boumb_assets.rights.declaration import (
    APP_LOG,
    LAYERS,
    AppLog,
    Dataset,
    LayerName,
    declaration_problems,
    load_declaration,
    load_declarations,
    remove_declaration,
    save_declaration,
    source_kind,
)
from boumb_assets.rights.licences import read_licence
from boumb_assets.rights.options import SAME, dataset_from_options, known_from_options, missing_layers
from boumb_assets.settings import load_settings
from boumb_assets.terminal import console

DATASET_STAGES: Final = ("raw_midi", "midi_events", "rights_ledger", "loops", "structures")
QUESTIONS: Final = {
    "composition": "the songs themselves (public-domain, traditional, own, machine-made, per-file, SPDX, or same)",
    "licence": "the files, as their makers license them (SPDX as CC-BY-4.0, own, or per-file)",
    "performance": "the recorded playing (none where nobody's was recorded, same, own, or SPDX)",
    "generator": "the answers of the model that wrote them (SPDX, or own)",
}


@click.group()
def dataset() -> None:
    """The data sets, and the terms they come under."""


@dataset.command("add")
@click.argument("name")
@click.argument("source", required=False)
@click.option("--licence", help="Of the files: an SPDX expression, as CC-BY-4.0; or per-file, as their metadata says.")
@click.option(
    "--composition", help="public-domain, traditional, own, machine-made, per-file, an SPDX licence, or same."
)
@click.option("--performance", help="none, own, machine-made, an SPDX licence, or same; default: as the files.")
@click.option("--generator", help="The terms of the model that wrote the music, where one did; default: none did.")
@click.option("--attribution", help="The credit that its makers ask for.")
@click.option("--checksum", help="Of an archive: sha256:... or md5:..., as its makers publish it.")
@click.option("--rating", type=click.IntRange(1, 10), help="Of an app's log: the lowest rating that is taken [8].")
@click.option("--consent", type=click.Choice(["each", "all"]), help="Of an app's log: whose leave there is [each].")
@click.option("--consent-evidence", help="Where the agreement of all users is written.")
@mended
def add(
    name: str,
    source: str | None,
    rating: int | None,
    consent: str | None,
    consent_evidence: str | None,
    checksum: str | None,
    **terms: str | None,
) -> None:
    """Declare a data set NAME with its terms, layer by layer.

    A known NAME (`boumb dataset known`) brings its address and its terms; SOURCE then only says where a copy lies.
    SOURCE is a folder, an archive (.zip, .tar.*), https://... of one, hf://datasets/OWNER/NAME, or app-log:FOLDER.
    """
    settings = load_settings()
    check_name("data set", name)
    if source is not None:
        _need_source(source)
    app_log = _app_log(source or "", rating, consent, consent_evidence)
    declared = _declared(name, source, terms, _checksum(checksum), app_log)
    before = load_declarations(settings.home).get(name)
    save_declaration(settings.home, declared)
    again = "" if before is None else " again, in the place of what was declared before"
    console.print(f"{name}: declared{again}; `boumb run` takes it through the line", soft_wrap=True)
    if declared.note is not None:
        console.print(f"[dim]{escape(declared.note)}[/]", soft_wrap=True)
    known = name in known_datasets()
    missing = missing_layers(declared.terms_that_count, declared.statements, known=known)
    for sentence in missing:
        console.print(f"[yellow]open[/] {escape(sentence)}", soft_wrap=True)
    if missing and not known:
        console.print(
            f"To add them, say `boumb dataset add {name} SOURCE ...` once more, with all options: it replaces the "
            "declaration",
            soft_wrap=True,
        )


def _app_log(source: str, rating: int | None, consent: str | None, evidence: str | None) -> AppLog | None:
    """What is taken of an app's log; None of another source."""
    said = {"rating_at_least": rating, "consent": consent, "consent_evidence": evidence}
    given = {key: value for key, value in said.items() if value is not None}
    if not source.startswith(APP_LOG):
        if given:
            raise UserError("--rating, --consent and --consent-evidence are of an app's log: give it as app-log:FOLDER")
        return None
    if consent == "all" and evidence is None:
        raise UserError("--consent all needs --consent-evidence, which says where the users agreed")
    return AppLog.model_validate(given)


def _checksum(text: str | None) -> str | None:
    """A checksum in lower case. Raises UserError for what is none."""
    if text is None:
        return None
    found = text.strip().lower()
    if not re.fullmatch(r"sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}", found):
        raise UserError("--checksum is sha256: and 64 digits of 0-9 and a-f, or md5: and 32")
    return found


def _declared(
    name: str, source: str | None, terms: dict[str, str | None], checksum: str | None, app_log: AppLog | None
) -> Dataset:
    if name in BUILTINS and source is None:
        return BUILTINS[name]
    known = known_datasets().get(name)
    if known is not None:
        return known_from_options(known, source, checksum=checksum, **terms)
    if source is None:
        near = get_close_matches(name, known_datasets(), 1)
        raise UserError(
            f"{name!r} is not in the catalogue, which `boumb dataset known` lists"
            + (f" (did you mean {near[0]}?)" if near else "")
            + f"; of your own say where it lies: `boumb dataset add {name} FOLDER --licence ... --composition ...`"
        )
    asked = _asked(terms, app_log is not None)
    return dataset_from_options(
        name,
        source,
        asked["licence"],
        asked["composition"],
        asked["performance"],
        asked["attribution"],
        generator=asked["generator"],
        checksum=checksum,
        app_log=app_log,
    )


def _asked(terms: dict[str, str | None], by_model: bool) -> dict[str, str | None]:
    """The terms with what a person at a terminal answers for each layer that was not given; empty leaves it open."""
    if not sys.stdin.isatty():
        return terms
    wanted = [layer for layer in QUESTIONS if terms.get(layer) is None and (layer != "generator" or by_model)]
    if wanted:
        console.print("By what right? An empty answer leaves a layer unknown, and unknown denies.")
    answers = {
        layer: click.prompt(
            f"  {QUESTIONS[layer]}", default="", show_default=False, err=True, value_proc=_answer_of(layer)
        )
        for layer in wanted
    }
    return {**terms, **answers}


def _answer_of(layer: str) -> Callable[[str], str | None]:
    """What reads an answer for a layer; one that cannot be read is asked for again."""

    def read(text: str) -> str | None:
        answer = text.strip()
        if answer and not (answer == SAME and layer in ("composition", "performance")):
            try:
                read_licence(answer)
            except ValueError as error:
                raise click.UsageError(str(error)) from None
        return answer or None

    return read


def _need_source(source: str) -> None:
    """Raises UserError for a path that is not there; an address is tried when it is fetched."""
    if not source.removeprefix(APP_LOG).strip():
        raise UserError("SOURCE is empty: give a folder, an archive, an address, or app-log:FOLDER")
    if "://" in source:
        return
    kind = source_kind(source)
    path = Path(source.removeprefix(APP_LOG)).expanduser()
    if kind == "archive" and not path.exists():
        raise UserError(f"there is no archive {path}")
    if kind in ("folder", "app-log") and not path.is_dir():
        detail = "is no archive that is read, nor a folder" if path.is_file() else "is no folder"
        raise UserError(f"there is no folder {path}" if not path.exists() else f"{path} {detail}")


@dataset.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@mended
def known(name: str | None, as_json: bool) -> None:
    """The catalogue of known data sets, their terms and our decision; of one NAME all that is known, and why."""
    entries = known_datasets()
    if name is not None and name not in entries:
        raise UserError(f"{name!r} is not in the catalogue; it has {', '.join(entries)}")
    if as_json:
        shown = [entries[name]] if name else list(entries.values())
        emit([entry.model_dump(mode="json", exclude_none=True) for entry in shown])
    elif name is not None:
        show_table(("", entries[name].title), _all_that_is_known(entries[name]))
    else:
        rows = [
            (one.name, _layers(one), _decision(one.note), "its address" if one.source else "your copy")
            for one in entries.values()
        ]
        show_table(("name", "composition, encoding, performance", "may it be used", "comes from"), rows)
        console.print("`boumb dataset known NAME` says why; `boumb dataset add NAME` declares one")


def _layers(one: KnownDataset) -> str:
    """The licences of the layers; of the generator where a model wrote the music."""
    licences = [getattr(one.terms, layer).licence for layer in LAYERS]
    return ", ".join(licences[:-1]) + (f", by a model: {licences[-1]}" if licences[-1] != "none" else "")


def _decision(note: str) -> str:
    """The first sentence of a note: our decision."""
    return re.split(r"(?<=\.)\s+(?=[A-Z])", note, maxsplit=1)[0]


def _all_that_is_known(one: KnownDataset) -> list[tuple[str, str]]:
    rows = [("may it be used", one.note)]
    for name in LAYERS:
        layer = getattr(one.terms, name)
        rows.append((name, "; ".join(filter(None, [layer.licence, layer.holder, layer.evidence]))))
    rows += [(said.layer, f"also: {said.licence} ({said.where}); the stricter counts") for said in one.statements]
    no_source = f"none to fetch it from: `boumb dataset add {one.name} FOLDER` says where your copy lies"
    rows += [("address", one.source or no_source), ("checksum", one.checksum or "none is published")]
    rows += [("credit", one.attribution or ""), ("to cite", one.citation or ""), ("homepage", one.homepage)]
    return [(title, text) for title, text in rows if text]


@dataset.command("list")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@mended
def list_(as_json: bool) -> None:
    """The declared data sets: files, the licence of each layer, where they lie."""
    settings = load_settings()
    lake = Lake(settings.home)
    rows: list[tuple[Any, ...]] = []
    for name, one in load_declarations(settings.home).items():
        raw = lake.manifest("raw_midi", f"dataset={name}")
        files = raw.rows("raw_midi") if raw is not None else None
        rows.append((name, files, *(_stated(one, layer) for layer in LAYERS), one.source))
    columns = ("name", "files", *LAYERS, "source")
    if as_json:
        emit([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        show_table(columns, rows, right=("files",))
    else:
        console.print(
            "No data set is declared; `boumb run` begins with the demo, `boumb dataset add` declares another."
        )
    for problem in declaration_problems(settings.home).values():
        console.print(f"[yellow]left out[/] {escape(problem)}", soft_wrap=True)


def _stated(one: Dataset, layer: LayerName) -> str:
    """The licence of a layer, and what others say of it."""
    licence: str = getattr(one.terms_that_count, layer).licence
    others = {said.licence: None for said in one.statements if said.layer == layer and said.licence != licence}
    return licence + "".join(f", against {other}" for other in others)


@dataset.command()
@click.argument("name")
@mended
def show(name: str) -> None:
    """What is declared of a data set, as JSON."""
    emit(load_declaration(load_settings().home, name).model_dump(mode="json"))


@dataset.command()
@click.argument("name")
@mended
def update(name: str) -> None:
    """Fetch a data set again: the next run takes what its address holds then."""
    from boumb_assets.ingest.sources import forget_source

    home = load_settings().home
    one = load_declaration(home, name)
    with _at_rest(Lake(home), name):
        forgotten = forget_source(one, home)
    if forgotten:
        console.print(f"{name}: the next `boumb run` fetches it again")
    else:
        console.print(f"{name}: nothing was fetched; `boumb run` sees what changed in {escape(one.source)} by itself")


@dataset.command()
@click.argument("name")
@click.argument("request_id")
@mended
def erase(name: str, request_id: str) -> None:
    """Erase one request of an app's log: the next run removes the prompt and its answer everywhere."""
    from boumb_assets.ingest.app_log import erase_request

    home = load_settings().home
    if load_declaration(home, name).kind != "app-log":
        raise UserError(f"{name} is no app's log; `boumb rights takedown` takes a file out of any data set")
    erase_request(home, name, request_id)
    console.print(f"{name}: the request is marked; `boumb run` removes it and trains again")


@dataset.command()
@click.argument("name")
@mended
def remove(name: str) -> None:
    """Forget a data set, what was fetched of it and what was made of it; your own files stay as they are."""
    from boumb_assets.ingest.sources import remove_source

    settings = load_settings()
    lake = Lake(settings.home)
    remove_declaration(settings.home, name)
    with _at_rest(lake, name):
        remove_source(name, settings.home)
    for stage in DATASET_STAGES:
        lake.drop(stage, f"dataset={name}", console.print)
    console.print(f"{name}: removed; the next `boumb run` rebuilds what was made with it")


@contextmanager
def _at_rest(lake: Lake, name: str) -> Iterator[None]:
    """Within it no run finds or reads the files of the data set: they could go from under it."""
    with ExitStack() as held:
        for stage in DATASET_STAGES[:2]:
            if lake.folder(stage, f"dataset={name}").is_dir():
                held.enter_context(lake.held(stage, f"dataset={name}", console.print))
        yield
