"""Commands that make or look at music: generate, read, convert, render, loops, validate, contract."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Literal, cast

import click
from rich.markup import escape

from boumb_assets.cli.core import UserError, emit, mended, need_tables, read_input, read_request_text, show_table
from boumb_assets.contracts.loop_request import ROLES, STYLES, LoopRequest, Role
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.registry import CONTRACTS
from boumb_assets.contracts.request_rules import Request
from boumb_assets.contracts.violations import Violation
from boumb_assets.lake.manifest import write_atomically
from boumb_assets.lake.store import Lake
from boumb_assets.settings import load_settings
from boumb_assets.terminal import console
from boumb_assets.theory.pitch import NOTE_NAMES

Form = Literal["mid", "wav", "png", "txt"]
FORMS: Final = {".mid": "mid", ".midi": "mid", ".wav": "wav", ".png": "png", ".txt": "txt"}
Contracts = click.Choice(sorted(CONTRACTS))


def form_of(target: Path) -> Form | None:
    """What the suffix of ``target`` asks for; None for .json."""
    suffix = target.suffix.lower()
    if suffix != ".json" and suffix not in FORMS:
        raise UserError(f"{target.name}: end it in .json, .mid, .wav, .png or .txt")
    return cast(Form | None, FORMS.get(suffix))


def write_as(text: str, target: Path, bpm: float | None, role: Role | None, title: str = "") -> None:
    """Writes a JSON text as what the suffix of ``target`` says."""
    from boumb_assets.api import render as render_content

    form = form_of(target)
    if form is None:
        write_atomically(target, text.encode() + b"\n")
        return
    write_atomically(target, render_content(text, form, bpm, role, title))


@click.command()
@click.argument("prompt", required=False, default="")
@click.option(
    "--contract", "contract_name", type=Contracts, help="Default: drums give a drum-pattern, else a boumb-sequence."
)
@click.option(
    "--provider", default="auto", show_default=True, help="auto, ft, base, few-shot, rules, ollama:MODEL, openai:MODEL."
)
@click.option("--variant", help="Whose model; default: as the settings say.")
@click.option("--bars", type=click.Choice(["2", "4"]), help="How long; default: as the words say.")
@click.option("--bpm", type=click.IntRange(40, 220), help="Wins over the words.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same music.")
@click.option("--request", "wanted", help="A MusicRequest for music-structure: JSON, a file of it or -.")
@click.option("--json", "as_json", is_flag=True, help="With the provider and each attempt.")
@click.option("--show", is_flag=True, help="A picture of it on the terminal.")
@click.option(
    "-o", "--out", "outs", multiple=True, type=click.Path(path_type=Path), help="Also write .json, .mid, .wav or .png."
)
@mended
def generate(
    prompt: str, contract_name: str | None, provider: str, variant: str | None, bars: str | None, bpm: int | None,
    seed: int, wanted: str | None, as_json: bool, show: bool, outs: Sequence[Path],
) -> None:  # fmt: skip
    """Music for PROMPT, in French or English, as JSON that the app accepts."""
    from boumb_assets.api import generate as generate_music
    from boumb_assets.prompts.reader import read_request

    for target in outs:
        form_of(target)
    music = None
    if wanted is not None:
        music = MusicRequest.model_validate_json(read_request_text(wanted))
        if contract_name not in (None, "music-structure"):
            raise UserError(f"--request asks for a music-structure; {contract_name} is asked for in words")
        contract_name = "music-structure"
    elif not prompt:
        raise UserError('say what to play: boumb generate "Basse funky"')
    length = cast(Literal[2, 4] | None, None if bars is None else int(bars))
    answer = generate_music(
        prompt, contract=contract_name, provider=provider, bars=length, seed=seed, music=music, variant=variant, bpm=bpm
    )
    read = read_request(prompt)
    asked = bpm or read.bpm
    tempo = None if asked is None else float(asked)
    role = read.role if answer.contract != "drum-pattern" else None
    if as_json:
        emit({"text": answer.text, "contract": answer.contract, "provider": answer.provider,
              "attempts": [asdict(attempt) for attempt in answer.attempts]})  # fmt: skip
    else:
        click.echo(answer.text)
    for target in outs:
        write_as(answer.text, target, tempo, role, prompt)
    if show:
        _show(answer.text, tempo, role)
    if show or outs:
        where = "".join(f"  {escape(str(target))}" for target in outs)
        console.print(f"[dim]{answer.provider}, {answer.contract}[/]{where}", soft_wrap=True)


def _show(text: str, bpm: float | None, role: Role | None) -> None:
    from boumb_assets.api import render as render_content

    sys.stdout.flush()
    console.print(render_content(text, "txt", bpm, role).decode(), markup=False, soft_wrap=True)


@click.command()
@click.argument("prompt")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@mended
def read(prompt: str, as_json: bool) -> None:
    """What PROMPT asks for, in French or English, and how sure that is of each field."""
    from boumb_assets.api import read as read_prompt

    found = read_prompt(prompt)
    request, sure = found.request.model_dump(exclude_none=True), found.confidence
    if as_json:
        emit({"request": request, "confidence": sure, "evidence": dict(found.evidence)})
    elif sure:
        if "root" in request:
            request["root"] = NOTE_NAMES[request["root"]]
        rows = [(name, str(request[name]), f"{sure[name]:.1%}", found.evidence[name]) for name in sure]
        show_table(("field", "value", "sure", "read by"), rows, right=("sure",))
    else:
        console.print("This asks for nothing in particular.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Instead of standard output.")
@click.option("--contract", "contract_name", type=Contracts, help="Default: the best loop, of any kind.")
@click.option("--all", "every", is_flag=True, help="Every loop with its place, as JSON; default: the best one alone.")
@mended
def convert(file: Path, out: Path | None, contract_name: str | None, every: bool) -> None:
    """The loops of a MIDI FILE as the app's JSON."""
    from boumb_assets.api import convert as convert_file

    if out is not None and not every:
        form_of(out)
    found = convert_file(file, contract_name)
    text = json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1) if every else found[0].content
    if out is None:
        click.echo(text)
    elif every:
        write_atomically(out, text.encode() + b"\n")
    else:
        write_as(text, out, found[0].bpm, cast(Role | None, found[0].role))
    if len(found) > 1 and not every:
        console.print(f"[dim]the best of {len(found)} loops; --all gives them all[/]")


@click.command()
@click.argument("file")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="OUT.mid, .wav, .png or .txt")
@click.option("--bpm", type=click.FloatRange(20, 400), help="The tempo; default: as the file says.")
@click.option("--role", type=click.Choice(ROLES), help="Chooses the sound.")
@mended
def render(file: str, out: Path, bpm: float | None, role: str | None) -> None:
    """A JSON or MIDI FILE as MIDI, sound or picture."""
    from boumb_assets.api import render as render_content

    data = read_input(file)
    form = FORMS.get(out.suffix.lower())
    if form is None:
        raise UserError(f"{out.name}: end it in .mid, .wav, .png or .txt")
    text = data.removeprefix(b"\xef\xbb\xbf").strip()  # a file's last line ends in a line break
    is_json = text[:1] in (b"{", b"[")
    if not is_json and b"MThd" not in data[:65536]:
        raise UserError(f"{file} is neither JSON nor a MIDI file")
    content: str | bytes = text.decode("utf-8") if is_json else data
    write_atomically(out, render_content(content, cast(Form, form), bpm, cast(Role | None, role), Path(file).stem))
    console.print(f"[dim]{escape(str(out))}[/]", soft_wrap=True)


@click.command()
@click.option("--style", type=click.Choice(STYLES), help="Only of this style.")
@click.option("--role", type=click.Choice(ROLES), help="Only of this role.")
@click.option("--dataset", "dataset_name", help="Only of this data set.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Loops at most.")
@click.option(
    "--export", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write each as .json and .mid here."
)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@mended
def loops(
    style: str | None, role: str | None, dataset_name: str | None, limit: int, folder: Path | None, as_json: bool
) -> None:
    """The loops of the lake, the best first."""
    from boumb_assets.lake.views import connect

    wanted = {"style": style, "role": role, "dataset": dataset_name}
    clauses = [f"{name} = ?" for name, value in wanted.items() if value]
    values = [value for value in wanted.values() if value]
    where = f"where {' and '.join(clauses)}" if clauses else ""
    lake = Lake(load_settings().home)
    need_tables(lake, "loops")
    with connect(lake) as connection:
        result = connection.execute(
            "select loop_id, dataset, path, start_bar, bars, role, style, round(bpm)::int as bpm, scale, notes, "
            "contract, content "
            f"from loops {where} order by score desc, loop_id limit {limit}",
            values,
        )
        names = [column[0] for column in result.description or []]
        found: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    if folder is not None:
        for one in found:
            for suffix in (".json", ".mid"):
                write_as(one["content"], folder / f"{one['loop_id']}{suffix}", float(one["bpm"]), one["role"])
        console.print(f"{len(found)} loops in {escape(str(folder))}", soft_wrap=True)
    elif as_json:
        emit(found)
    elif found:
        shown = names[:-2]
        cells = [[one[name] for name in shown] for one in found]
        show_table(shown, cells, right=("start_bar", "bars", "bpm", "notes"))
    else:
        console.print(
            'No loop is like that; `boumb sql "select role, style, count(*) from loops group by all"` says what is.'
        )


@click.command()
@click.argument("file")
@click.option("--contract", "contract_name", type=Contracts, help="Default: by its keys.")
@click.option("--request", "wanted", help="Also check against a MusicRequest or LoopRequest: JSON, a file of it or -.")
@click.option("--repair", "mend", is_flag=True, help="Print what can be mended, mended.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@mended
def validate(file: str, contract_name: str | None, wanted: str | None, mend: bool, as_json: bool) -> None:
    """What an app would find wrong with FILE: code, path and sentence; exit code 2 if anything. With --repair, what
    was done about it, and 2 where nothing can be."""
    from boumb_assets.api import which_contract
    from boumb_assets.contracts.validation import repair
    from boumb_assets.contracts.validation import validate as find_violations

    text = read_input(file).decode("utf-8", "replace").strip()
    name = contract_name or which_contract(text)
    request = None if wanted is None else _request(read_request_text(wanted), name)
    violations = find_violations(text, name, request)
    said: dict[str, Any] = {
        "contract": name,
        "valid": not violations,
        "violations": [asdict(violation) for violation in violations],
    }
    if not mend:
        emit(said) if as_json else _tell(violations, name)
        if violations:
            sys.exit(2)
        return
    done = repair(text, name, request)
    if as_json:
        emit(said | {"repaired": done.text, "actions": done.actions, "changes": [asdict(one) for one in done.changes]})
    else:
        for violation in violations:
            console.print(escape(f"{violation.code}  {violation.path}  {violation.message}"), soft_wrap=True)
        for action in done.actions:
            console.print(f"[dim]{escape(action)}[/]", soft_wrap=True)
        for change in done.changes:
            console.print(f"[dim]{escape(change.words())}[/]", soft_wrap=True)
    if done.text is None:
        raise UserError(f"{file} cannot be mended: {done.actions[-1]}")
    if not as_json:
        click.echo(done.text)


def _tell(violations: Sequence[Violation], name: str) -> None:
    for violation in violations:
        click.echo(f"{violation.code}  {violation.path}  {violation.message}")
    if not violations:
        console.print(f"a valid {name}")


def _request(text: bytes, name: str) -> Request:
    """The request that goes with a contract."""
    if name == "music-structure":
        return MusicRequest.model_validate_json(text)
    return LoopRequest.model_validate_json(text)


@click.command()
@click.argument("what", type=click.Choice(["show", "schema", "grammar", "vocabulary", "fingerprint"]))
@click.argument("name", type=Contracts, required=False)
@click.option("--lark", is_flag=True, help="The grammar for llguidance instead of llama.cpp's GBNF.")
@mended
def contract(what: str, name: str | None, lark: bool) -> None:
    """What is derived from a contract: its schema, grammar, vocabulary, fingerprint."""
    chosen = [CONTRACTS[name]] if name else list(CONTRACTS.values())
    for one in chosen:
        if what == "show":
            click.echo(f"{one.name}  {one.fingerprint()}  {one.description}")
        elif what == "fingerprint":
            click.echo(one.fingerprint() if name else f"{one.name} {one.fingerprint()}")
        elif what == "schema":
            click.echo(one.schema_text())
        elif what == "grammar":
            click.echo(one.lark() if lark else one.gbnf())
        else:
            click.echo("\n".join(one.vocabulary()))
