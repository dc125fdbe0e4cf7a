"""``explain``: one character's story."""

from __future__ import annotations

import pytest

from planparse import Document, Edit, Measure, Piece, Section
from planparse.views.explain import explain

TEXT = "一、防火。广告年内巡查12次。"
DOC = Document(
    id="d",
    text=TEXT,
    encoding="str",
    title=None,
    declared_pieces=None,
    pieces=(Piece(1, "防火", 0, 0, len(TEXT)),),
    sections=(Section(0, None, 1, 1, "cn", "一、", 1, 0, 2, "防火", 4, len(TEXT)),),
    edits=(Edit(5, 7, "promotion", "some-rule"),),
    measures=(Measure(11, 14, "12次", "target", 12, "次", role_evidence="年内"),),
    anomalies=(),
)


def test_a_kept_character_says_where_it_stands() -> None:
    said = explain(DOC, 11)
    assert "kept 保留: clean offset 9" in said
    assert "piece 篇 1: 防火" in said
    assert "一、 防火" in said
    assert "12次" in said
    assert "年内" in said


def test_a_removed_character_names_its_rule() -> None:
    said = explain(DOC, 5)
    assert "removed 删除: promotion" in said
    assert "rule 规则: some-rule" in said


@pytest.mark.parametrize("offset", [-1, len(TEXT)])
def test_an_offset_outside_is_an_error(offset: int) -> None:
    with pytest.raises(IndexError):
        explain(DOC, offset)
