"""Web archives (网页存档, ``.warc``): the pages in them, with the charset that their server declared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from planparse.reading.errors import ReadError, missing
from planparse.reading.records import Record
from planparse.reading.source import Raw

_HTML = ("text/html", "application/xhtml+xml")


def read_warc(path: Path, largest: int) -> Iterator[Record]:
    """The HTML and plain-text responses of an archive, in order, with their address; a WET file's extracted texts too.

    Raises:
        ReadError: where it is no archive, or the extra ``warc`` is missing.
    """
    name = str(path)
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError:
        raise missing(name, "a .warc file", "warc") from None
    wanted = WarcRecordType.response | WarcRecordType.conversion
    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(file, record_types=wanted, parse_http=True, auto_decode="all"):
                kind, charset = _content_type(record)
                if kind not in (*_HTML, "text/plain"):
                    continue
                data = record.reader.read(largest + 1)
                address = record.headers.get("WARC-Target-URI")
                url = address.strip("<> ") or None if address else None
                if len(data) > largest:
                    yield Record(ReadError(name, f"unpacks to more than {largest:,} bytes"), url=url)
                else:
                    yield Record(Raw(data, name, "html" if kind in _HTML else "text", charset), url=url)
        except Exception as error:
            # Its errors are of other classes from one version to the next.
            raise ReadError(name, f"cannot be read as WARC: {error}") from None


def _content_type(record: object) -> tuple[str, str | None]:
    """The kind of a response and its declared charset."""
    http = getattr(record, "http_headers", None)
    headers = http if http is not None else getattr(record, "headers", {})
    kind, _, rest = (headers.get("Content-Type") or "text/html").partition(";")
    for parameter in rest.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            return kind.strip().lower(), value
    return kind.strip().lower(), None
