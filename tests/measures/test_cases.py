"""What is found in single sentences, case by case: span, value, unit, comparator, and what else the case is about."""

from __future__ import annotations

from typing import Any

import pytest

from planparse.document import Measure
from planparse.measures.extract import find_measures
from planparse.rules.ruleset import marked

# ⟦…⟧ marks the measures; behind the bar, one group a measure: value (or min-max) unit comparator, then name=value.
CASES = """
签订率达⟦90%⟧ | 90 % =
每年走访不少于⟦四次⟧ | 4 次 >= every=P1Y kind=target
联络员每季度至少向站里报送简报⟦2篇⟧ | 2 篇 >= every=P3M
确保设施完好率达到⟦90%⟧以上 | 90 % >= kind=target
修渠⟦三百米⟧ | 300 米 =
化肥⟦四十克⟧ | 40 克 =
修路⟦三千米⟧ | 3 千米 =
培训⟦二十分钟⟧以上 | 20 分钟 >= kind=target
产值过⟦亿元⟧ | 100000000 元 >
迟到⟦3次⟧以上扣奖金 | 3 次 >= kind=mention
差错率控制在⟦4‰⟧以内 | 4 ‰ <= kind=target
集中供养率不足⟦60%⟧ | 60 % <
全乡有⟦1400多名⟧护林员 | 1400 名 > approximate=True kind=statistic
受理来件⟦20余万件⟧ | 200000 件 > approximate=True
群众近⟦万人⟧参加 | 10000 人 = approximate=True
吸引上⟦千人⟧参加 | 1000 人 >= approximate=True
发动⟦数百名⟧志愿者 | 100 名 > approximate=True
节约⟦几十万元⟧ | 100000 元 > approximate=True
新栽桂花约⟦300株⟧ | 300 株 = approximate=True
培训⟦200人⟧左右 | 200 人 = approximate=True
每周巡查⟦3-5次⟧ | 3-5 次 = every=P1W
每周巡查⟦3至5次⟧ | 3-5 次 =
每周巡查⟦三到五次⟧ | 3-5 次 =
发展示范户⟦30户—49户⟧ | 30-49 户 =
谈心⟦两三次⟧ | 2-3 次 =
投资⟦3-5万元⟧ | 30000-50000 元 =
投资⟦8万-10万元⟧ | 80000-100000 元 =
产量⟦三四万吨⟧ | 30000-40000 吨 =
比例由40%提高到⟦60%⟧ | 60 % = from_value=40 change=increase
比例从58%下降至⟦52%⟧ | 52 % = from_value=58 change=decrease
办结时限由15天缩短至⟦9天⟧ | 9 天 = from_value=15 change=decrease
床位由120张增加到⟦200张⟧ | 200 张 = from_value=120 change=increase
损耗由目前的18降到⟦8%⟧ | 8 % = from_value=18 change=decrease
产值增长⟦12%⟧ | 12 % = change=increase
产值同比增长⟦-8.9%⟧ | -8.9 % = change=increase
上升⟦0.6个百分点⟧ | 0.6 个百分点 = change=increase
比上年减少⟦31例⟧ | 31 例 = change=decrease kind=statistic
产值增长⟦10%⟧和⟦14%⟧ | 10 % = change=increase | 14 % = change=increase
利润实现⟦翻番⟧ | 2 倍 = change=multiply
产量⟦翻两番⟧ | 4 倍 = change=multiply
合格率为⟦百分之九十五⟧ | 95 % =
破损率压到⟦千分之六⟧以下 | 6 ‰ <=
出勤率⟦百分之百⟧ | 100 % =
能开张的不到⟦三分之一⟧ | 33.33 % <
住户的⟦四分之三⟧通了水 | 75 % =
覆盖⟦九成⟧以上的村 | 9 成 >=
投入⟦1,350万元⟧修渠 | 13500000 元 =
总投资⟦3.5亿元⟧ | 350000000 元 =
投入⟦1亿2300万元⟧ | 123000000 元 =
投入⟦五百一十万元⟧ | 5100000 元 =
年发电⟦30万千瓦时⟧ | 300000 千瓦时 =
颗粒物浓度降到⟦35微克/立方米⟧ | 35 微克/立方米 =
收购价⟦12元/公斤⟧ | 12 元/公斤 =
出栏⟦220多万(头、只、次)⟧ | 2200000 (头、只、次) >
配备医生⟦2---3人/所⟧ | 2-3 人/所 =
绿化面积⟦98 %⟧ | 98 % =
总投资⟦X万元⟧ | None 元 = damaged=True
合格率达到⟦.%⟧ | None % = damaged=True
补贴⟦20232.8万亩⟧ | None 亩 = damaged=True
投入约⟦____万元⟧ | None 元 = damaged=True
学习不少于⟦60小时⟧ | 60 小时 >= kind=target
去年查出隐患⟦213处⟧，今年力争减到⟦150处⟧以下 | 213 处 = kind=statistic | 150 处 <= kind=target
现有农户⟦143家⟧，明年再发展⟦30家⟧ | 143 家 = kind=statistic | 30 家 = kind=target
新增路灯⟦120盏⟧，其中西街⟦40盏⟧、东街⟦80盏⟧ | 120 盏 = of=None | 40 盏 = of=0 | 80 盏 = of=0
每半年检修⟦1次⟧ | 1 次 = every=P6M
每两周小结⟦一次⟧ | 1 次 = every=P2W
每15天保养⟦一次⟧ | 1 次 = every=P15D
每半小时报告⟦一次⟧ | 1 次 = every=PT30M
每个学期家访⟦2次⟧ | 2 次 = every=P6M
一年⟦两次⟧体检 | 2 次 = every=P1Y
不得高于⟦5%⟧ | 5 % <=
人数不会低于⟦80人⟧ | 80 人 >=
销售额突破⟦2000万元⟧ | 20000000 元 >
年会费超过⟦300元⟧ | 300 元 >
成绩不低于⟦85分⟧ | 85 分 >=
里程⟦12.8公里⟧ | 12.8 公里 =
會員⟦7520人⟧，較上年增加⟦32戶⟧ | 7520 人 = | 32 戶 = change=increase
完成率为⟦１２．５％⟧ | 12.5 ％ =
造林⟦2万余亩⟧ | 20000 亩 > approximate=True
补助⟦三千多元⟧ | 3000 元 > approximate=True
分别达到⟦90%⟧、⟦95%⟧以上 | 90 % >= | 95 % >=
"""


def _number(text: str) -> float | None:
    return None if text == "None" else float(text)


def _check(measure: Measure, words: str) -> None:
    value, unit, comparator, *others = words.split()
    if "-" in value[1:]:
        low, high = value.split("-")
        assert (measure.value, measure.min, measure.max) == (None, float(low), float(high))
    else:
        assert measure.value == _number(value)
    assert (measure.unit, measure.comparator) == (unit, comparator)
    for other in others:
        name, wanted = other.split("=")
        got: Any = getattr(measure, name)
        assert str(got) == wanted, name


@pytest.mark.parametrize("case", CASES.strip().split("\n"))
def test_case(case: str) -> None:
    text, *wanted = case.split(" | ")
    plain, spans = marked(text)
    found = find_measures(plain)
    assert [(measure.start, measure.end) for measure in found] == spans, [measure.text for measure in found]
    for measure, words in zip(found, wanted, strict=True):
        assert measure.text == plain[measure.start : measure.end]
        _check(measure, words)


NOTHING = """
深入学习三个代表重要思想
开展五个一活动
“十二五”期间的工作
落实一岗双责
于2019年5月3日印发
县发〔2020〕20号文件
依照第三十一条办理
幸福路186号
联系电话0521-6623017
执行ISO9000标准和PM2.5限值
由一名同志负责，办一件实事
一对一帮扶
从几个方面入手
第3项议程
20xx年的计划
XX县的XX村
三（2）班的孩子
八项规定精神
统一思想，一把手负责，一次性办结
二次供水改造
领导十分重视
三年级承办
产业链上的零部件
召开第六次会议
2016-2020年规划
连续三年没有事故
一二三产业融合
"""


@pytest.mark.parametrize("text", NOTHING.strip().split("\n"))
def test_no_measure(text: str) -> None:
    assert [m.text for m in find_measures(text) if m.kind != "mention" and not m.damaged] == []
