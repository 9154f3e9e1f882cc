"""The compiled loops that rows are made by, against the library that does the same for one."""

import json
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.known_loops import texts_of
from boumb_assets.corpus.text_kernel import escape, first_of_equals

PLAIN = st.characters(exclude_categories=["Cs", "Cc"])
ANY = st.characters(exclude_categories=["Cs"])


@settings(deadline=None)
@given(st.lists(st.text(PLAIN)) | st.lists(st.text(ANY)))
@example(['"\\', "", 'é"', "\n\x00"])
def test_texts_stand_as_jsons_own_writer_writes_them(texts: list[str]) -> None:
    data, at = escape(*texts_of(pa.chunked_array([pa.array(texts, pa.string())])))
    written = [bytes(data[begin:end]).decode() for begin, end in pairwise(at.tolist())]
    assert written == [json.dumps(text, ensure_ascii=False)[1:-1] for text in texts]


@settings(deadline=None)
@given(st.lists(st.integers(0, 40) | st.integers(0, 2**64 - 1)))
def test_the_first_of_equals(values: list[int]) -> None:
    first = first_of_equals(np.array(values, np.uint64))
    assert first.tolist() == [value not in values[:place] for place, value in enumerate(values)]
