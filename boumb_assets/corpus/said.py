"""What is asked for in the rows of a shard: the prompts, of whom, of which loop, in which key."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from boumb_assets.corpus.draws import Hashes, mixed
from boumb_assets.corpus.known_loops import KnownLoops, texts_of
from boumb_assets.corpus.moves import drawn_keys, key_ranges
from boumb_assets.corpus.row_settings import USER, RowSettings
from boumb_assets.corpus.system_messages import LANGUAGES
from boumb_assets.corpus.text_kernel import Ints, Texts, first_of_equals, text_hashes
from boumb_assets.prompts.reader import read_request
from boumb_assets.prompts.rendering import KINDS, render_prompts

KINDS_OF_ROWS: Final = (*KINDS, USER)
USERS: Final = KINDS_OF_ROWS.index(USER)
_USERS_PLACE: Final = 255  # among the prompts of a loop in a key


@dataclass(frozen=True)
class Said:
    """Prompts of rows, (n,) but for ``spans`` (n, 2, 3): what `prompts.rendering` says of them, the loop and the
    semitones that they are for, and the row's hash."""

    texts: Texts
    language: Ints
    kind: Ints
    claims: Ints
    spans: npt.NDArray[np.int32]
    loop: Ints
    shift: Ints
    row: Hashes


def worded(known: KnownLoops, settings: RowSettings) -> Said:
    """What is asked for each usable loop in each of its keys, in as many wordings as are wanted."""
    loop, shift = known.usable, np.zeros(len(known.usable), np.int64)
    if known.in_keys and settings.transpose != "load":
        down, up = key_ranges(known.lowest[loop], known.highest[loop])
        keys = settings.keys if settings.transpose == "sample" else 12
        place, shift = drawn_keys(down, up, known.hashes[loop], keys)
        loop = loop[place]
    loop, shift = (np.repeat(column, settings.prompts_per_loop) for column in (loop, shift))
    place = np.tile(np.arange(settings.prompts_per_loop), len(loop) // max(settings.prompts_per_loop, 1))
    row = _row_hashes(known.hashes[loop], shift, place, settings.seed)
    batch = render_prompts(known.facts, loop, shift.astype(np.int8), _seeds(known.hashes[loop], place, row))
    language, kind, claims = (column.astype(np.int64) for column in (batch.language, batch.kind, batch.claims))
    return Said(Texts(batch.text, batch.offsets), language, kind, claims, batch.key_spans, loop, shift, row)


def _row_hashes(loop: Hashes, shift: Ints, place: Ints, seed: int) -> Hashes:
    salt = (np.uint64(seed & 0xFFFFFFFFFFFF) << np.uint64(16)) + ((shift + 64) * 256 + place).astype(np.uint64)
    return mixed(loop ^ mixed(salt))


def _seeds(loop: Hashes, place: Ints, row: Hashes) -> Hashes:
    """The seeds of prompts; even ones are French and odd ones English, in turn for each loop."""
    turn = (loop >> np.uint64(7)) + place.astype(np.uint64)
    return (mixed(row ^ np.uint64(0x70726F6D7074)) & ~np.uint64(1)) | (turn & np.uint64(1))


def with_users(known: KnownLoops, said: Said, settings: RowSettings) -> Said:
    """Adds, in front, what users asked for in their own words, each with the loop that they were given as it was."""
    asked = known.table["asked"].take(known.usable)
    users = np.flatnonzero(pc.greater(pc.binary_length(pc.fill_null(asked, "")), 0).to_numpy(zero_copy_only=False))
    if not len(users):
        return said
    words, loop = asked.take(users), known.usable[users]
    texts, zeros = texts_of(words), np.zeros(len(users), np.int64)
    language = np.array([LANGUAGES.index(read_request(text).language) for text in words.to_pylist()], np.int64)
    row = _row_hashes(known.hashes[loop], zeros, zeros + _USERS_PLACE, settings.seed)
    own = Said(
        Texts(texts.data, texts.at),
        language,
        zeros + USERS,
        zeros,
        np.full((len(users), 2, 3), -1, np.int32),
        loop,
        zeros,
        row,
    )
    joined = Texts(
        np.concatenate([own.texts.data[: own.texts.at[-1]], said.texts.data]),
        np.concatenate([own.texts.at, said.texts.at[1:] + own.texts.at[-1]]),
    )
    rest = ("language", "kind", "claims", "spans", "loop", "shift", "row")
    return Said(joined, *(np.concatenate([getattr(own, name), getattr(said, name)]) for name in rest))


def in_order(said: Said) -> Ints:
    """The prompts that become rows, in the order of the lines: the first of those that say the same of a loop in a
    key, none that says nothing."""
    words = text_hashes(*said.texts)
    salt = (said.loop * 256 + said.shift + 64).astype(np.uint64)
    kept = np.flatnonzero(first_of_equals(mixed(words ^ mixed(salt))) & (np.diff(said.texts.at) > 0))
    order = np.argsort(said.row[kept])
    if (np.diff(said.row[kept][order]) == 0).any():  # what comes first of equals is not said of the quicker sort
        order = np.argsort(said.row[kept], kind="stable")
    return kept[order]
