"""DOCX to text: paragraphs, Word's automatic numbers, tables, links, tracked changes."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from planparse.reading.errors import ReadError
from planparse.reading.numbering import chinese, formatted
from planparse.reading.source import Source, read_source

NUMBERING = """<w:abstractNum {ns} w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt
w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt
w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl><w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/>
<w:lvlText w:val="•"/></w:lvl></w:abstractNum>"""


def saved(document: docx.document.Document) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def read(document: docx.document.Document) -> Source:
    return read_source(saved(document))


def numbered(document: docx.document.Document, text: str, level: int) -> None:
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="91"/></w:numPr>'))


def test_paragraphs_are_lines_and_empty_ones_stay() -> None:
    document = docx.Document()
    document.add_heading("防汛方案", 1)
    document.add_paragraph("一、目标")
    document.add_paragraph()
    document.add_paragraph("加强\t领导").add_run("。").bold = True
    source = read(document)
    assert source.text == "防汛方案\n一、目标\n\n加强\t领导。"
    assert source.format == "docx"


def test_automatic_numbers_are_written_out() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(NUMBERING.format(ns=nsdecls("w"))))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))
    for text, level in [("目标", 0), ("清淤", 1), ("查险", 1), ("点", 2), ("措施", 0), ("值守", 1)]:
        numbered(document, text, level)
    assert read(document).text == "一、目标\n1. 清淤\n2. 查险\n点\n二、措施\n1. 值守"


def test_tables_are_rows() -> None:
    document = docx.Document()
    document.add_paragraph("表")
    table = document.add_table(2, 2)
    for i, word in enumerate("甲乙丙丁"):
        table.cell(i // 2, i % 2).text = word
    document.add_paragraph("后")
    assert read(document).text == "表\n甲\t乙\n丙\t丁\n后"


def test_links_and_tracked_changes() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("见")
    relation = document.part.relate_to("http://a.example/", docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK, True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    link.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>附件</w:t></w:r>"))
    paragraph._p.append(link)
    for change, inner in (("ins", "t"), ("del", "delText")):
        run = f"<w:{change} {nsdecls('w')}><w:r><w:{inner}>{change}</w:{inner}></w:r></w:{change}>"
        paragraph._p.append(parse_xml(run))
    source = read(document)
    assert source.text == "见附件ins"
    assert [(source.text[s.start : s.end], s.text) for s in source.links] == [("附件", "http://a.example/")]


def test_a_broken_file_is_an_error_of_one_line() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", "<broken")
    with pytest.raises(ReadError, match=r"^x\.docx: cannot be read as DOCX: [^\n]*$"):
        read_source(data.getvalue(), name="x.docx")
    with pytest.raises(ReadError, match=r"x\.docx"):
        read_source(b"PK\x03\x04", name="x.docx")


@pytest.mark.parametrize(
    ("number", "kind", "expected"),
    [
        (1, "decimal", "1"),
        (12, "chineseCounting", "十二"), (3, "decimalEnclosedCircle", "③"),
        (27, "lowerLetter", "aa"),
        (4, "upperRoman", "IV"), (2, "ideographTraditional", "乙"), (5, "decimalFullWidth", "５"), (7, "unknown", "7"),
        (3, "chineseLegalSimplified", "叁"), (7, "decimalZero", "07"), (0, "upperRoman", "0"),
    ],
)  # fmt: skip
def test_number_formats(number: int, kind: str, expected: str) -> None:
    assert formatted(number, kind) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, "一"),
        (10, "十"),
        (20, "二十"),
        (101, "一百〇一"),
        (110, "一百一十"),
        (1010, "一千〇一十"),
        (10_000, "10000"),
    ],
)
def test_chinese_numerals(number: int, expected: str) -> None:
    assert chinese(number) == expected
