"""Written to spoken: a table of what must be said, and what holds for any text at all."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from channels.broadcast import Policy, speak
from channels.broadcast.spoken import MARK, applied
from channels.broadcast.spoken.engine import Rule, run
from channels.broadcast.spoken.numerals import LONGEST, cardinal, number

SAID = """
辛政办字〔2018〕1号 = 辛政办字 二零一八 一号
冀政办字〔2017〕159号 = 冀政办字 二零一七 一百五十九号
辛财预〔2025〕6号 = 辛财预 二零二五 六号
（辛）应急罚〔2025〕012号 = 辛应急罚 二零二五 零幺二号
《办法》（辛政办〔2009〕61号） = 《办法》
2018年1月20日 = 二零一八年一月二十日
2018-01-20 = 二零一八年一月二十日
2018.1.20 = 二零一八年一月二十日
2018年1月底前 = 二零一八年一月底前
2021-2025年 = 二零二一到二零二五年
2025/2026学年 = 二零二五到二零二六学年
截至2024年末 = 截至二零二四年末
8月3日20时至4日8时 = 八月三日二十时到四日八时
12月8日至12月12日 = 十二月八日到十二月十二日
1—6月 = 一到六月
1-6月 = 一到六月
8:00—18:00 = 八点到十八点
19:30 = 十九点三十分
8:05 = 八点零五分
2:00 = 两点
“2·17”事故 = “二幺七”事故
36.82亿元 = 三十六点八二亿元
1,234.56万元 = 一千二百三十四点五六万元
159,200.00元 = 十五万九千二百元
281,755.25万元 = 二十八亿一千七百五十五点二五万元
20,000万元 = 两亿元
280,755万元 = 二十八亿零七百五十五万元
45,000元（肆万伍仟元整） = 四万五千元
¥1,200 = 一千二百元
200元/人 = 每人二百元
3.5万元/亩 = 每亩三点五万元
101.3% = 百分之一百零一点三
100% = 百分之百
3‰ = 千分之三
1.2个百分点 = 一点二个百分点
由80.4%提高到82.6% = 由百分之八十点四提高到百分之八十二点六
3%至5% = 百分之三到百分之五
10%～20% = 百分之十到百分之二十
增长-3.3% = 下降百分之三点三
-3.3 = 负三点三
±5% = 正负百分之五
12345 = 幺二三四五
12348 = 幺二三四八
119、110、120 = 幺幺九、幺幺零、幺二零
119人 = 一百一十九人
第120号 = 第一百二十号
拨打12399 = 拨打幺二三九九
0311-83200000 = 零三幺幺，八三二零零零零零
0311-83200000转6 = 零三幺幺，八三二零零零零零，转六
０３１１－８３２０００００ = 零三幺幺，八三二零零零零零
13800138000 = 幺三八 零零幺三 八零零零
138-0013-8004 = 幺三八 零零幺三 八零零四
电话：83200007 = 电话：八三二零零零零七
邮编：052360 = 邮编：零五二三六零
501室 = 五零幺室
0.45m² = 零点四五平方米
4.5×10³ m² = 四千五百平方米
1.2×10⁻³m = 零点零零一二米
344村×12场 = 三百四十四个村，每村十二场
60cm×80cm = 六十厘米乘八十厘米
10里 = 十里
4,128场 = 四千一百二十八场
80㎡ = 八十平方米
260km = 二百六十公里
≤10mm = 不超过十毫米
≥38℃ = 不低于三十八摄氏度
-5℃ = 零下五摄氏度
-5～3℃ = 零下五到零上三摄氏度
1.2万人次 = 一点二万人次
30m = 三十米
50～80毫米 = 五十到八十毫米
40～60mm/h = 每小时四十到六十毫米
35mg/m³ = 每立方米三十五毫克
120m³/s = 每秒一百二十立方米
8—9级 = 八到九级
0～6岁 = 零到六岁
10—15个工作日 = 十到十五个工作日
2-3个 = 两到三个
1/2 = 二分之一
¾ = 四分之三
1∶1 = 一比一
比例为10:30 = 比例为十比三十
380V = 三百八十伏
0.85m = 零点八五米
APP = 手机应用
QR码 = 二维码
A4纸 = A四纸
5G = 五G
VR = 虚拟现实
WiFi = 无线网络
GDP = 国内生产总值
PM2.5 = PM二点五
G307国道 = G三零七国道
Ⅲ级 = 三级
IV类 = 四类
2个 = 两个
第2次 = 第二次
2号 = 二号
2,800元 = 两千八百元
2.5 = 二点五
①扫码；②拨打 = 一是扫码；二是拨打
1.限期改正；2.罚款 = 一是限期改正；二是罚款
见图① = 见图一
张×× = 张某某
互联网+政务服务 = 互联网加政务服务
（试行） = 试行
村（社区） = 村、社区
因公出国（境）费 = 因公出国、出境费
【橙色预警】辛集市 = 橙色预警，辛集市
大风（阵风8—9级）。 = 大风，阵风八到九级。
甲（乙局）、丙（丁局） = 甲，乙局；丙，丁局
公开——常态 = 公开，常态
详见https://www.xinji.example/a?b=1。 = 详见相关网页。
"""
ORACLES = [tuple(line.split(" = ")) for line in SAID.strip().splitlines()]

MARKED_FOR_ANNOUNCER = [
    "5-8",
    "V1.2.3",
    "GB/T 9704-2012",
    "zhang@163.example",
    "12/25",
    "91130181MA00000009",
    "13018102000135",
    "K-12",
    "√",
    "1\u200b2",
]


@pytest.mark.parametrize(("written", "said"), ORACLES, ids=[one[0] for one in ORACLES])
def test_is_said_so(written: str, said: str) -> None:
    spoken = speak(written)
    assert spoken.text.strip() == said
    assert spoken.unread == ()


@pytest.mark.parametrize("written", MARKED_FOR_ANNOUNCER)
def test_is_marked_and_never_guessed(written: str) -> None:
    spoken = speak(f"按照{written}办理")
    assert spoken.unread
    assert not re.search(r"[0-9A-Za-z√]", MARK.sub("", spoken.text))


def test_a_code_with_letters_is_marked_whole_behind_its_label() -> None:
    spoken = speak("统一社会信用代码：91130181MA00000009，住所不变")
    assert spoken.text == "统一社会信用代码：【请核读：91130181MA00000009】，住所不变"
    assert spoken.unread == ("91130181MA00000009",)


def test_a_city_may_read_in_its_own_way() -> None:
    policy = Policy(
        one="一",
        two="二",
        celsius="度",
        clock="时",
        bracketed_document_numbers="read",
        abbreviations={"APP": "应用程序", "12345": "一二三四五热线"},
    )
    text = "拨打119，2个人，-5℃，8:30，《办法》（辛政办〔2009〕61号），APP，12345"
    assert speak(text, policy).text == (
        "拨打一一九，二个人，零下五度，八时三十分，《办法》，辛政办 二零零九 六十一号，"
        "应用程序，一二三四五热线"
    )


def test_every_change_names_its_place_and_its_rule() -> None:
    text = "收入36.82亿元，拨打12345"
    first, second = speak(text).changes
    assert (first.start, first.end, first.source) == (2, 9, "36.82亿元")
    assert (first.spoken, first.rule) == ("三十六点八二亿元", "数")
    assert (second.source, second.rule) == ("拨打12345", "热线")


PIECES = st.sampled_from(
    [
        *(one for pair in ORACLES for one in pair[:1]),
        "。",
        "，",
        "（",
        "）",
        "、",
        "至",
        "~",
        "-",
        "到",
    ]
)
ANY_TEXT = st.one_of(
    st.text(max_size=40),
    st.text(
        alphabet="0123456789.,-—～:/%‰×+≤年月日时号元万亿个第至（）()〔〕【】①²³mk℃AIV ·、，。",
        max_size=30,
    ),
    st.lists(PIECES, max_size=5).map("".join),
)
SPELT = {"缩略语", "道路编号"}


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
@example("【请核读：5】")
@example("٣个")
@example("2018年8月底前,全面完成")
def test_whatever_the_text(text: str) -> None:
    spoken = speak(text)
    at = 0
    for change in spoken.changes:
        assert change.start >= at, "changes overlap or are out of order"
        assert text[change.start : change.end] == change.source
        at = change.end
    assert applied(text, spoken.changes) == spoken.text
    said = MARK.sub("", spoken.text)
    assert not any(unicodedata.category(char) in {"Nd", "No"} for char in said)
    assert not re.search(r"[A-Za-z]", _untouched(text))
    for change in spoken.changes:
        if change.rule not in SPELT:
            assert not re.search(r"[A-Za-z]", MARK.sub("", change.spoken))


def _untouched(text: str) -> str:
    """What of the source is read out as it stands."""
    parts, at = [], 0
    for change in speak(text).changes:
        parts.append(text[at : change.start])
        at = change.end
    return "".join([*parts, text[at:]])


@settings(max_examples=200)
@given(st.integers(min_value=0, max_value=10**LONGEST - 1))
def test_a_cardinal_means_its_number(value: int) -> None:
    assert meaning(cardinal(str(value))) == value


def meaning(words: str) -> int:
    """The number that a Chinese cardinal names, found without the code under test."""
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if name in words:
            high, _, low = words.rpartition(name)
            return meaning(high) * size + meaning(low)
    total, digit = 0, 0
    for char in words.replace("两", "二").replace("零", ""):
        if char in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(char)
    return total + digit


@pytest.mark.parametrize(
    ("written", "said"),
    [("10", "十"), ("110", "一百一十"), ("1010", "一千零一十"), ("20000", "两万"),
     ("100010", "十万零一十"), ("1050000000000", "一万零五百亿"), ("0.50", "零点五零")],
)  # fmt: skip
def test_a_number_is_said_as_people_say_it(written: str, said: str) -> None:
    assert number(written) == said


def test_a_number_beyond_all_groups_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        cardinal("1" * (LONGEST + 1))


def test_the_first_rule_to_claim_a_stretch_keeps_it() -> None:
    first = Rule("先", re.compile("乙丙"), lambda _match, _policy: "二三")
    second = Rule("后", re.compile("甲乙|丙丁|戊"), lambda _match, _policy: "五")
    spoken = run("甲乙丙丁戊", [first, second], Policy())
    assert spoken.text == "甲二三丁五"
    assert [change.rule for change in spoken.changes] == ["先", "后"]
