import io

import mido
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.events.parse import parse_midi
from boumb_assets.events.texts import FILE_TEXTS, KINDS, MAX_FILE_BYTES, MAX_TEXT_BYTES, Texts, TextTable
from boumb_assets_tests.events.smf import END, NOTE, smf


def number(value: int) -> bytes:
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))


def said(*texts: tuple[int, bytes]) -> bytes:
    return b"".join(b"\x05\xff" + bytes([kind]) + number(len(text)) + text for kind, text in texts)


def texts_of(*tracks: bytes) -> Texts:
    return parse_midi(smf(*(track + NOTE + END for track in tracks))).texts


def rows(texts: Texts) -> list[dict[str, object]]:
    table = TextTable()
    table.add("a.mid", "0" * 64, texts)
    found: list[dict[str, object]] = table.table("songs").to_pylist()
    return found


def test_each_text_has_its_kind_track_and_tick() -> None:
    first = said(*((kind, name.encode()) for kind, name in enumerate(KINDS, 1)))
    texts = texts_of(first, said((5, b"la "), (0x7F, b"for a sequencer"), (5, b""), (5, b"\r\nla")))
    assert [(row["kind"], row["text"]) for row in rows(texts)[:9]] == list(zip(KINDS, KINDS, strict=True))
    assert [(row["track"], row["tick"], row["text"]) for row in rows(texts)[9:]] == [(1, 5, "la "), (1, 20, "\r\nla")]
    assert texts.of_kind("lyric") == ["lyric", "la ", "\r\nla"] and texts.cut == 0


def test_the_texts_of_many_files_are_one_table() -> None:
    table = TextTable()
    assert table.table("songs").schema == FILE_TEXTS and table.table("songs").num_rows == 0
    table.add("a.mid", "a" * 64, texts_of(said((1, "日本".encode()), (2, b"\x00x"))))
    table.add("b.mid", "b" * 64, texts_of(b""))
    table.add("c.mid", "c" * 64, texts_of(said((3, b"Fl\xf6te"))))
    made = table.table("songs")
    made.validate(full=True)
    buffer = io.BytesIO()
    pq.write_table(made, buffer)
    buffer.seek(0)
    again = pq.read_table(buffer)
    assert again.schema.equals(FILE_TEXTS)
    assert [(row["path"], row["text"]) for row in again.to_pylist()] == [
        ("a.mid", "日本"), ("a.mid", "\x00x"), ("c.mid", "Flöte"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ([b"plain"], ["plain"]),
        (["Für Elise – été".encode()], ["Für Elise – été"]),
        ([b"Fl\xf6te", "Flöte".encode()], ["Flöte", "Flöte"]),
        ([b"Pr\xe9lude", b"d\xf87 | Ab", b"synth\xe9'"], ["Prélude", "dø7 | Ab", "synthé'"]),
        ([b"don\x92t \x93stop\x94 \x85"], ["don’t “stop” …"]),
        ([b"\x81 undefined"], ["\x81 undefined"]),
        (["さくら".encode("cp932"), "愛".encode("cp932")], ["さくら", "愛"]),
        (["交響曲第九".encode("cp932"), b"A&B"], ["交響曲第九", "A&B"]),
        (["さくら".encode("cp932"), b"\xe9\x20"], ["‚³‚­‚ç", "é "]),
    ],
)
def test_texts_are_decoded_together(raw: list[bytes], read: list[str]) -> None:
    assert texts_of(said(*((1, text) for text in raw))).of_kind("text") == read


@given(st.lists(st.tuples(st.integers(1, 9), st.binary(min_size=1, max_size=40)), max_size=8))
def test_nothing_is_lost_of_any_bytes(raw: list[tuple[int, bytes]]) -> None:
    texts = texts_of(said(*raw))
    assert texts.ends.size == len(raw)
    read = [str(row["text"]) for row in rows(texts)] if raw else []
    for (_, before), after in zip(raw, read, strict=True):
        encodings = ("utf-8", "cp932", "cp1252", "latin-1")
        assert any(_decoded(before, encoding) == after for encoding in encodings)


def _decoded(text: bytes, encoding: str) -> str | None:
    """Strictly; Shift-JIS has two codes for some characters, so the way back may lead to other bytes."""
    try:
        return text.decode(encoding)
    except UnicodeDecodeError:
        return None


@given(st.lists(st.text(st.characters(codec="latin-1"), min_size=1), max_size=5))
def test_mido_s_texts_are_read_back(lyrics: list[str]) -> None:
    file = mido.MidiFile(charset="utf-8")
    track = [mido.MetaMessage("lyrics", text=text) for text in lyrics]
    file.tracks.append(mido.MidiTrack([*track, mido.Message("note_on", velocity=1), mido.Message("note_off", time=9)]))
    buffer = io.BytesIO()
    file.save(file=buffer)
    assert parse_midi(buffer.getvalue()).texts.of_kind("lyric") == lyrics


def test_texts_are_bounded_and_what_was_cut_is_counted() -> None:
    long = texts_of(said((1, "é".encode() * MAX_TEXT_BYTES), (1, b"x" + "é".encode() * MAX_TEXT_BYTES)))
    assert long.of_kind("text") == ["é" * (MAX_TEXT_BYTES // 2), "x" + "é" * (MAX_TEXT_BYTES // 2 - 1)]
    assert long.cut == 2
    many = texts_of(said(*((5, b"x" * 1000) for _ in range(300))))
    assert many.cut == 300 - MAX_FILE_BYTES // 1000 == 300 - many.ends.size
    very_many = texts_of(said(*((5, b"x") for _ in range(20_010))))
    assert (very_many.cut, very_many.ends.size) == (10, 20_000)
