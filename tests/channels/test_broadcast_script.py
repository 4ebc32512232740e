"""The radio script: what a listener hears, what staff are told, and the whole against goldens."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.broadcast import Options, build
from channels.broadcast.spoken import MARK
from channels.broadcast.timing import clock, seconds, syllables
from publisher.channel import PermanentError, Rendition
from publisher.content import Document, parse_body
from publisher.model import Item, PostingPeriod
from tests.channels import broadcast_items as items
from tests.factories import a_house, an_item

HERE = Path("/nowhere")  # render writes nothing, so the folder need not exist


def rendered(item: Item, **options: object) -> Rendition:
    channel = build("广播电视", Options.model_validate(options), a_house(HERE))
    return channel.render([item])


def read_out(rendition: Rendition) -> str:
    """What is said on air, without head and notes."""
    text = rendition.files[0].data.decode()
    return text.partition("播出内容 ────────\n")[2].partition("──────── 以下不播")[0]


@pytest.mark.parametrize("name", ["seed", "budget", "storm"])
def test_is_the_script_that_was_read_and_approved(name: str) -> None:
    rendition = rendered(getattr(items, name)())
    for file in rendition.files:
        leaf = file.name.rpartition("/")[2]
        assert file.data.decode() == (items.GOLDEN / name / leaf).read_text(encoding="utf-8")


def test_the_preview_is_the_radio_script() -> None:
    names = [file.name for file in rendered(items.seed()).files]
    assert names == [
        "130181-2018-00001/广播稿.txt",
        "130181-2018-00001/电视字幕单.txt",
        "130181-2018-00001/读法对照.txt",
    ]


@pytest.mark.parametrize("name", ["seed", "budget", "storm"])
def test_nothing_is_read_that_cannot_be_heard(name: str) -> None:
    said = read_out(rendered(getattr(items, name)()))
    without_hints = re.sub(r"（[a-zāáǎàēéěèīíǐìōóǒòūúǔùü ]+）", "", MARK.sub("", said))
    assert not re.search(r"[0-9A-Za-z（）()—…〔〕]", without_hints)
    assert not re.search(r"[，。；：、][，。；：、]", without_hints)


@pytest.mark.parametrize("name", ["seed", "budget", "storm"])
def test_the_lead_is_one_sentence_of_at_most_sixty_characters(name: str) -> None:
    lead = read_out(rendered(getattr(items, name)())).split("\n\n")[1].strip()
    first = re.split(r"(?<=[。？])", lead)[0]
    assert syllables(first) <= 60
    assert first.endswith("。")


def test_a_long_title_is_told_after_a_short_lead_and_staff_are_asked_for_a_short_one() -> None:
    title = "关于转发市文化广电和旅游局等部门《" + "基层综合性文化服务中心" * 5 + "》的通知"
    rendition = rendered(items.an_aired_item("内容如下。", title=title))
    assert "发布通知。通知的题目是：关于转发" in read_out(rendition)
    assert any("短标题（short_title）" in note for note in rendition.notes)
    short = rendered(items.an_aired_item("内容如下。", title=title, short_title="文化中心细则"))
    assert "发布：文化中心细则。" in read_out(short)


def test_a_long_text_is_read_in_outline_and_all_that_is_missing_is_named() -> None:
    rendition = rendered(items.seed())
    said = read_out(rendition)
    assert "全文较长，这里播送要点。" in said
    assert "第五，保障措施。" in said
    assert "二零一八年八月底前" in said  # a date is news and comes first
    notes = "\n".join(rendition.notes)
    for left_out in ("突出需求导向，发挥实效", "定期总结汇报", "验收阶段"):
        assert left_out in notes
    whole = rendered(items.seed(), max_seconds=3600)
    assert "这里播送要点" not in read_out(whole)
    assert not any("只播" in note for note in whole.notes)


@pytest.mark.parametrize("limit", [30, 60, 90, 120, 180, 400])
def test_an_outline_keeps_to_its_time(limit: int) -> None:
    rendition = rendered(items.seed(), max_seconds=limit)
    taken = seconds(read_out(rendition).replace("\n", ""), 240)
    over = any("超过设定" in note and "请与电台商定" in note for note in rendition.notes)
    assert taken <= limit or over


def test_an_urgent_text_is_never_shortened() -> None:
    rendition = rendered(items.storm(), max_seconds=60)
    assert "二分之一" in read_out(rendition)
    assert any("紧急信息不删节" in note for note in rendition.notes)


def test_of_a_table_only_the_total_is_told() -> None:
    said = read_out(rendered(items.budget()))
    assert "主要支出的合计情况是：二零二四年执行数二十八亿一千七百五十五点二五万元" in said
    assert "增长百分之四点六" in said
    assert "教育支出" not in said
    assert "其余明细可在网站查询" in said


def test_a_fall_in_a_table_is_told_as_a_fall() -> None:
    spending = items.table("科目 | 2025年预算数（万元） | 增减（%）", "合计 | 4,050.00 | -3.3")
    body = items.document("支出如下：\n{spending}", spending=spending)
    said = read_out(rendered(items.an_aired_item(blocks=body)))
    assert "四千零五十万元，下降百分之三点三" in said


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("安排如下。主要支出如下：", "主要支出的合计情况是：二零二五年预算数四千零五十万元"),
        ("现将支出公布如下：", "现将支出公布如下：合计二零二五年预算数四千零五十万元"),
        ("支出情况见表。", "支出情况见表。合计情况是：二零二五年预算数四千零五十万元"),
    ],
)
def test_a_total_follows_from_the_words_before_the_table(before: str, said: str) -> None:
    spending = items.table("科目 | 2025年预算数（万元）", "合计 | 4,050.00")
    body = items.document(f"{before}\n{{spending}}", spending=spending)
    assert said in "".join(read_out(rendered(items.an_aired_item(blocks=body))).split())


def test_a_table_without_totals_is_pointed_to() -> None:
    plays = items.table("日期 | 地点", "10月26日 | 中里厢乡", "10月27日 | 新垒头镇")
    body = items.document("现将排期公布如下：\n{plays}", plays=plays)
    said = read_out(rendered(items.an_aired_item(blocks=body)))
    assert "共两项，可在网站查询" in said
    assert "中里厢" not in said


def test_a_list_is_read_as_points() -> None:
    points = items.points("带身份证；", "带户口本。")
    body = items.document("请准备：\n{points}", points=points)
    said = read_out(rendered(items.an_aired_item(blocks=body)))
    assert "一是带身份证。" in said
    assert "二是带户口本。" in said


def test_the_telephone_is_read_twice_and_the_website_by_name() -> None:
    said = read_out(rendered(items.budget()))
    assert said.count("零三幺幺，八三二零零零零零，转六") == 2
    assert "辛集市人民政府网站" in said
    assert "电话" not in read_out(rendered(items.seed()))


def test_the_posting_period_is_said_when_the_body_does_not() -> None:
    posting = PostingPeriod(first=date(2018, 2, 14), last=date(2018, 2, 20))
    said = read_out(rendered(items.an_aired_item("名单见附件。", posting=posting)))
    assert "公示期为二零一八年二月十四日到二月二十日。" in said


def test_what_custom_leaves_out_is_told() -> None:
    notes = "\n".join(rendered(items.seed()).notes)
    for reason in ("主送机关", "落款", "附件", "印发套语"):
        assert reason in notes


@pytest.mark.parametrize(
    "body",
    [
        items.document("{only}", only=items.table("甲 | 乙", "1 | 2")),
        items.document("附件：任务分解表"),
        items.document("——\n……"),
    ],
)
def test_without_a_sentence_there_is_no_script(body: Document) -> None:
    with pytest.raises(PermanentError) as caught:
        rendered(items.an_aired_item(blocks=body))
    assert caught.value.field == "body"
    assert "正文" in caught.value.reason


def test_hard_names_are_marked_at_first_use_only() -> None:
    said = read_out(rendered(items.an_aired_item("藁城和井陉参加。藁城先到，大城县后到。")))
    assert "藁（gǎo）城和井陉（xíng）参加" in said
    assert "藁城先到，大（dài）城县" in said


def test_a_surname_is_marked_only_where_a_person_is_meant() -> None:
    said = read_out(rendered(items.an_aired_item("联系人：单冬青。各单位请查收，单冬青同志负责。")))
    assert "单（shàn）冬青" in said
    assert "各单位请查收" in said


def test_the_authors_reading_is_checked_against_the_list() -> None:
    right = rendered(items.an_aired_item("由仇（qiú）志、曾𬱖（dí）主演。"))
    assert "仇（qiú）志" in read_out(right)
    assert not any("注音" in note for note in right.notes)
    wrong = rendered(items.an_aired_item("由曾𬱖（wěi，作者注）主演，束鹿（sùlù）承办。"))
    assert "𬱖（dí）" in read_out(wrong)
    assert "作者为“𬱖”注音wěi，与读音表的dí不一致，请核对" in wrong.notes
    assert "作者为“束鹿”注音sùlù，与读音表的shù lù不一致，请核对" in wrong.notes
    unknown = rendered(items.an_aired_item("在仵（wǔ）家村举行。"))
    assert "仵（wǔ）家村" in read_out(unknown)
    assert any("读音表未收" in note for note in unknown.notes)


def test_rare_characters_are_told_with_their_code() -> None:
    notes = rendered(items.an_aired_item("由曾𬱖和朱镕主演。")).notes
    assert "“𬱖”（U+2CC56）不在常用字集内，请核对字形和读音" in notes
    assert "“镕”（U+9555）不在常用字集内，读音表也未收，请核对字形和读音" in notes


def test_what_is_meant_for_the_announcer_is_not_aired() -> None:
    rendition = rendered(items.an_aired_item("演出照常。\n请播音员核对：仇（chóu）。"))
    assert "播音员" not in read_out(rendition)
    assert any("不播出：请播音员核对" in note for note in rendition.notes)
    assert any("“仇”注音chóu" in note for note in rendition.notes)


def test_what_no_rule_can_read_is_marked_and_listed() -> None:
    rendition = rendered(items.an_aired_item("执行GB/T 9704-2012标准。"))
    assert "执行【请核读：GB/T 9704-2012】标准。" in read_out(rendition)
    assert any("请核读1处：GB/T 9704-2012" in note for note in rendition.notes)


def test_raised_figures_keep_their_meaning() -> None:
    body = parse_body("<p>面积100m<sup>2</sup>。</p>", "html")
    assert "一百平方米" in read_out(rendered(items.an_aired_item(blocks=body)))


def test_a_body_as_the_intake_parses_it_is_read_with_its_headings() -> None:
    said = read_out(rendered(an_item(1)))
    assert "第一，总体要求。" in said
    assert "一是指导思想。" in said
    assert "公开率达到百分之九十八点五。" in said
    assert "各乡、镇人民政府" not in said


def test_a_later_revision_says_that_it_replaces_the_script() -> None:
    text = rendered(items.an_aired_item("照常。", number=2)).files[0].data.decode()
    assert "版本：第2版，以本稿为准，旧稿作废" in text


def test_time_counts_what_is_spoken_and_the_pauses() -> None:
    assert seconds("三十六点八二亿元", 240) == pytest.approx(2.0)
    assert seconds("甲，乙。", 240) == pytest.approx(0.5 + 0.3 + 0.6)
    assert syllables("A四纸【请核读：K-12】") == 6
    assert [clock(one) for one in (30, 60, 61.2, 179.01)] == ["30秒", "1分", "1分02秒", "3分"]


def test_the_speed_changes_the_planned_length() -> None:
    slow = rendered(items.storm(), chars_per_minute=180).files[0].data.decode()
    assert "每分钟180字" in slow
    assert "3分02秒" not in slow


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet="一二（1）2.、①：；。，“”《》附件问答 表\n甲乙丙〔2018〕号5%至km藁城仇（qiú）—",
        max_size=80,
    )
)
def test_any_text_gives_a_script_or_a_reason(text: str) -> None:
    try:
        rendition = rendered(items.an_aired_item(text), max_seconds=60)
    except PermanentError as error:
        assert error.field == "body"  # noqa: PT017 - either outcome is right
    else:
        assert len(rendition.files) == 3
        assert rendition == rendered(items.an_aired_item(text), max_seconds=60)
