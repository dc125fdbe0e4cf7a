"""Which columns of a file of records hold text, id and address (列的识别): named by the user, or guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from planparse.reading.errors import ReadError

# What such columns are called, the likeliest first.
_TEXT_NAMES = (
    *("text", "content", "body", "article", "正文", "内容", "文本", "全文"),
    *("raw_text", "raw", "html", "raw_html"),
)
_ID_NAMES = ("id", "doc_id", "docid", "document_id", "_id", "uuid", "guid", "key", "编号", "文档编号", "序号")
_URL_NAMES = ("url", "uri", "link", "href", "source_url", "page_url", "网址", "链接", "地址", "原文链接")
_ADDRESS = re.compile(r"\s{0,9}https?://\S{3,2000}\s{0,9}", re.IGNORECASE)
_GUESS_LENGTH = 50


class Columns(NamedTuple):
    """The columns wanted of files of records; None where they are to be guessed."""

    text: str | None = None
    id: str | None = None
    url: str | None = None

    def of(self, path: Path, names: Sequence[str], first: Mapping[str, Any]) -> Found:
        """The columns of one file.

        Args:
            path: the file, for errors.
            names: the columns there are.
            first: the first record.

        Raises:
            ReadError: where a wanted column is not there, or none stands out as the text.
        """
        for wanted in (self.text, self.id, self.url):
            if wanted is not None and wanted not in names:
                raise ReadError(str(path), f"no column {wanted!r}; there are: {', '.join(names) or 'none'}")
        by_name = {name.strip().lower(): name for name in reversed(names)}
        url = self.url or _first(by_name, _URL_NAMES) or _address(names, first, self.text)
        return Found(
            self.text or _text(path, names, first, by_name, {self.id, url}),
            self.id or _first(by_name, _ID_NAMES),
            url,
        )


ANY = Columns()


class Found(NamedTuple):
    """The columns of a file; ``id`` and ``url`` are None where it has none."""

    text: str
    id: str | None
    url: str | None


def _text(
    path: Path, names: Sequence[str], first: Mapping[str, Any], by_name: Mapping[str, str], others: set[str | None]
) -> str:
    if known := _first(by_name, _TEXT_NAMES):
        return known
    lengths = sorted(
        (
            (len(value), name)
            for name, value in first.items()
            if name in names and name not in others and isinstance(value, (str, bytes))
        ),
        reverse=True,
    )
    if len(lengths) == 1 or (lengths and lengths[0][0] >= _GUESS_LENGTH and lengths[0][0] >= 3 * lengths[1][0]):
        return lengths[0][1]
    raise ReadError(
        str(path), f"which column holds the text? Name it with --text-column; there are: {', '.join(names) or 'none'}"
    )


def _first(by_name: Mapping[str, str], known: Sequence[str]) -> str | None:
    return next((by_name[name] for name in known if name in by_name), None)


def _address(names: Sequence[str], first: Mapping[str, Any], text: str | None) -> str | None:
    """The only column whose first value is a web address and nothing else."""
    found = [
        name
        for name, value in first.items()
        if name in names and name != text and isinstance(value, str) and _ADDRESS.fullmatch(value)
    ]
    return found[0] if len(found) == 1 else None
