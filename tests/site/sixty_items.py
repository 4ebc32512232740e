"""What a city publishes in two years, small: one item at least of every kind that pages show."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from shutil import copy
from typing import Any

from PIL import Image

from tests.factories import BEIJING, ROOT
from tests.support.city import an_item_object

FIELDS = ("财政预决算", "安全生产", "公共文化服务", "财政预决算", "公共法律服务", "财政预决算")
STAGES = ("决策", "执行", "管理", "服务", "结果")
DEPARTMENTS = ("辛集市财政局", "辛集市应急管理局", "辛集市文化广电和旅游局", "辛集市司法局")
TOPICS = ("文化惠民", "应急", "政务公开", "减税降费")
BEGIN = datetime(2025, 11, 3, 9, 30, tzinfo=BEIJING)
END = datetime(2026, 11, 23, 9, 30, tzinfo=BEIJING)

CORRECTED, WITHDRAWN, EXPIRED, FULL = "Y-corrected", "Y-withdrawn", "Y-expired", "Y-full"
RULES, INTERPRETED, ANSWERED = "Y-rules", "Y-interpreted", "Y-answered"
LONG, HOSTILE, UNBROKEN, HOUSING = "Y-long", "Y-hostile", "Y-unbroken", "Y-housing"

_TABLE = (
    (
        "科目编码",
        "科目名称",
        "2024年执行数",
        "2025年预算数",
        "增减（%）",
        "备注",
        "主管部门",
        "口径",
    ),
    (
        "20701",
        "文化旅游体育与传媒支出",
        "152,346.78",
        "159,200.00",
        "-3.3",
        "—",
        "市财政局",
        "快报",
    ),
)


def fill_inbox(inbox: Path) -> None:
    """The files that the items below name."""
    for name in ("免费开放服务目录.pdf", "基层综合性文化服务中心建设标准.pdf", "开放时间对比.png"):
        copy(ROOT / "config" / "demo" / "files" / name, inbox / name)
    chart = BytesIO()
    Image.new("RGB", (1600, 500), "#c8d4e0").save(chart, "PNG")
    (inbox / "流程图.png").write_bytes(chart.getvalue())


def windows() -> Iterator[list[tuple[datetime, dict[str, Any]]]]:
    """Everyday items, oldest first, each with its time: what is published together, a list each."""
    common = list(_common_items(55))
    for place in range(0, len(common), 11):
        yield common[place : place + 11]


def _common_items(many: int) -> Iterator[tuple[datetime, dict[str, Any]]]:
    step = (END - BEGIN) / many
    for place in range(many):
        at = (BEGIN + place * step).replace(microsecond=0)
        topics = [TOPICS[place % 4]] if place % 3 else []
        yield (
            at,
            an_item_object(
                f"Y-{place:03d}",
                title=f"{DEPARTMENTS[place % 4]}关于做好{at:%Y年}第{place + 1}号公开事项的通知",
                doc_number=f"辛政办字〔{at:%Y}〕{place + 1}号",
                department=DEPARTMENTS[place % 4],
                field=FIELDS[place % 6],
                five_open_stage=STAGES[place % 5],
                topics=topics,
                summary=None if place % 2 else "把公开事项、公开时限和责任单位逐项列明。",
                formed_on=f"{at - timedelta(days=3):%Y-%m-%d}",
            ),
        )


def special_items() -> list[dict[str, Any]]:
    """One of each thing that is hard to show; the newest of all."""
    return [_full(), *_related(), *_titles(), *_to_be_changed()]


def _full() -> dict[str, Any]:
    head, row = (
        f"<tr>{''.join(cells)}</tr>"
        for cells in (
            [f"<th>{text}</th>" for text in _TABLE[0]],
            [f"<td>{text}</td>" for text in _TABLE[1]],
        )
    )
    body = (
        "<p>各乡、镇人民政府，市政府各部门：</p><p>一、总体要求</p><p>（一）指导思想</p>"
        f"<p>{'坚持以公开为常态、不公开为例外，公开率达到98.5%。' * 6}</p>"
        f'<p>详见<a href="https://a.cn/">https://www.xinji.example/{"a" * 90}</a>。</p>'
        "<ol><li>梳理公开事项</li><li>编制公开目录<ul><li>事项</li></ul></li></ol>"
        f"<table><caption>2025年一般公共预算支出表（单位：万元）</caption>{head}{row * 4}</table>"
        '<p><img src="流程图.png" alt="公开流程图"></p>'
        '<p align="right">辛集市人民政府办公室</p><p align="right">2026年11月20日</p>'
    )
    return an_item_object(
        FULL,
        title="辛集市人民政府办公室关于转发市文化广电和旅游局等部门《〈辛集市关于进一步加强基层"
        "综合性文化服务中心建设提升公共文化服务效能的若干措施〉实施细则（试行）》的通知",
        body=body,
        body_format="html",
        doc_number="辛政办字〔2026〕99号",
        formed_on="2026-11-20",
        field="公共文化服务",
        topics=["文化惠民", "政务公开"],
        summary="全市村（社区）综合性文化服务中心达标率2026年底前达到95%以上。",
        contact="市政府办公室政务公开股 0311-83220000",
        validity="部分失效",
        images=[{"file": "流程图.png", "alt": "公开流程图"}],
        attachments=[
            {"file": "免费开放服务目录.pdf", "title": "免费开放服务目录"},
            {"file": "基层综合性文化服务中心建设标准.pdf", "title": "试点事项及责任单位任务分解表"},
        ],
        related=[RULES],
    )


def _related() -> list[dict[str, Any]]:
    """Rules, what they mean, and an answer to what people asked about them."""
    three = (
        (RULES, "行政规范性文件", "关于印发《辛集市最低生活保障实施细则》的通知", [INTERPRETED]),
        (INTERPRETED, "政策解读", "《辛集市最低生活保障实施细则》解读", [RULES]),
        (ANSWERED, "回应关切", "关于低保办理时限问题的回应", [RULES, INTERPRETED]),
    )
    return [
        an_item_object(item_id, kind=kind, title=title, related=related, doc_number=None)
        for item_id, kind, title, related in three
    ]


def _titles() -> list[dict[str, Any]]:
    titles = {
        LONG: "关于" + "进一步规范和加强农村最低生活保障、特困人员供养、临时救助" * 9 + "的通知",
        HOSTILE: "关于废止<script>alert(1)</script>、“&amp;”与'引号'的\"通知\" ]]> {{ 7*7 }}",
        UNBROKEN: "关于" + "GovernmentInformationDisclosure" * 4 + "系统切换的公告",
        HOUSING: "辛集市住房和城乡建设局关于印发《辛集市农村危房改造补助资金实施细则》的通知",
    }
    return [
        an_item_object(item_id, title=title, short_title="短标题", doc_number=None, topics=["应急"])
        for item_id, title in titles.items()
    ]


def _to_be_changed() -> list[dict[str, Any]]:
    """Those that `WholeSite` corrects, withdraws and lets expire afterwards."""
    number = count(201)
    end = {"from": "2026-11-23", "to": "2026-11-27", "place": "市政务服务大厅公示栏"}
    return [
        an_item_object(
            item_id,
            title=title,
            body="1.公示内容\n\n名单见附表。\n\n（1）期限\n\n五个工作日。",  # no 一、 above them
            doc_number=f"辛财预〔2026〕{next(number)}号",
            posting=end if item_id == EXPIRED else None,
            attachments=[{"file": "免费开放服务目录.pdf", "title": "附表"}],
        )
        for item_id, title in (
            (CORRECTED, "关于撤回（辛）应急罚〔2025〕012号行政处罚决定公示信息的说明"),
            (WITHDRAWN, "关于拟推荐先进集体的公告"),
            (EXPIRED, "关于拟认定农民专业合作社示范社的公示"),
        )
    ]
