"""The figures of the training data: counted in SQL, since there may be millions of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from boumb_assets.rights.declaration import LAYERS
from boumb_assets.theory.pitch import NOTE_NAMES

TOP: Final = 12  # values of a list that are shown; the rest is added up
TOKENS_A_COLUMN: Final = 50
MOST_TOKENS: Final = 2000  # and more, in the last column

# One narrow table, so that each figure reads a few columns of it.
ROWS: Final = """
create or replace temp table card_rows as
select rows.dataset, rows.sha256, rows.loop_id, rows.split, rows.contract, rows.language, rows.kind, rows.system,
       rows.role, rows.style, rows.transposition, rows.tokens, rows.tokens_without, rows.rights, rows.work_group,
       hash(rows.prompt) as prompt, length(rows.prompt) as characters,
       loops.bpm, (loops.key_root::int + rows.transposition + 120) % 12 as root, loops.scale, loops.bars, loops.density,
       loops.notes
from training_rows as rows
left join loops on loops.dataset = rows.dataset and loops.loop_id = rows.loop_id
"""
TOTALS: Final = """
select count(*) as rows, count(distinct (dataset, loop_id)) as loops, count(distinct (dataset, sha256)) as files,
       count(distinct work_group) as work_groups, count(distinct dataset) as datasets,
       count(distinct prompt) as prompts, coalesce(sum(tokens), 0)::bigint as tokens,
       coalesce(max(tokens), 0) as longest, coalesce(median(tokens), 0)::double as median_tokens,
       coalesce(median(tokens_without), 0)::double as median_without,
       coalesce(avg((tokens_without > $most)::int), 0) as too_long_without
from card_rows
"""
SOURCES: Final = """
with source as (
  select dataset, count(*) as rows, count(*) filter (split = 'train') as train,
         count(*) filter (split = 'validation') as validation, count(*) filter (split = 'test') as test,
         count(distinct loop_id) as loops, count(distinct sha256) as files, list(distinct rights) as rights
  from card_rows group by dataset
), credit as (
  select dataset, attribution
  from rights_ledger
  semi join card_rows on card_rows.dataset = rights_ledger.dataset and card_rows.sha256 = rights_ledger.sha256
  where attribution is not null
  group by all
), credits as (
  select dataset, min(attribution, 3) as first, count(*) as credits from credit group by dataset
)
select source.*, coalesce(first, []), coalesce(credits, 0)
from source left join credits on credits.dataset = source.dataset
order by rows desc, source.dataset
"""
LICENCES: Final = """
select licence, count(*) from card_rows as rows
join (
  select dataset, sha256, any_value({layer}_licence order by path) as licence from rights_ledger group by all
) as ledger on ledger.dataset = rows.dataset and ledger.sha256 = rows.sha256
group by licence order by count(*) desc, licence
"""
DROPPED: Final = (
    "select filter, sum(count)::bigint from loops_dropped where count > 0 group by filter order by 2 desc, 1"
)


@dataclass(frozen=True)
class Histogram:
    """Rows by a number: a count a column. ``mark`` is a place on the axis, in columns."""

    title: str
    note: str
    labels: tuple[str, ...]
    counts: tuple[int, ...]
    mark: float | None = None


@dataclass(frozen=True)
class Shares:
    """Rows, or what the title says, by a word, the most frequent first."""

    title: str
    counts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(count for _, count in self.counts)

    @property
    def most(self) -> int:
        """The largest of them."""
        return max((count for _, count in self.counts), default=0)


@dataclass(frozen=True)
class Source:
    """What comes from one data set."""

    dataset: str
    rows: int
    splits: tuple[int, int, int]  # train, validation, test
    loops: int
    files: int
    rights: tuple[str, ...]
    credits: tuple[str, ...]
    more_credits: int


@dataclass(frozen=True)
class Figures:
    """All of them."""

    totals: dict[str, float]
    histograms: tuple[Histogram, ...]
    shares: tuple[Shares, ...]
    sources: tuple[Source, ...]


def figures(connection: duckdb.DuckDBPyConnection, most_tokens: int) -> Figures:
    """Counts over the tables training_rows, loops, rights_ledger and loops_dropped that ``connection`` sees.
    ``most_tokens`` is what an answer may take. Raises duckdb.Error where one of the tables is missing."""
    connection.execute(ROWS)
    found = connection.execute(TOTALS, {"most": most_tokens})
    names = [column[0] for column in found.description or ()]
    return Figures(
        totals=dict(zip(names, found.fetchone() or (), strict=True)),
        histograms=_histograms(connection, most_tokens),
        shares=_shares(connection),
        sources=tuple(_source(row) for row in connection.execute(SOURCES).fetchall()),
    )


def _histograms(connection: duckdb.DuckDBPyConnection, most_tokens: int) -> tuple[Histogram, ...]:
    mark = most_tokens / TOKENS_A_COLUMN
    return (
        Histogram("Keys", "rows by root, as written", NOTE_NAMES, _by(connection, "root", 1, 0, 11)),
        _binned(connection, "Tempi", "rows by bpm", "bpm", 10, 40, 230),
        _binned(connection, "Density", "rows by onsets a bar", "density", 1, 0, 24),
        _binned(connection, "Notes", "rows by notes or hits", "notes", 4, 0, 96),
        _binned(connection, "Answers", "tokens with the JSON vocabulary", "tokens", TOKENS_A_COLUMN, 0, MOST_TOKENS,
                mark),
        _binned(connection, "Answers without", "tokens without the JSON vocabulary", "tokens_without", TOKENS_A_COLUMN,
                0, MOST_TOKENS, mark),
        _binned(connection, "Prompts", "rows by characters of the prompt", "characters", 10, 0, 300),
        _binned(connection, "Keys moved by", "semitones from the loop's own key", "transposition", 1, -6, 6),
    )  # fmt: skip


def _binned(
    connection: duckdb.DuckDBPyConnection,
    title: str,
    note: str,
    column: str,
    width: int,
    low: int,
    high: int,
    mark: float | None = None,
) -> Histogram:
    labels = tuple(str(low + width * place) for place in range((high - low) // width + 1))
    return Histogram(title, note, labels, _by(connection, column, width, low, high), mark)


def _by(connection: duckdb.DuckDBPyConnection, column: str, width: int, low: int, high: int) -> tuple[int, ...]:
    """Rows by ``column``, a count each ``width`` from ``low`` to ``high``; what lies beyond is counted at the ends."""
    query = (
        f"select least(greatest(floor(({column} - {low}) / {width}), 0), {(high - low) // width})::int as place, "
        f"count(*) from card_rows where {column} is not null group by place"
    )
    counts = dict(connection.execute(query).fetchall())
    return tuple(counts.get(place, 0) for place in range((high - low) // width + 1))


def _shares(connection: duckdb.DuckDBPyConnection) -> tuple[Shares, ...]:
    words = ("split", "contract", "role", "style", "scale", "bars", "language", "kind", "system", "dataset")
    counted = [
        Shares(title, _top(connection.execute(
            f"select {column}::varchar, count(*) from card_rows where {column} is not null group by all "
            "order by count(*) desc, 1"
        ).fetchall()))
        for title, column in zip(
            ("Splits", "Contracts", "Roles", "Styles", "Scales", "Bars", "Languages of prompts", "Kinds of prompts",
             "System messages", "Sources"), words, strict=True,
        )
    ]  # fmt: skip
    licences = [
        Shares(f"Licences of the {layer}", _top(connection.execute(LICENCES.format(layer=layer)).fetchall()))
        for layer in LAYERS
    ]
    dropped = Shares("What each filter removed", _top(connection.execute(DROPPED).fetchall()))
    return (*counted, *licences, dropped)


def _top(rows: Sequence[tuple[Any, Any]]) -> tuple[tuple[str, int], ...]:
    counts = [(str(word), int(count)) for word, count in rows]
    rest = sum(count for _, count in counts[TOP:])
    return (*counts[:TOP], *([(f"{len(counts) - TOP} others", rest)] if rest else []))


def _source(row: tuple[Any, ...]) -> Source:
    dataset, rows, train, validation, test, loops, files, rights, first, credits = row
    words = {word for obligations in rights for word in str(obligations).split(",") if word}
    return Source(
        dataset=str(dataset),
        rows=int(rows),
        splits=(int(train), int(validation), int(test)),
        loops=int(loops),
        files=int(files),
        rights=tuple(sorted(words)),
        credits=tuple(first),
        more_credits=int(credits) - len(first),
    )
