"""Bytes to text: every encoding such pages come in, wrong declarations, cut pages, and any bytes at all."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planparse.reading.decode import decode

SIMPLIFIED = "关于做好粮库防汛工作的实施方案\r\n一、指导思想。以安全为目标，落实责任，确保存粮安全度汛。"
TRADITIONAL = "關於做好糧庫防汛工作的實施方案\r\n一、指導思想。以安全為目標，落實責任，確保存糧安全度汛。"


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
def test_encodings_are_told_without_a_declaration(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[::2] == (text, 0)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF8, "utf-8"),
    ],
)
def test_a_byte_order_mark_decides_and_is_dropped(mark: bytes, encoding: str) -> None:
    data = mark + SIMPLIFIED.encode(encoding)
    assert decode(data, declared="big5") == (SIMPLIFIED, encoding, 0)


def test_big5_is_told_by_its_characters_also_where_gb18030_decodes_it() -> None:
    assert decode(TRADITIONAL.encode("big5")) == (TRADITIONAL, "big5hkscs", 0)
    data = "工作".encode("big5") * 3
    data.decode("gb18030")
    assert decode(data).text == "工作" * 3


@pytest.mark.parametrize("text", ["联通", "名", "工作计划", "3月5日，检查12次"])
def test_short_texts_are_of_the_mainland(text: str) -> None:
    assert decode(text.encode("gbk")).text == text


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1252", "nonsense", "", "\x00", "big5", None])
def test_a_declaration_that_says_nothing_or_is_wrong_is_passed_over(declared: str | None) -> None:
    assert decode(SIMPLIFIED.encode("gbk"), declared) == (SIMPLIFIED, "gb18030", 0)


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "big5", "utf-16", "ascii"])
def test_utf8_that_declares_otherwise_is_utf8(declared: str) -> None:
    text = "一、目标任务。" * 4
    assert decode(text.encode(), declared) == (text, "utf-8", 0)


def test_a_declared_superset_is_used() -> None:
    assert decode("朱镕基".encode("gbk"), " GB2312 ") == ("朱镕基", "gb18030", 0)
    assert decode("囍".encode("big5hkscs"), "Big5").text == "囍"
    assert decode("工作计划".encode("hz"), "hz-gb-2312").text == "工作计划"


@pytest.mark.parametrize("cut", [1, 2])
def test_utf8_cut_inside_a_character_stays_utf8(cut: int) -> None:
    assert decode(SIMPLIFIED.encode()[:-cut]) == (SIMPLIFIED[:-1] + "\ufffd" * (3 - cut), "utf-8", 3 - cut)


def test_bad_bytes_are_marked_and_counted() -> None:
    data = SIMPLIFIED.encode("gbk")
    assert decode(data + b"\xff\xff") == (SIMPLIFIED + "\ufffd\ufffd", "gb18030", 2)
    # A replacement character of the page itself is not one of ours.
    assert decode(data + "\ufffd".encode("gb18030") + b"\xff")[2] == 1


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "gbk", "big5", "utf-16", "hz"]))
@example(b"\xff\xfe\x00", None)
@example(b"\x00\x00\xfe\xff\xff", None)
@example(b"~{", "hz")
def test_any_bytes_are_answered_with_text_that_can_be_encoded(data: bytes, declared: str | None) -> None:
    decoded = decode(data, declared)
    decoded.text.encode("utf-8")
    assert 0 <= decoded.undecodable <= decoded.text.count("\ufffd")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\ufeff")))
def test_utf8_is_given_back_as_it_is(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8", 0)
