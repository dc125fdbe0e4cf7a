"""Inline gold: a page annotated in a small TEI subset, read into the standoff form that scoring uses.

The elements and attributes are described in ``corpora/README.md``. The text content of ``<body>`` is the page exactly.
"""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

_NS = "{http://www.tei-c.org/ns/1.0}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_COMPARATORS = {"eq": "=", "ge": ">=", "le": "<=", "gt": ">", "lt": "<"}
REMOVED_KINDS = frozenset(
    [
        "lead_in",
        "editor_note",
        "related_links",
        "navigation",
        "page_metadata",
        "promotion",
        "copyright",
        "markup",
        "page_furniture",
        "hidden_text",
        "inline_insertion",
    ]
)
REPAIR_KINDS = frozenset(["hard_wrap", "width", "stray_mark", "overlap", "spacing", "reading", "shift"])
_MEASURE_KINDS = frozenset({"target", "statistic", "mention"})
_NESTABLE = frozenset({"title", "head", "label", "measure", "surplus"})


class GoldError(ValueError):
    """A gold file that breaks the annotation scheme; the message names the file and the place."""


def read_inline(path: Path) -> dict[str, Any]:
    """Read one inline gold file.

    Returns the standoff gold as a dict: ``id``, ``text``, ``sha256``, ``declared_pieces``, ``title``, ``pieces``,
    ``headings``, ``removed``, ``repairs``, ``wraps``, ``measures``, ``header``. Offsets are code points of ``text``.

    Raises:
        GoldError: where the XML is not well-formed or an element or attribute is not of the scheme.
    """
    try:
        root = ET.fromstring(path.read_bytes())
    except ET.ParseError as error:
        raise GoldError(f"{path}: not well-formed: {error}") from None
    body = root.find(f"{_NS}text/{_NS}body")
    if body is None:
        raise GoldError(f"{path}: no <text><body>")
    reader = _Reader(path)
    reader.walk(body)
    return reader.gold(root)


class _Reader:
    """Walks the body once, counting characters."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts: list[str] = []
        self.at = 0
        self.found: list[tuple[str, int, int, dict[str, str]]] = []

    def fail(self, message: str, start: int | None = None) -> GoldError:
        where = ""
        if start is not None:
            text = "".join(self.parts)
            where = f" at offset {start} ({text[max(0, start - 10) : start + 20]!r})"
        return GoldError(f"{self.path}: {message}{where}")

    def _add(self, text: str | None) -> None:
        if text:
            self.parts.append(text)
            self.at += len(text)

    def walk(self, body: ET.Element) -> None:
        first = body.text or ""
        if not first.startswith("\n"):
            raise self.fail("a line break must follow <body>")
        self._add(first[1:])
        for child in body:
            self._element(child, None)
            self._add(child.tail)
        text = "".join(self.parts)
        if not text.endswith("\n"):
            raise self.fail("a line break must stand before </body>")
        self.parts = [text[:-1]]

    def _element(self, element: ET.Element, inside: str | None) -> None:
        tag = element.tag.removeprefix(_NS)
        start = self.at
        if inside is not None and (tag != "sic" or inside not in _NESTABLE):
            raise self.fail(f"<{tag}> inside <{inside}>", start)
        self._add(element.text)
        for child in element:
            self._element(child, tag)
            self._add(child.tail)
        if tag != "milestone" and self.at == start:
            raise self.fail(f"empty <{tag}>", start)
        self.found.append((tag, start, self.at, dict(element.attrib)))

    def gold(self, root: ET.Element) -> dict[str, Any]:
        text = "".join(self.parts)
        header = root.find(f"{_NS}teiHeader")
        attributes = dict(header.attrib) if header is not None else {}
        gold: dict[str, Any] = {
            "id": root.get(_ID) or self.path.stem,
            "text": text,
            "sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
            "declared_pieces": int(attributes["declared"]) if attributes.get("declared") else None,
            "title": None,
            "pieces": [],
            "headings": [],
            "removed": [],
            "repairs": [],
            "wraps": [],
            "measures": [],
            "header": attributes,
        }
        # A piece that begins with a label begins before it.
        self.found.sort(key=lambda item: (item[1], item[0] != "milestone", -item[2]))
        for tag, start, end, attrib in self.found:
            match tag:
                case "title":
                    if gold["title"] is not None:
                        raise self.fail("a second <title>", start)
                    gold["title"] = {"start": start, "end": end}
                case "head":
                    gold["pieces"].append({"n": self._int(attrib, "n", start), "start": start, "heading_end": end})
                case "milestone":
                    gold["pieces"].append({"n": self._int(attrib, "n", start), "start": start, "heading_end": start})
                case "label":
                    gold["headings"].append(self._label(text, start, end, attrib, gold))
                case "surplus":
                    kind = self._one_of(attrib, "reason", REMOVED_KINDS, start)
                    gold["removed"].append({"start": start, "end": end, "kind": kind, "text": text[start:end]})
                case "sic":
                    kind = self._one_of(attrib, "type", REPAIR_KINDS, start)
                    gold["repairs"].append(
                        {"start": start, "end": end, "kind": kind, "replacement": attrib.get("corr", "")}
                    )
                    if kind == "hard_wrap":
                        if text[start:end].strip():
                            raise self.fail("a hard_wrap holds more than line breaks and blanks", start)
                        gold["wraps"].append(start)
                case "measure":
                    gold["measures"].append(self._measure(text, start, end, attrib))
                case _:
                    raise self.fail(f"unknown element <{tag}>", start)
        if not gold["pieces"]:
            raise self.fail("no piece: give a <head> or a <milestone unit='piece'/>")
        for heading in gold["headings"]:
            heading.pop("depth")
            heading.pop("piece")
        return gold

    def _int(self, attrib: dict[str, str], name: str, start: int) -> int:
        value = attrib.get(name, "")
        if not re.fullmatch(r"\d+", value):
            raise self.fail(f"{name}={value!r} is no whole number", start)
        return int(value)

    def _one_of(self, attrib: dict[str, str], name: str, allowed: frozenset[str], start: int) -> str:
        value = attrib.get(name, "")
        if value not in allowed:
            raise self.fail(f"{name}={value!r} is none of {', '.join(sorted(allowed))}", start)
        return value

    def _label(self, text: str, start: int, end: int, attrib: dict[str, str], gold: dict[str, Any]) -> dict[str, Any]:
        depth = self._int(attrib, "depth", start)
        piece = len(gold["pieces"])
        parent: int | str | None = None
        if attrib.get("parent") == "?":
            parent = "?"
        elif depth > 1:
            for other in reversed(gold["headings"]):
                if other["piece"] != piece or other["depth"] < depth - 1:
                    break
                if other["depth"] == depth - 1:
                    parent = other["start"]
                    break
            if parent is None:
                raise self.fail(f"a label of depth {depth} without a label of depth {depth - 1} before it", start)
        number = self._int(attrib, "n", start)
        return {
            "start": start,
            "end": end,
            "label": text[start:end],
            "number": number,
            "parent": parent,
            "depth": depth,
            "piece": piece,
        }

    def _measure(self, text: str, start: int, end: int, attrib: dict[str, str]) -> dict[str, Any]:
        known = [
            "type",
            "quantity",
            "min",
            "max",
            "unit",
            "comp",
            "approx",
            "change",
            "from",
            "commodity",
            "period",
            "every",
            "damaged",
            "optional",
        ]
        for name in attrib:
            if name not in known:
                raise self.fail(f"unknown attribute {name!r} on <measure>", start)
        comparator = _COMPARATORS.get(attrib.get("comp", "eq"))
        if comparator is None:
            raise self.fail(f"comp={attrib['comp']!r} is none of {', '.join(_COMPARATORS)}", start)
        measure: dict[str, Any] = {
            "start": start,
            "end": end,
            "text": text[start:end],
            "kind": self._one_of(attrib, "type", _MEASURE_KINDS, start),
            "unit": attrib.get("unit", ""),
            "comparator": comparator,
            "approximate": attrib.get("approx") == "1",
            "indicator": attrib.get("commodity"),
            "change": attrib.get("change"),
            "period": attrib.get("period"),
            "every": attrib.get("every"),
        }
        for name, field in (("quantity", "value"), ("min", "min"), ("max", "max"), ("from", "from_value")):
            value = attrib.get(name)
            try:
                measure[field] = None if value is None else float(value)
            except ValueError:
                raise self.fail(f"{name}={value!r} is no number", start) from None
        if attrib.get("damaged") == "1":
            measure["damaged"] = True
        elif measure["value"] is None and measure["min"] is None and measure["max"] is None:
            raise self.fail("a measure without quantity, min or max that is not damaged", start)
        if attrib.get("optional") == "1":
            measure["optional"] = True
        return measure
