from boumb_assets.lake.rejection import REJECTED, Reason, Rejection, rejected_table


def test_rejections_are_a_sorted_table() -> None:
    table = rejected_table(
        [
            Rejection("b.mid", Reason.TRUNCATED, "9 bytes are missing", "0" * 64),
            Rejection("a.mid", Reason.UNREADABLE, "permission denied"),
        ],
        "demo",
        "midi_events",
    )
    assert table.schema == REJECTED
    assert table.to_pylist() == [
        {"dataset": "demo", "path": "a.mid", "sha256": None, "stage": "midi_events", "reason": "unreadable",
         "detail": "permission denied"},
        {"dataset": "demo", "path": "b.mid", "sha256": "0" * 64, "stage": "midi_events", "reason": "truncated",
         "detail": "9 bytes are missing"},
    ]  # fmt: skip
    assert rejected_table([], "demo", "raw_midi").schema == REJECTED


def test_reasons_are_stored_by_their_own_names() -> None:
    assert all(reason.value == reason.name.lower() for reason in Reason)
