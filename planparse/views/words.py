"""The Chinese terms that stand beside the English ones wherever people read."""

from __future__ import annotations

import math
from collections import Counter

from planparse.document import Measure

KINDS = {
    # removed
    "lead_in": "导语",
    "editor_note": "编者话",
    "related_links": "相关链接",
    "navigation": "导航",
    "page_metadata": "页面信息",
    "promotion": "推广",
    "copyright": "版权声明",
    "markup": "标记残留",
    "page_furniture": "页码页眉",
    "hidden_text": "隐藏文字标记",
    "inline_insertion": "句中插入",
    # repairs
    "hard_wrap": "硬换行",
    "width": "全半角",
    "stray_mark": "杂散符号",
    "overlap": "重复字符",
    "spacing": "多余空格",
    "reading": "插入注音",
    "shift": "字节错位",
    # measures
    "target": "目标",
    "statistic": "统计",
    "mention": "提及",
    # anomalies
    "attachment": "附件",
    "lost_heading": "标题丢失",
    "numbering_gap": "编号跳号",
    "numbering_repeat": "编号重复",
    "numbering_start": "起始编号非一",
    "declared_mismatch": "篇数不符",
    "gap": "正文缺失",
    "undecodable": "无法解码",
    "damaged_number": "数字残缺",
    "sum_mismatch": "分项与合计不符",
    "not_chinese": "非中文",
    "not_plan": "不像工作计划",
}
SIGNS = {"=": "=", ">=": "≥", "<=": "≤", ">": ">", "<": "<"}
CHANGES = {"increase": ("+", "增加"), "decrease": ("−", "减少"), "multiply": ("×", "倍增")}
_PERIODS = {"D": "日", "W": "周", "M": "月", "Y": "年"}


def kind_of(kind: str) -> str:
    """A kind in both languages: ``lead_in 导语``."""
    return f"{kind} {KINDS[kind]}" if kind in KINDS else kind


def by_kind(counts: Counter[str]) -> str:
    """Counts by kind, the largest first: ``target 目标 12, statistic 统计 3``."""
    return ", ".join(f"{kind_of(kind)} {count:,}" for kind, count in counts.most_common())


def number(value: int | float) -> str:
    """A number for reading: thousands apart, no exponent, no digits that mean nothing."""
    if isinstance(value, int) or (math.isfinite(value) and value == int(value) and abs(value) < 1e15):
        # Python refuses to write out integers of thousands of digits.
        return f"{value:,.0f}" if isinstance(value, float) or value.bit_length() < 1000 else "10^…"
    return f"{value:,.10g}"


def amount(measure: Measure) -> str:
    """A measure's amount for reading: ``≥ 90 %``, ``3–5 次``, ``40 → 60 %``."""
    # More than forty (四十多) is approximate by its comparator already.
    plain = "≈ " if measure.approximate else ""
    sign = plain if measure.comparator == "=" else SIGNS.get(measure.comparator, measure.comparator) + " "
    if measure.change:
        sign = CHANGES[measure.change][0] + " " + sign
    if measure.value is not None:
        figure = number(measure.value)
        if measure.from_value is not None:
            figure = f"{number(measure.from_value)} → {figure}"
    elif measure.min is not None or measure.max is not None:
        figure = "–".join("…" if end is None else number(end) for end in (measure.min, measure.max))
    else:
        figure = "?"
    return f"{sign}{figure} {measure.unit}".rstrip()


def recurrence(every: str) -> str:
    """An ISO 8601 recurrence for reading: ``P3M`` is ``每3月``."""
    digits, unit = every[1:-1], every[-1:]
    if every[:1] == "P" and digits.isdigit() and unit in _PERIODS:
        return f"每{'' if digits == '1' else digits}{_PERIODS[unit]}"
    return every
