"""Names that become paths, partition keys and values."""

import pytest

from boumb_assets.lake.names import check_name


@pytest.mark.parametrize("name", ["a", "songs", "js_fakes", "qwen2-5", "a" * 40])
def test_safe_names_pass_unchanged(name: str) -> None:
    assert check_name("data set", name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Songs",
        "1st",
        "_x",
        "a b",
        "a/b",
        "..",
        "a\n",
        "a'; drop table x",
        "é",
        "a" * 41,
        "con",
        "nul",
        "com1",
        "a.b",
    ],
)
def test_other_names_are_refused_in_words(name: str) -> None:
    with pytest.raises(ValueError, match="is no name for a data set"):
        check_name("data set", name)
