"""Commands over the rights: audit, trace, override, takedown, cards."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click
from rich.markup import escape

from boumb_assets.cli.core import UserError, emit, mended, need_tables, show_table
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.rights.declaration import LAYERS, load_declarations
from boumb_assets.rights.options import missing_layers
from boumb_assets.rights.overrides import active_overrides, add_override, withdraw_override
from boumb_assets.rights.takedowns import active_takedowns
from boumb_assets.settings import load_settings
from boumb_assets.terminal import console

SHOWN: Final = 20

AUDIT: Final = """
select dataset, composition_class as composition, encoding_class as encoding, performance_class as performance,
  generator_class as generator, count(*) as files, train, redistribute, commercial, evaluate_only, obligations,
  rule, min(reason) as reason, count(distinct reason) as reasons,
  min(conflict) as conflict, count(overrides) as overridden, count(takedown) as taken_down
from rights_ledger
group by dataset, composition, encoding, performance, generator, train, redistribute, commercial, evaluate_only,
  obligations, rule
order by dataset, train desc, files desc, rule, obligations
"""


@click.group()
def rights() -> None:
    """What may be done with each work, and by what right."""


@rights.command()
@click.option("--json", "as_json", is_flag=True, help="Groups, overrides and takedowns as JSON.")
@mended
def audit(as_json: bool) -> None:
    """By data set and class: what is cleared, what is blocked, and why."""
    settings = load_settings()
    lake = Lake(settings.home)
    need_tables(lake, "rights_ledger")
    with connect(lake) as connection:
        result = connection.execute(AUDIT)
        names = [column[0] for column in result.description or []]
        groups = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    overrides, takedowns = active_overrides(settings.home), active_takedowns(settings.home)
    if as_json:
        emit({
            "profile": settings.rights.profile,
            "jurisdictions": settings.rights.jurisdictions,
            "year": settings.rights.counted_to,
            "groups": groups,
            "overrides": [one.model_dump(mode="json", exclude_none=True) for one in overrides],
            "takedowns": [one.model_dump(mode="json", exclude_none=True, exclude={"prints"}) for one in takedowns],
        })  # fmt: skip
        return
    columns = ("data set", "composition, encoding, performance", "files", "train", "give on", "asks for", "why")
    show_table(columns, [_audit_row(group) for group in groups], right=("files",))
    _say_totals(groups, settings.rights.profile, settings.rights.jurisdictions, settings.rights.counted_to)
    for name, declared in load_declarations(settings.home).items():
        for sentence in missing_layers(declared.terms_that_count, declared.statements):
            console.print(f"[yellow]open[/] {name}: {escape(sentence)}", soft_wrap=True)
    for said in overrides:
        console.print(f"[cyan]override {said.override_id}[/] {escape(said.sentence)}", soft_wrap=True)
    for one in takedowns:
        console.print(f"[red]takedown {one.takedown_id}[/] {escape(one.sentence)}", soft_wrap=True)


def _audit_row(group: dict[str, Any]) -> tuple[Any, ...]:
    layers = [group["composition"], group["encoding"], group["performance"]]
    if group["generator"] != "none":
        layers.append(f"written by a model: {group['generator']}")
    instance = "for instance, " if group["reasons"] > 1 else ""
    why = f"{group['rule']}: {instance}{group['reason']}"
    if group["conflict"]:
        why += f" (the sources disagree: {group['conflict']})"
    return (
        group["dataset"],
        ", ".join(layers).replace("_", " "),
        group["files"],
        "yes" if group["train"] else "measure only" if group["evaluate_only"] else "no",
        "yes" if group["redistribute"] else "no",
        group["obligations"].replace(",", ", ").replace("_", "-"),
        why,
    )


def _say_totals(groups: Sequence[dict[str, Any]], profile: str, jurisdictions: Sequence[str], year: int) -> None:
    cleared = sum(group["files"] for group in groups if group["train"])
    total = sum(group["files"] for group in groups)
    console.print(
        f"{cleared:,} of {total:,} files may be trained on; {total - cleared:,} are blocked "
        f"(profile {profile}, {' and '.join(jurisdictions)}, counted to {year})"
    )


@rights.command()
@click.argument("identifier")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@mended
def trace(identifier: str, as_json: bool) -> None:
    """Follow IDENTIFIER both ways: a file's sha256, a loop, a structure, a row, a variant or a release; its first
    characters are enough."""
    from dataclasses import asdict

    from boumb_assets.provenance import trace as follow

    lake = Lake(load_settings().home)
    need_tables(lake, "raw_midi")
    found = follow(lake, identifier)
    if as_json:
        emit(asdict(found))
        return
    console.print(f"{identifier}: {', '.join(found.found_as)}")
    _section(found.files, ("dataset", "path", "sha256", "title", "composer", "train", "rule"), "files")
    _section(found.loops, ("loop_id", "dataset", "contract", "role", "style", "track", "start_bar"), "loops")
    _section(found.structures, ("structure_id", "dataset", "contract"), "structures")
    _section(found.rows, ("row_id", "dataset", "loop_id", "split", "shard", "line", "rights"), "rows")
    _section(found.adapters, ("variant", "files", "rows"), "adapters")
    _section(found.releases, ("variant", "version", "files"), "releases")
    _section(found.takedowns, ("takedown_id", "date", "by", "reason"), "takedowns")


def _section(rows: Sequence[dict[str, Any]], columns: Sequence[str], title: str) -> None:
    """One kind of thing: how many, and the first of them."""
    if not rows:
        return
    more = f"; the first {SHOWN} (--json gives all)" if len(rows) > SHOWN else ""
    click.echo(f"\n{title}: {len(rows):,}{more}")
    show_table(columns, [[row.get(name) for name in columns] for row in rows[:SHOWN]], right=("files", "rows", "line"))


@rights.command()
@click.argument("sha256", nargs=-1)
@click.option("--dataset", help="Only in this data set; alone: all of its files.")
@click.option("--title", "--work", "title", help="The files whose metadata gives this title.")
@click.option("--composer", help="The files whose metadata names this composer.")
@click.option("--layer", type=click.Choice(LAYERS), help="The layer that the statement is about.")
@click.option("--licence", help="What holds instead: an SPDX expression, or a word as public-domain.")
@click.option("--deny", is_flag=True, help="Nothing may be done with them.")
@click.option("--holder", help="Who gave the licence.")
@click.option("--evidence", help="Where that is written: an address, a file, a hash.")
@click.option("--withdraw", "withdrawn", metavar="ID", help="Take an earlier override back.")
@click.option("--by", required=True, envvar="BOUMB_STEWARD", help="Who says so; default: BOUMB_STEWARD.")
@click.option("--reason", required=True, help="Why.")
@mended
def override(withdrawn: str | None, by: str, reason: str, **said: Any) -> None:
    """Say something else of a layer than the declaration does, with a name, a date and a reason.

    It is a further row, never an edit: the ledger shows what counted and who said it. SHA256 names files in full.
    """
    home = load_settings().home
    if withdrawn is not None:
        withdraw_override(home, withdrawn, by=by, reason=reason)
        console.print(f"override {withdrawn} is withdrawn; `boumb run` decides again")
        return
    made = add_override(home, by=by, reason=reason, **said)
    console.print(f"override {made.override_id}: {escape(made.sentence)}", soft_wrap=True)
    console.print("`boumb run` decides again; `boumb rights audit` shows what counts")


@rights.command()
@click.argument("works", nargs=-1, metavar="[SHA256 | FILE.mid]...")
@click.option("--work", "--title", "work", help="Every file whose metadata gives this title, now and later.")
@click.option("--composer", help="Every file whose metadata names this composer, now and later.")
@click.option("--withdraw", "withdrawn", metavar="ID", help="Take an earlier takedown back.")
@click.option("--by", required=True, envvar="BOUMB_STEWARD", help="Who asks for it; default: BOUMB_STEWARD.")
@click.option("--reason", required=True, help="Why.")
@click.option("--json", "as_json", is_flag=True, help="What was marked, as JSON.")
@mended
def takedown(
    works: Sequence[str],
    work: str | None,
    composer: str | None,
    withdrawn: str | None,
    by: str,
    reason: str,
    as_json: bool,
) -> None:
    """Take works out again: by sha256 or file, by title, by composer.

    It marks them, by their bytes and by their notes. The next `boumb run` removes every trace from lake, rows and
    library, trains again, and the release notes it. The mark outlives a new scan, another name, and a transposition.
    """
    from boumb_assets.events.prints import resolve_takedown
    from boumb_assets.rights.takedowns import withdraw_takedown

    settings = load_settings()
    if withdrawn is not None:
        withdraw_takedown(settings.home, withdrawn, by=by, reason=reason)
        console.print(f"takedown {withdrawn} is withdrawn; `boumb run` lets its works back in")
        return
    files = [Path(one) for one in works if Path(one).is_file()]
    hashes = [one for one in works if not Path(one).is_file()]
    for one in hashes:
        if len(one) != 64 or set(one) - set("0123456789abcdef"):
            raise UserError(f"{one!r} is neither a file nor a whole sha256 in lower case")
    if not (files or hashes or work or composer):
        raise UserError("say what to take down: a sha256, a MIDI file, --work TITLE or --composer NAME")
    made = resolve_takedown(
        Lake(settings.home), sha256=hashes, files=files, work=work, composer=composer, by=by, reason=reason
    )
    if as_json:
        emit(made.model_dump(mode="json", exclude_none=True, exclude={"prints"}))
        return
    console.print(f"takedown {made.takedown_id}: {escape(made.sentence)}", soft_wrap=True)
    if len(made.prints) < len(made.sha256):
        unknown = len(made.sha256) - len(made.prints)
        console.print(f"[yellow]{unknown} of the files are not in the lake: they are known by their bytes alone[/]")
    console.print("`boumb run` removes every trace and trains again")


@rights.command()
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Copy them into this folder.")
@mended
def cards(out: Path | None) -> None:
    """Where the cards lie: Croissant of data sets and rows, the EU's summary of training content, credits."""
    folder = Lake(load_settings().home).artefact("data_cards")
    if out is not None:
        shutil.copytree(folder, out, dirs_exist_ok=True)
    for path in sorted((out or folder).iterdir()):
        click.echo(path)
