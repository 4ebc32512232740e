"""The words of a message: goldens read by eye, and what holds for any titles at all."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.characters import normalise, parts, room, units
from channels.sms.compose import compose, first_sentence
from channels.sms.message import Message, Wording
from publisher.channel import PermanentError
from publisher.content import parse_body
from publisher.model import Item, ReasonClass
from tests.factories import an_item

GOLDEN = Path(__file__).parent / "golden" / "sms"
SITE = "https://www.xinji.example"
WARNING = """各乡、镇人民政府，有关单位：

【橙色预警】市气象台16时20分发布暴雨橙色预警：预计今晚8时到明早8时，我市有50～80毫米降水。

请做好防范，“不涉水。不攀爬。”
"""
TITLES = (
    "关于2026年农村危房改造补助对象的公示",
    "关于调整城区公交3路、5路运行线路的通告",
    "《辛集市城市绿化管理办法》政策解读",
    "关于公布行政规范性文件清理结果的公告",
    "关于招聘乡镇综合文化站工作人员的启事",
)


def wording(max_parts: int = 2, opt_out: str = "", site_url: str = SITE) -> Wording:
    return Wording("辛集市政府", max_parts, opt_out, site_url)


def titled(*titles: str) -> list[Item]:
    return [an_item(serial, title=title) for serial, title in enumerate(titles, 1)]


CASES: dict[str, tuple[list[Item], Wording]] = {
    "digest_all": (titled(*TITLES[:3]), wording()),
    "digest_dropped": (titled(*TITLES), wording()),
    "digest_opt_out": (titled(*TITLES[:2]), wording(opt_out="拒收请回复R")),
    "digest_one_part": (titled("农村危房改造补助公示", *TITLES), wording(max_parts=1)),
    "single": (titled(TITLES[0]), wording()),
    "single_question": (titled("去哪儿看书、怎么点戏？"), wording()),
    "single_short_title": ([an_item(title="很长的标题" * 40, short_title=TITLES[3])], wording()),
    "single_symbols": (titled("★【提示】\n２０２６年 Ａ类①：0.45m²→1㎡ 😀"), wording()),
    "urgent_summary": (
        [an_item(urgent=True, summary="今晚8时起暴雨，低洼处居民请到乡镇中心小学避险。")],
        wording(),
    ),
    "urgent_sentence": ([an_item(urgent=True, body=WARNING)], wording()),
    "urgent_title": (
        [an_item(urgent=True, body=f"一、{'各单位要做好防范' * 20}。", title=TITLES[1])],
        wording(),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str) -> None:
    message = compose(*CASES[case])
    facts = {"parts": message.parts, "units": message.units, "notes": message.notes}
    shown = f"{message.visible}\n--\n{json.dumps(facts, ensure_ascii=False)}\n"
    assert shown == (GOLDEN / f"{case}.txt").read_text(encoding="utf-8")


def test_goldens_are_all_used() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(CASES)


def refused(items: list[Item], with_wording: Wording) -> PermanentError:
    with pytest.raises(PermanentError) as caught:
        compose(items, with_wording)
    return caught.value


def test_a_long_title_is_refused_and_the_room_named_is_exact() -> None:
    error = refused(titled("字" * 120), wording())
    assert error.field == "short_title"
    assert "130181/2026-00001" in error.reason
    spare = int(re.findall(r"不超过(\d+)字", error.reason)[0])
    compose(titled("字" * spare), wording())
    assert refused(titled("字" * (spare + 1)), wording()).field == "short_title"


def test_what_is_let_in_alone_also_fits_as_the_first_of_any_digest() -> None:
    """Even where the page's address is shorter than the site's: the digest then has less room."""
    length = 60
    company = titled(*TITLES) * 190
    while True:
        item = replace(an_item(title="字" * length), url="https://x.cn/1")
        try:
            compose([item], wording())
        except PermanentError:
            break
        compose([item, *company], wording())
        length += 1
    assert 61 < length < 134


def test_a_summary_too_long_is_refused_not_replaced() -> None:
    error = refused([an_item(urgent=True, summary="字" * 130, body=WARNING)], wording())
    assert error.field == "summary"
    spare = int(re.findall(r"不超过(\d+)字", error.reason)[0])
    compose([an_item(urgent=True, summary="字" * spare)], wording())
    refused([an_item(urgent=True, summary="字" * (spare + 1))], wording())


def test_an_urgent_item_of_which_nothing_fits_asks_for_a_summary() -> None:
    body = "字" * 140 + "。"
    assert refused([an_item(urgent=True, title="题" * 140, body=body)], wording()).field == (
        "summary"
    )


def test_a_title_without_a_single_sendable_character_names_the_title() -> None:
    assert refused(titled("😀★"), wording()).field == "title"


@pytest.mark.parametrize("url", ["https://辛集.cn/1", "https://x.cn/a b", "ftp://x.cn/", ""])
def test_a_link_that_a_phone_would_cut_is_refused(url: str) -> None:
    item = replace(an_item(), url=url)
    error = refused([item], wording())
    assert (error.field, error.kind) == ("url", ReasonClass.INTERNAL)


def test_a_link_that_leaves_no_room_is_the_settings_fault() -> None:
    error = refused(titled("题", "目"), wording(max_parts=1, site_url=f"https://x.cn/{'a' * 60}"))
    assert (error.field, error.kind) == ("url", ReasonClass.INTERNAL)


def test_nothing_to_say_is_refused() -> None:
    assert refused([], wording()).kind is ReasonClass.INTERNAL


@pytest.mark.parametrize(
    ("count", "charged"),
    [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (160, 3), (201, 3), (202, 4)],
)
def test_parts(count: int, charged: int) -> None:
    assert parts(count) == charged


@pytest.mark.parametrize("max_parts", range(1, 8))
def test_room_is_the_last_length_of_that_many_parts(max_parts: int) -> None:
    assert parts(room(max_parts)) == max_parts
    assert parts(room(max_parts) + 1) == max_parts + 1


def test_rare_characters_cost_two_and_stay() -> None:
    assert normalise("曾\U0002cc56") == "曾\U0002cc56"
    assert units("曾\U0002cc56") == 3


def test_the_first_sentence_does_not_end_inside_brackets_or_an_address() -> None:
    body = "有关单位：\n\n请看《防汛手册（问：何时撤离？答：即刻。）》和http://a.cn/?b=1的说明。另行通知。"
    sentence = first_sentence(parse_body(body, "text", frozenset()).blocks)
    assert sentence == "请看《防汛手册（问：何时撤离？答：即刻。）》和http://a.cn/?b=1的说明。"


anything = st.text(
    alphabet=st.one_of(
        st.sampled_from("关于印发《〈办法〉》的通知【】“”！？，。①★→￥m²\n\t 19ＡＢ"),
        st.characters(),
    ),
    max_size=90,
)


@st.composite
def batches(draw: st.DrawFn) -> list[Item]:
    titles = draw(st.lists(anything.map(lambda text: f"文{text}"), min_size=1, max_size=6))
    urgent = draw(st.booleans())
    summary = draw(anything) if urgent else ""
    return [
        an_item(serial, title=title, urgent=urgent, summary=summary)
        for serial, title in enumerate(titles, 1)
    ]


wordings = st.builds(
    wording, max_parts=st.integers(1, 4), opt_out=st.sampled_from(["", "拒收请回复R"])
)


def attempt(items: list[Item], w: Wording) -> Message | PermanentError:
    try:
        return compose(items, w)
    except PermanentError as refusal:
        return refusal


@given(batches(), wordings)
def test_whatever_the_titles_a_message_keeps_its_promises(items: list[Item], w: Wording) -> None:
    outcome = attempt(items, w)
    if isinstance(outcome, PermanentError):
        assert outcome.field in {"short_title", "summary", "url"}
        return
    message = outcome
    assert message.visible == f"【{w.sign}】{message.text}"
    assert message.units == len(message.visible.encode("utf-16-le")) // 2
    assert message.parts <= w.max_parts
    assert not set("【】\n\r\t") & set(message.text)
    assert message.text == normalise(message.text)
    url = items[0].url if len(items) == 1 else f"{w.site_url}/"
    assert re.search(rf"{re.escape(url)}( |$)", message.text)
    assert message.text.endswith(w.opt_out or url)
    _titles_are_whole(items, message)


def _titles_are_whole(items: list[Item], message: Message) -> None:
    """Every title that is begun is there to its last character, and the count is true."""
    if len(items) == 1:
        revision = items[0].revision
        title = normalise(revision.title)
        assert title in message.text or revision.urgent
        return
    listed = ""
    for number, item in enumerate(items, 1):
        entry = f"{number}.{normalise(item.revision.title)}"
        mark = "" if not listed or listed[-1] in "。！？!?" else "；"
        if not message.text.startswith(f"您订阅的{len(items)}条新信息：{listed}{mark}{entry}"):
            break
        listed += mark + entry
    rest = message.text.removeprefix(f"您订阅的{len(items)}条新信息：{listed}")
    assert listed
    assert re.match(rf"(等{len(items)}条)?。?详见https://", rest)
