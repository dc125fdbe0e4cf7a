"""The lossless core: edits, views and their offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse import Edit, View


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text(max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    edits = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        replacement = draw(st.one_of(st.none(), st.text(max_size=4)))
        edits.append(Edit(start, end, "kind", "rule", replacement))
    return text, edits


@given(edited_texts())
def test_clean_is_the_text_with_the_edits_applied(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    expected = text
    for edit in reversed(edits):
        expected = expected[: edit.start] + (edit.replacement or "") + expected[edit.end :]
    assert View(text, edits).clean == expected


@given(edited_texts())
def test_offsets_map_both_ways(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    view = View(text, edits)
    edited = {i for edit in edits for i in range(edit.start, edit.end)}
    for raw in range(len(text)):
        clean = view.to_clean(raw)
        if raw not in edited:
            assert view.clean[clean] == text[raw]
            assert view.to_raw(clean) == raw
    previous = 0
    for clean in range(len(view.clean) + 1):
        raw = view.to_raw(clean)
        assert previous <= raw <= len(text)
        previous = raw
    assert view.to_raw(len(view.clean)) == len(text) or (edits and edits[-1].end == len(text))


@given(edited_texts(), st.data())
def test_a_clean_span_comes_from_a_span_that_holds_all_of_it(case: tuple[str, list[Edit]], data: st.DataObject) -> None:
    text, edits = case
    view = View(text, edits)
    start = data.draw(st.integers(0, len(view.clean)))
    end = data.draw(st.integers(start, len(view.clean)))
    raw_start, raw_end = view.span_to_raw(start, end)
    assert 0 <= raw_start <= raw_end <= len(text)
    if start < end:
        assert raw_start < raw_end
        assert view.to_clean(raw_start) <= start
        assert view.to_clean(raw_end) >= end or any(e.start < raw_end <= e.end for e in edits)


def test_a_span_leaves_out_the_edits_at_its_edges() -> None:
    view = View("甲（广告）乙，丙", [Edit(1, 5, "inline_insertion", "r")])
    assert view.clean == "甲乙，丙"
    assert view.span_to_raw(0, 1) == (0, 1)
    assert view.span_to_raw(1, 2) == (5, 6)
    assert view.span_to_raw(0, 2) == (0, 6)


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 0, "k", "r")],
        [Edit(1, 3, "k", "r"), Edit(2, 4, "k", "r")],
        [Edit(2, 3, "k", "r"), Edit(0, 1, "k", "r")],
        [Edit(0, 9, "k", "r")],
    ],
    ids=["empty", "overlapping", "out of order", "outside"],
)
def test_edits_that_do_not_tile_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="empty, out of order or outside"):
        View("甲乙丙丁", edits)


@pytest.mark.parametrize("offset", [-1, 3])
def test_offsets_outside_raise(offset: int) -> None:
    view = View("甲乙")
    with pytest.raises(IndexError):
        view.to_raw(offset)
    with pytest.raises(IndexError):
        view.to_clean(offset)


def test_a_reading_belongs_to_the_character_before_it() -> None:
    view = View("學(xué)會", [Edit(1, 6, "reading", "r", "")])
    assert view.surface(0, 1) == (0, 6)
    assert view.surface(1, 2) == (6, 7)
    assert view.span_to_raw(0, 1) == (0, 1)
