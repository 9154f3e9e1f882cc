"""Commands over the few-shot library: list, show, export."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click
from rich.markup import escape

from boumb_assets.cli.core import UserError, emit, mended, show_table
from boumb_assets.contracts.loop_request import ROLES, STYLES
from boumb_assets.contracts.music_request import FORMS, PERIODS
from boumb_assets.lake.engine import Died, Engine
from boumb_assets.lake.manifest import write_atomically
from boumb_assets.settings import load_settings
from boumb_assets.terminal import Bars, console

if TYPE_CHECKING:
    from boumb_assets.few_shot.gallery import Item

PAGE: Final = "index.html"
SECONDS_AN_ITEM: Final = 300.0  # far more than any takes, on a busy machine
OF_A_SECTION: Final = ("section", "measures", "key", "chords", "cadence", "dynamics", "texture")


class _ListByDefault(click.Group):
    """A group whose options alone ask for its list."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ListByDefault)
def library() -> None:
    """The examples written by hand: what there is, what one is like, all of it to look at and to listen to."""


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    """The options that choose among the examples."""
    options = (
        click.option("--kind", type=click.Choice(["loops", "structures"]), help="Only these."),
        click.option("--style", type=click.Choice(STYLES), help="Only loops of this style."),
        click.option("--role", type=click.Choice(ROLES), help="Only loops of this role."),
        click.option("--form", type=click.Choice(FORMS), help="Only structures of this form."),
        click.option("--period", type=click.Choice(PERIODS), help="Only structures of this period."),
    )
    for option in reversed(options):  # the last one applied is the first one that --help shows
        command = option(command)
    return command


def _chosen(home: Path, names: Sequence[str], filters: dict[str, str | None]) -> "list[Item]":
    from boumb_assets.few_shot.gallery import chosen
    from boumb_assets.few_shot.library import library_of

    kind = (filters.pop("kind") or "").removesuffix("s") or None
    return chosen(library_of(home), frozenset(names), kind=kind, **filters)


@library.command("list")
@_filters
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@mended
def list_library(as_json: bool, **filters: Any) -> None:
    """What there is, a line an example."""
    from boumb_assets.few_shot.gallery import facts_of

    found = [facts_of(item) for item in _chosen(load_settings().home, (), filters)]
    if as_json:
        emit([asdict(facts) for facts in found])
        return
    if not found:
        console.print("no example is like that")
        return
    columns = ("name", "kind", "style or form", "role or period", "key", "bpm", "title")
    rows = [(one.name, one.kind, one.sort, one.part, one.key, f"{one.bpm:g}", one.title) for one in found]
    show_table(columns, rows, right=("bpm",))


@library.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="With the request and the content itself.")
@mended
def show(name: str, as_json: bool) -> None:
    """One example: its title, its why, its facts, and its notes or sections."""
    from boumb_assets.few_shot.gallery import facts_of, find, played, request_of, section_rows, words
    from boumb_assets.few_shot.library import LibraryStructure, library_of
    from boumb_assets.render.text_roll import piano_roll_text

    item = find(library_of(load_settings().home), name)
    facts, request = facts_of(item), request_of(item)
    if as_json:
        content = json.loads(item.text)
        emit(asdict(facts) | {"why": item.why, "licence": item.licence, "request": request, "content": content})
        return
    click.echo(f"{item.title}\n{item.why}")
    for field, value in request.items():
        click.echo(f"{field}: {words(value)}")
    if isinstance(item, LibraryStructure):
        show_table(OF_A_SECTION, [tuple(asdict(row).values()) for row in section_rows(item.structure)], ("measures",))
    else:
        click.echo(piano_roll_text(played(item)))


@library.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.argument("names", metavar="[NAME]...", nargs=-1)
@_filters
@mended
def export(folder: Path, names: Sequence[str], **filters: Any) -> None:
    """All examples, or those named, as MIDI, sound and picture in DIR, with a page that works offline."""
    from boumb_assets.few_shot.gallery import gallery_page

    settings = load_settings()
    items = _chosen(settings.home, names, filters)
    if not items:
        raise UserError("no example is like that: `boumb library list` says what there is")
    _claim(folder)
    # The page comes first: it can be read while the sounds are made, and marks the folder as ours if they are not.
    write_atomically(folder / PAGE, gallery_page(items).encode())
    engine = Engine(workers=settings.workers)
    with Bars().shown() as bars, engine.crew(_write, SECONDS_AN_ITEM) as crew:
        for done, end in enumerate(crew.run(_Order(item, folder) for item in items)):
            if isinstance(end, Died):
                raise RuntimeError(f"{end.unit.item.item_id} could not be rendered: its process {end.detail}")
            bars(done + 1, len(items), "examples")
    console.print(f"{len(items)} examples in {escape(str(folder / PAGE))}", soft_wrap=True)


def _claim(folder: Path) -> None:
    """Raises UserError for a folder with files that are not ours."""
    from boumb_assets.few_shot.gallery import MARK

    if not folder.is_dir() or not any(folder.iterdir()):
        return
    head = ""
    if (folder / PAGE).is_file():
        with (folder / PAGE).open(encoding="utf-8", errors="replace") as page:
            head = page.read(1000)
    if f'content="{MARK}"' not in head:
        raise UserError(f"{folder} holds other files: choose an empty folder, or one that this command filled before")


class _Order(NamedTuple):
    """An example to be written into a folder."""

    item: "Item"
    folder: Path


def _write(order: _Order, begins: Callable[[int], None]) -> None:
    """Writes the files of one example."""
    from boumb_assets.few_shot.gallery import render_item

    begins(0)
    for suffix, data in render_item(order.item).items():
        write_atomically(order.folder / f"{order.item.item_id}.{suffix}", data)
