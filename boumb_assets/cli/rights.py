"""Commands over the rights: audit, trace, override, takedown, cards."""

import re
import shutil
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, Final

import click
from rich.markup import escape

from boumb_assets.cli.core import UserError, emit, mended, need_tables, show_table
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import WAREHOUSE, connect, view_statements
from boumb_assets.rights.catalogue import known_datasets
from boumb_assets.rights.composers import same_person
from boumb_assets.rights.declaration import LAYERS, declarations_folder, load_declaration, load_declarations
from boumb_assets.rights.options import missing_layers
from boumb_assets.rights.overrides import Override, active_overrides, add_override, same_title, withdraw_override
from boumb_assets.rights.takedowns import active_takedowns
from boumb_assets.settings import load_settings
from boumb_assets.terminal import console

SHOWN: Final = 20
ABBREVIATED: Final = frozenset(["cc0", "by", "sa", "nc", "nd"])
SHA256: Final = re.compile("[0-9a-f]{64}")

AUDIT: Final = """
select dataset, composition_class as composition, encoding_class as encoding, performance_class as performance,
  generator_class as generator, count(*) as files, train, redistribute, commercial, evaluate_only, obligations,
  rule, min(reason) as reason, count(distinct reason) as reasons,
  min(conflict) as conflict, count(overrides) as overridden, count(takedown) as taken_down
from {decided}
group by dataset, composition, encoding, performance, generator, train, redistribute, commercial, evaluate_only,
  obligations, rule
order by dataset, train desc, files desc, rule, obligations
"""


# The ledger decides file by file; what the same bytes are denied for elsewhere counts over it, once the gate was made.
GATED: Final = """(
  select ledger.* replace (
    coalesce(gate.cleared, ledger.train) as train,
    coalesce(gate.cleared, true) and ledger.redistribute as redistribute,
    coalesce(gate.rule, ledger.rule) as rule, coalesce(gate.reason, ledger.reason) as reason)
  from rights_ledger as ledger left join stg_rights as gate using (dataset, sha256, path))"""


def decided(lake: Lake) -> str:
    """What SQL reads the decisions from that count."""
    return GATED if "stg_rights" in view_statements(lake) else "rights_ledger"


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
        result = connection.execute(AUDIT.format(decided=decided(lake)))
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
    columns = ("data set", "layers", "files", "train", "give on", "asks for", "why")
    show_table(columns, [_audit_row(group) for group in groups], right=("files",))
    _say_totals(groups, settings.rights.profile, settings.rights.jurisdictions, settings.rights.counted_to)
    if _is_of_before(settings.home):
        console.print("[yellow]stale[/] something was declared or said since; `boumb run` decides again")
    _say_what_is_open(settings.home, {group["dataset"] for group in groups}, overrides)
    for said in overrides:
        console.print(f"[cyan]override {said.override_id}[/] {escape(said.sentence)}", soft_wrap=True)
    for one in takedowns:
        console.print(f"[red]takedown {one.takedown_id}[/] {escape(one.sentence)}", soft_wrap=True)


def _is_of_before(home: Path) -> bool:
    """Whether a declaration, an override, a takedown or an erasure is newer than the last run."""
    run, declared = home / WAREHOUSE, declarations_folder(home)
    said = [declared, *declared.glob("*.yaml"), *(home / "rights").glob("*.jsonl")]
    times = [path.stat().st_mtime_ns for path in said if path.exists()]
    return run.exists() and max(times, default=0) > run.stat().st_mtime_ns


def _say_what_is_open(home: Path, found: Collection[str], overrides: Sequence[Override]) -> None:
    """The declared data sets of which no file was found, and the layers that nobody has said anything of."""
    for name, declared in load_declarations(home).items():
        if name not in found:
            console.print(f"[yellow]empty[/] {name}: no file of it was found yet; `boumb run` says why", soft_wrap=True)
        said = {one.layer for one in overrides if one.dataset == name and not (one.sha256 or one.title or one.composer)}
        known = name in known_datasets()
        for sentence in missing_layers(declared.terms_that_count, declared.statements, known=known):
            if sentence.partition(":")[0] not in said:
                console.print(f"[yellow]open[/] {name}: {escape(sentence)}", soft_wrap=True)


def _audit_row(group: dict[str, Any]) -> tuple[Any, ...]:
    layers = [f"{layer} {_class_name(group[layer])}" for layer in LAYERS[:3]]
    if group["generator"] != "none":
        layers.append(f"by a model: {_class_name(group['generator'])}")
    instance = "for instance, " if group["reasons"] > 1 else ""
    why = f"{group['rule']}: {instance}{group['reason']}"
    if group["conflict"]:
        why += f" (the sources disagree: {group['conflict']})"
    return (
        group["dataset"],
        "\n".join(layers),
        group["files"],
        "yes" if group["train"] else "measure only" if group["evaluate_only"] else "no",
        "yes" if group["redistribute"] else "no",
        group["obligations"].replace(",", ", ").replace("_", "-"),
        why,
    )


def _class_name(name: str) -> str:
    """A class of licences as people write it: `CC0`, `BY`, `public domain`."""
    return name.upper() if name in ABBREVIATED else name.replace("_", " ")


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
    click.echo(f"{identifier}: {', '.join(found.found_as)}")
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
    kept = [name for name in columns if any(row.get(name) is not None for row in rows[:SHOWN])]
    shown = [[_cell(row.get(name)) for name in kept] for row in rows[:SHOWN]]
    show_table(kept, shown, right=("files", "rows", "line", "track", "start_bar"))


def _cell(value: Any) -> Any:
    return ("no", "yes")[value] if isinstance(value, bool) else value


def _not_empty(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """The words of --by and --reason. Raises UserError where there are none."""
    if not value.strip():
        raise UserError(f"{parameter.opts[-1]} is empty: what is said of rights has a name and a reason")
    return value


def _whole_hashes(words: Sequence[str]) -> None:
    """Raises UserError for what is no sha256."""
    for one in words:
        if not SHA256.fullmatch(one):
            raise UserError(f"{one!r} is no whole sha256 (64 of 0-9 and a-f): `boumb rights trace` shows it whole")


def _alone(withdrawn: str, *others: object) -> None:
    """Raises UserError where more is said than what is withdrawn."""
    if any(others):
        raise UserError(f"--withdraw {withdrawn} goes with --by and --reason alone: an id says all that it takes back")


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
@click.option(
    "--by", required=True, callback=_not_empty, envvar="BOUMB_STEWARD", help="Who says so; default: BOUMB_STEWARD."
)
@click.option("--reason", required=True, callback=_not_empty, help="Why.")
@mended
def override(withdrawn: str | None, by: str, reason: str, **said: Any) -> None:
    """Say something else of a layer than the declaration does, with a name, a date and a reason.

    It is a further row, never an edit: the ledger shows what counted and who said it. SHA256 names files in full.
    """
    home = load_settings().home
    if withdrawn is not None:
        _alone(withdrawn, *said.values())
        withdraw_override(home, withdrawn, by=by, reason=reason)
        console.print(f"override {withdrawn} is withdrawn; `boumb run` decides again")
        return
    _whole_hashes(said["sha256"])
    if said["dataset"] is not None:
        load_declaration(home, said["dataset"])
    made = add_override(home, by=by, reason=reason, **said)
    console.print(f"override {made.override_id}: {escape(made.sentence)}", soft_wrap=True)
    _say_how_many(_files_of(Lake(home), made))
    console.print("`boumb run` decides again; `boumb rights audit` shows what counts")


def _files_of(lake: Lake, said: Override) -> int | None:
    """How many files of the lake an override is of; None where nothing was read yet."""
    try:
        raw = lake.read("raw_midi", "raw_midi").select(["dataset", "sha256", "title", "composer"])
    except LookupError:
        return None
    wanted = {
        "title": _fitting(raw["title"], said.title, same_title),
        "composer": _fitting(raw["composer"], said.composer, same_person),
    }
    hashes = frozenset(said.sha256)
    return sum(
        said.concerns(row["dataset"])
        and (not hashes or row["sha256"] in hashes)
        and all(names is None or row[name] in names for name, names in wanted.items())
        for row in raw.to_pylist()
    )


def _fitting(names: Any, wanted: str | None, same: Callable[[str, str], bool]) -> frozenset[str] | None:
    """Those of a column of ``names`` that are the ``wanted`` one; None where any will do."""
    if wanted is None:
        return None
    return frozenset(name for name in names.unique().to_pylist() if name is not None and same(name, wanted))


def _say_how_many(files: int | None) -> None:
    if files == 0:
        console.print("[yellow]no file in the lake is meant by it[/]: it counts for those that come; is it right?")
    elif files is not None:
        console.print(f"{files:,} file{'s are' if files != 1 else ' is'} meant by it now")


@rights.command()
@click.argument("works", nargs=-1, metavar="[SHA256 | FILE.mid]...")
@click.option("--work", "--title", "work", help="Every file whose metadata gives this title, now and later.")
@click.option("--composer", help="Every file whose metadata names this composer, now and later.")
@click.option("--withdraw", "withdrawn", metavar="ID", help="Take an earlier takedown back.")
@click.option(
    "--by", required=True, callback=_not_empty, envvar="BOUMB_STEWARD", help="Who asks for it; default: BOUMB_STEWARD."
)
@click.option("--reason", required=True, callback=_not_empty, help="Why.")
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
        _alone(withdrawn, *works, work, composer)
        row = withdraw_takedown(settings.home, withdrawn, by=by, reason=reason)
        if as_json:
            emit(row.model_dump(mode="json", exclude_none=True, exclude={"prints"}))
            return
        console.print(f"takedown {withdrawn} is withdrawn; `boumb run` lets its works back in")
        return
    files = [Path(one) for one in works if Path(one).is_file()]
    hashes = [one for one in works if not Path(one).is_file()]
    for one in hashes:
        if not SHA256.fullmatch(one):
            raise UserError(f"{one!r} is neither a file nor a whole sha256 (64 of 0-9 and a-f)")
    if not (files or hashes or work or composer):
        raise UserError("say what to take down: a sha256, a MIDI file, --work TITLE or --composer NAME")
    made = resolve_takedown(
        Lake(settings.home), sha256=hashes, files=files, work=work, composer=composer, by=by, reason=reason
    )
    if as_json:
        emit(made.model_dump(mode="json", exclude_none=True, exclude={"prints"}))
        return
    console.print(f"takedown {made.takedown_id}: {escape(made.sentence)}", soft_wrap=True)
    unknown = len(made.sha256) - len(made.prints)
    if unknown:
        are = "is not in the lake: it is" if unknown == 1 else "are not in the lake: they are"
        console.print(f"[yellow]{unknown} of the files {are} known by the bytes alone[/]")
    if not made.sha256:
        _say_how_many(0)
    console.print("`boumb run` removes every trace and trains again")


@rights.command()
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Copy them into this folder.")
@mended
def cards(out: Path | None) -> None:
    """Where the cards lie: Croissant of data sets and rows, the EU's summary of training content, credits."""
    folder = Lake(load_settings().home).artefact("data_cards")
    if out is not None:
        shutil.copytree(folder, out, dirs_exist_ok=True)
    for path in sorted(folder.iterdir()):
        click.echo((out or folder) / path.name)
