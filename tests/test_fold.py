"""Folding keeps every offset."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planparse.fold import fold


@given(st.text(alphabet=st.characters(codec=None)))
def test_folding_keeps_the_length_and_is_stable(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


def test_script_width_blanks_and_breaks_are_folded() -> None:
    assert fold("學習１２ａ\u3000x\r\n甲\r乙\f丙") == "学习12a x \n甲\n乙\n丙"


def test_punctuation_stays() -> None:
    assert fold("，,（(。") == "，,（(。"
