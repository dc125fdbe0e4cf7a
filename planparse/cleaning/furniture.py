"""Page furniture (页面部件) that only its place betrays: bare page numbers, running heads, a viewer's chunk numbers."""

from __future__ import annotations

import re
from collections import defaultdict

from planparse.cleaning.page import LABEL, Page
from planparse.cleaning.patterns import compile_pattern
from planparse.document import Edit

_BARE_NUMBER = re.compile(r"\d{1,4}")
_CHUNK = re.compile(r"(\d{1,3}) ?、")
CHUNK_NUMBER = "chunk-number"
RUNNING_ADDRESS = "running-address"
# How many chunks may end with a sentence, where their numbers cannot be told from a list's.
_CHUNKS_UNSEEN = 6
_CHUNK_LENGTH = 200
# A line longer than this is no heading that a list stands under.
_LONGEST_HEADING = 120
# A tag at a line's end is no sentence that breaks off.
_ENDS = "。！？!?；;：:…”>"
_SITE_WORDS = re.compile(
    "[Ww]{3}|\\.(?:com|cn|net)|网|文库|文档|精品|资料|范文|公文|秘书|学习|之家|下载|收集|整理|欢迎|仅供|版权|侵权|水印|联系|编号"
)


def furniture(page: Page) -> list[Edit]:
    """The removals of bare page numbers, running heads and chunk numbers."""
    return (
        _bare_numbers(page)
        + _running_heads(page)
        + _numbered_heads(page)
        + _chunk_numbers(page)
        + _running_addresses(page.folded)
    )


def _unended(page: Page, number: int) -> bool:
    """Whether a line breaks off in a sentence: long enough for prose, and no mark at its end."""
    line = page.lines[number]
    return (
        line.end - line.start >= 12
        and page.folded[line.end - 1] not in _ENDS + "）)】》《“（("
        # What precedes may be a heading that the scraper ran into its text.
        and not page.is_fixed(line.end - 1, line.end)
    )


def _goes_on(page: Page, number: int) -> bool:
    line = page.lines[number]
    return (
        page.folded[line.start] not in "》”）)，。、；：<"
        and not LABEL.match(page.folded, line.start, line.end)
        and not page.is_fixed(line.start, line.end)
    )


def _bare_numbers(page: Page) -> list[Edit]:
    """A number on a line of its own that breaks a sentence, or that counts the pages up."""
    found = [
        (i, int(page.folded[a:b]))
        for i, (a, b, _) in enumerate(page.lines)
        if b - a <= 4 and _BARE_NUMBER.fullmatch(page.folded, a, b)
    ]
    sure = [
        0 < i < len(page.lines) - 1 and _unended(page, i - 1) and _goes_on(page, i + 1) and n < 2000 for i, n in found
    ]
    edits = []
    for k, (i, n) in enumerate(found):
        beside = (k > 0 and sure[k - 1] and found[k - 1][1] == n - 1) or (
            k + 1 < len(found) and sure[k + 1] and found[k + 1][1] == n + 1
        )
        if sure[k] or beside:
            edits.append(Edit(page.lines[i].start, page.lines[i].end, "page_furniture", "bare-page-number"))
    return edits


def _running_heads(page: Page) -> list[Edit]:
    """Short lines that return word for word (页眉, 水印) and break a sentence at least once or name a site."""
    places: dict[str, list[int]] = defaultdict(list)
    for i, (a, b, _) in enumerate(page.lines):
        if 4 <= b - a <= 40:
            places[page.folded[a:b]].append(i)
    edits = []
    for text, numbers in places.items():
        if len(numbers) < 2 or LABEL.match(text) or text[-1] in "。；;：:！？":
            continue
        breaks = sum(
            (0 < i < len(page.lines) - 1 and _unended(page, i - 1) and _goes_on(page, i + 1))
            or _at_page_number(page, i)
            for i in numbers
        )
        site = bool(_SITE_WORDS.search(text)) and len(numbers) >= 3
        named = bool(_SLOGAN_LINE.fullmatch(text))
        if breaks >= 2 or (breaks and (site or len(numbers) >= 3)) or named:
            edits += [
                Edit(page.lines[i].start, page.lines[i].end, "page_furniture", "running-head")
                for i in numbers
                if not page.is_fixed(page.lines[i].start, page.lines[i].end)
            ]
    return edits


# A site's name with its address or its slogan: no plan has such a line twice.
_NAMED = (
    r"[{H}]{0,8}(?:文库|文汇|文苑|文档|文秘|公文|范文|资料|材料|文稿)?"
    r"(?:网|之家|在线|驿站?|[小书]?屋|坊|汇|吧|库|社|馆|站)"
)
_ON_TEXTS = "文库|文档|文稿|材料|范文|公文|资料|写作|文秘|模板|素材|笔杆|文章|妙笔|办公"
_SLOGAN_LINE = compile_pattern(
    rf"(?=.{{0,40}}(?:{_ON_TEXTS}))(?:{_NAMED}[，, —\-:：·|]{{1,3}}[{{H}}A-Za-z0-9.，,]{{2,24}}"
    rf"|[{{H}}]{{2,8}}[，,—\- ]{{1,3}}[{{H}}，]{{0,14}}(?:之家|好帮手|[小书文稿]屋|专家|平台|助手|首选|随心看|免费下)"
    rf"|(?:写|找|要)(?:材料|公文|文稿|范文|总结|计划|资料|文档)[，, ]?(?:就)?(?:找|上|来|去|到|用)[{{H}}]{{2,8}})"
    r"|.{0,30}(?:[Ww]{3}\.|\b[a-z0-9\-]{2,30}\.(?:com|cn|net|org|example))[a-z0-9\-./]{0,30}.{0,10}|.{0,12}(?:之家|文库).{0,12}"
)
_ADDRESS = re.compile(
    r"(?:https?://|(?<![a-z])www\.)[a-z0-9\-]{1,40}(?:\.[a-z0-9\-]{1,20}){1,4}/?"
    r"|(?<![a-z0-9.@\-])[a-z0-9\-]{2,30}\.(?:com|cn|net|org|cc|vip|top|example)(?:\.cn)?(?![a-z0-9])/?",
    re.IGNORECASE,
)
_ADDRESS_MARKS = ("www.", "WWW.", "://", ".com", ".cn", ".net", ".org", ".cc", ".vip", ".top", ".example")
_NAME_IN_SLOGAN = re.compile("文库|文汇|文苑|文档|文秘|范文|公文|资料|之家|网|驿站|在线")
_SLOGAN = re.compile(r"[^，。；：！？\n]{0,40}\Z")
_HEAD_NEEDED = 2


def _running_addresses(folded: str) -> list[Edit]:
    """A site's address with its slogan in the middle of the text (页眉混入正文): the same words at least twice."""
    if not any(mark in folded for mark in _ADDRESS_MARKS):
        return []
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for match in _ADDRESS.finditer(folded):
        places[match.group().lower()].append(match.span())
    edits = []
    for spans in places.values():
        if len(spans) < _HEAD_NEEDED:
            continue
        lefts = [folded[max(0, start - 40) : start] for start, _ in spans]
        slogan = _SLOGAN.search(_common_end(lefts))
        size = len(slogan.group()) if slogan else 0
        # Without words of its own before it the address may be what the sentence is about.
        if slogan and len(spans) == _HEAD_NEEDED:
            # Two places may share a word before the site's name by chance.
            size -= _words_before_name(slogan.group())
        if size >= 4:
            edits += [Edit(start - size, end, "page_furniture", RUNNING_ADDRESS) for start, end in spans]
    return edits


def _words_before_name(slogan: str) -> int:
    """How many characters stand before the word that a site's name begins with (县域|文渊阁文库…)."""
    noun = _NAME_IN_SLOGAN.search(slogan)
    if noun is None or not 2 <= noun.start() <= 12:
        return 0
    from planparse.words import cut

    words = cut(slogan[: noun.start()])
    size = len(words[-1]) if len(words[-1]) > 1 or len(words) == 1 else len(words[-1]) + len(words[-2])
    return noun.start() - size


def _common_end(texts: list[str]) -> str:
    """The longest text that all of some texts end in."""
    shortest = min(texts, key=len)
    for size in range(len(shortest), 0, -1):
        if all(text.endswith(shortest[-size:]) for text in texts):
            return shortest[-size:]
    return ""


_PAGE_LINE = re.compile(r"[\-—–] ?\d{1,4} ?[\-—–]|第 ?\d{1,4} ?页(?: ?共 ?\d{1,4} ?页)?")


def _at_page_number(page: Page, number: int) -> bool:
    """Whether the line above or below is a page number."""
    beside = (page.lines[i] for i in (number - 1, number + 1) if 0 <= i < len(page.lines))
    return any(_PAGE_LINE.fullmatch(page.folded, line.start, line.end) for line in beside)


_NUMBER = r"第 ?\d{1,4} ?页(?: ?[,，/]? ?共 ?\d{1,4} ?页)?|[\-—–] ?\d{1,4} ?[\-—–]"
_PAGE_NUMBER = re.compile(
    rf"(?P<before>.*?[^ ]) {{0,9}}(?:{_NUMBER}|\d{{1,4}} ?/ ?\d{{1,4}})|(?:{_NUMBER}) {{0,9}}(?P<after>[^ ].*)"
)


def _numbered_heads(page: Page) -> list[Edit]:
    """Running heads with their page number: the page's title, or words that return with another number."""
    found: dict[str, list[int]] = defaultdict(list)
    for i, (a, b, _) in enumerate(page.lines):
        # The last or the first character must be a page number's.
        if not 6 <= b - a <= 60 or (page.folded[b - 1] not in "页-–—0123456789" and page.folded[a] not in "第-–—"):
            continue
        if match := _PAGE_NUMBER.fullmatch(page.folded, a, b):
            words = match["before"] or match["after"]
            if not page.is_fixed(a, b) and not LABEL.match(words) and words[-1] not in _ENDS + "，、":
                found[words].append(i)
    if not found:
        return []
    title = page.folded[slice(*page.title)] if page.title else ""
    return [
        Edit(page.lines[i].start, page.lines[i].end, "page_furniture", "numbered-head")
        for words, numbers in found.items()
        if len(numbers) >= 2 or (len(words) >= 4 and words in title)
        for i in numbers
    ]


def _chunk_numbers(page: Page) -> list[Edit]:
    """A viewer's chunk numbers (分块号): ``2、`` at line starts in the middle of sentences, counting up."""
    edits: list[Edit] = []
    last = 1
    for i in range(1, len(page.lines)):
        line = page.lines[i]
        match = _CHUNK.match(page.folded, line.start, line.end) if page.folded[line.start].isdigit() else None
        if match is None or not last < int(match.group(1)) <= last + _CHUNKS_UNSEEN or not _unended(page, i - 1):
            continue
        if _list_goes_on(page, i, int(match.group(1))):
            continue
        before = page.folded[page.lines[i - 1].start : page.lines[i - 1].end]
        after = page.folded[match.end() : match.end() + 8].lstrip(" ")
        # Once two are known the rest need no more than an unended line before them.
        if len(edits) >= 2 or _splits_sentence(before, after, _is_alone(page, i, int(match.group(1)))):
            edits.append(Edit(line.start, match.end(), "page_furniture", CHUNK_NUMBER))
            last = int(match.group(1))
    return edits


def _list_goes_on(page: Page, number: int, counted: int) -> bool:
    """Whether the next number opens a line soon: a list's items are shorter than a viewer's chunks."""
    start = page.lines[number].start
    label = f"{counted + 1}、"
    following = page.lines[number + 1 : number + 1 + _CHUNKS_UNSEEN]
    return any(line.start - start < _CHUNK_LENGTH and page.folded.startswith(label, line.start) for line in following)


def _is_alone(page: Page, number: int, counted: int) -> bool:
    """Whether no line above opens with the number before ``counted``."""
    label = f"{counted - 1}、"
    return not any(page.folded.startswith(label, line.start) for line in page.lines[:number])


def _splits_sentence(before: str, after: str, alone: bool) -> bool:
    """Whether a number stands inside a sentence; ``alone``: no label with the number before it opens a line above."""
    if not after or after[0] in "，。、；：！？）》”.%％":
        return bool(after)
    # Chunks are some hundred characters long; a list's items are not cut within a word or behind a comma.
    if len(before) < 60 and not alone:
        return False
    if before[-1] in "向对把被将在为以从由和与及或的":
        return True
    if len(before) >= 60 and (before[-1] in "，、," or len(before) >= _LONGEST_HEADING):
        return True
    return _spans_word(before, after)


def _spans_word(before: str, after: str) -> bool:
    from planparse.words import spans_word

    return spans_word(before, after)
