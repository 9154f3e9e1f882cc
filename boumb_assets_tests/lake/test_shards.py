"""Which file belongs to which shard, and what a shard's key says."""

from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.lake.shards import ShardRows, shard_of

texts = st.one_of(st.none(), st.sampled_from(["", "a", "b", "ab", "\x00", "é"]))
rows = st.lists(
    st.fixed_dictionaries({"sha256": st.sampled_from("xyz"), "title": texts, "died": st.sampled_from([None, 0, 1828])}),
    max_size=12,
)


def table(*found: dict[str, Any]) -> pa.Table:
    schema = pa.schema([("path", pa.string()), ("sha256", pa.string()), ("title", pa.string()), ("died", pa.int32())])
    return pa.Table.from_pylist([{"path": f"{place}.mid", **row} for place, row in enumerate(found)], schema)


@given(rows, st.integers(1, 5), st.randoms())
def test_rows_lie_in_their_shards_in_order_whatever_order_they_came_in(
    found: list[dict[str, Any]], shards: int, random: Any
) -> None:
    whole = table(*found)
    places = list(range(len(found)))
    random.shuffle(places)
    one, other = ShardRows(whole, shards), ShardRows(whole.take(pa.array(places, pa.int64())), shards)
    for shard in range(shards):
        wanted = sorted(path for path in whole["path"].to_pylist() if shard_of(path, shards) == shard)
        assert one.rows(shard)["path"].to_pylist() == wanted
        assert one.rows(shard).equals(other.rows(shard))
        assert one.key(shard, "code") == other.key(shard, "code")


@given(rows, rows)
def test_a_key_is_that_of_all_values(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    keys = [ShardRows(table(*found), 1).key(0, "code") for found in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)


def test_a_key_is_that_of_the_code_too() -> None:
    found = ShardRows(table({"sha256": "x", "title": None, "died": None}), 1)
    assert found.key(0, "1") != found.key(0, "2")


def test_only_the_shard_of_a_changed_file_has_another_key() -> None:
    before = [{"sha256": "x", "title": None, "died": None} for _ in range(50)]
    after = [{**row, "sha256": "y"} if place == 7 else row for place, row in enumerate(before)]
    one, other = ShardRows(table(*before), 9), ShardRows(table(*after), 9)
    changed = [shard for shard in range(9) if one.key(shard, "") != other.key(shard, "")]
    assert changed == [shard_of("7.mid", 9)]
