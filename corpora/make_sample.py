"""Write the pages of ``corpora/sample`` from their annotated sources in ``corpora/gold/sample``.

Run: ``python corpora/make_sample.py``. Some pages are written as scrapers leave them: in GB18030, Big5 or UTF-16, or
with Windows line ends. A test holds that the pages are what this writes.
"""

from __future__ import annotations

from pathlib import Path

from planparse.evaluation.inline import read_inline

CORPORA = Path(__file__).parent
# page number → how it is written; all others are UTF-8 with \n.
ENCODINGS = {"03": "gb18030", "05": "utf-8-sig", "08": "utf-16", "16": "gb18030"}
WINDOWS_LINES = {"05", "10"}


def page_bytes(source: Path) -> bytes:
    """The page of one annotated source, as it is to be written."""
    number = source.stem.split("-")[1]
    text: str = read_inline(source)["text"] + "\n"
    if number in WINDOWS_LINES:
        text = text.replace("\n", "\r\n")
    return text.encode(ENCODINGS.get(number, "utf-8"))


def main() -> None:
    """Write all pages."""
    for source in sorted((CORPORA / "gold" / "sample").glob("*.xml")):
        (CORPORA / "sample" / f"{source.stem}.txt").write_bytes(page_bytes(source))


if __name__ == "__main__":
    main()
