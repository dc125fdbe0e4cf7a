"""TEI: valid against the content models of the elements used, and the text complete and in order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree
from made import TEXT, made_document, random_documents

from planparse import Document

TEI = "{http://www.tei-c.org/ns/1.0}"
SCHEMA = etree.RelaxNG(etree.parse(str(Path(__file__).with_name("tei_subset.rng"))))


def parsed(doc: Document) -> etree._Element:
    root = etree.fromstring(doc.to_tei().encode("utf-8"))
    assert SCHEMA.validate(root), SCHEMA.error_log
    return root


def input_text(root: etree._Element) -> str:
    """The text of the body without what the editor put in."""
    body = root.find(f"{TEI}text/{TEI}body")
    for corr in body.iter(f"{TEI}corr"):
        corr.text = None
    return "".join(body.itertext())


def as_xml_has_it(text: str) -> str:
    illegal = {0xFFFE, 0xFFFF, *range(0x20)} - {9, 10, 13}
    return "".join("\ufffd" if ord(c) in illegal or 0xD800 <= ord(c) < 0xE000 else c for c in text)


def test_a_page_is_valid_and_complete() -> None:
    assert input_text(parsed(made_document())) == TEXT


@settings(deadline=None, max_examples=300)
@given(random_documents())
def test_any_document_is_valid_and_complete(doc: Document) -> None:
    assert input_text(parsed(doc)) == as_xml_has_it(doc.text)


def test_structure_is_nested_as_the_sections_are() -> None:
    body = parsed(made_document()).find(f"{TEI}text/{TEI}body")
    assert [(d.get("type"), d.get("n")) for d in body.iterchildren(f"{TEI}div")] == [("piece", "1"), ("piece", "2")]
    first = body.find(f"{TEI}div")
    assert first.findtext(f"{TEI}head") == "粮库防汛工作计划篇一"
    goal = first.find(f"{TEI}div")
    assert goal.findtext(f"{TEI}head/{TEI}label") == "一、"
    items = goal.findall(f"{TEI}div")
    assert [item.get("n") for item in items] == ["1", "2"]
    assert items[0].findtext(f"{TEI}p/{TEI}label") == "1、"
    assert [one.findtext(f"{TEI}p/{TEI}label") for one in items[0].findall(f"{TEI}div")] == ["一是", "二是"]
    assert body.find(f".//{TEI}div[@subtype='implied']") is not None


def test_edits_and_measures_are_marked() -> None:
    root = parsed(made_document())
    assert root.find(f".//{TEI}surplus").get("reason") == "navigation"
    wrap = root.find(f".//{TEI}lb")
    assert wrap.get("break") == "no"
    assert wrap.tail.startswith("患")
    choice = root.find(f".//{TEI}choice")
    assert (choice.findtext(f"{TEI}sic"), choice.findtext(f"{TEI}corr")) == (".", "。")
    first, ranged, *_ = root.iter(f"{TEI}measure")
    assert dict(first.attrib) == {
        "type": "target", "quantity": "12", "unit": "扇", "commodity": "闸门", "ana": "#target #ge",
    }  # fmt: skip
    assert (ranged.get("quantity"), dict(ranged[0].attrib)) == (None, {"atLeast": "3", "atMost": "5"})


@pytest.mark.parametrize("name", ["target", "ge", "approximate", "increase"])
def test_categories_that_measures_point_to_are_declared(name: str) -> None:
    ids = parsed(made_document()).xpath("//@xml:id")
    assert name in ids
    assert len(ids) == len(set(ids))
