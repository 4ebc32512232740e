"""Items that show what an article can hold, and the pictures they need."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from publisher.content import (
    AttachmentBlock,
    Block,
    Cell,
    Document,
    Heading,
    ImageBlock,
    ListBlock,
    ListItem,
    Paragraph,
    Run,
    Table,
)
from publisher.model import Action, Asset, Item, Notice, PostingPeriod, Status, Trace
from tests.factories import NOW, an_asset, an_item


def a_picture(width: int, height: int, kind: str = "PNG", colour: str = "#a4211b") -> bytes:
    image = Image.new("RGB", (width, height), "#f2efe8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 8, height // 4, width * 7 // 8, height * 3 // 4), fill=colour)
    return encoded(image, kind)


def encoded(image: Image.Image, kind: str, **more: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def an_image(name: str, data: bytes) -> Asset:
    kind = "jpeg" if name.endswith("jpg") else name.rpartition(".")[2]
    return an_asset(name, data, media_type=f"image/{kind}")


COVER = an_image("cover.png", a_picture(900, 383))


def p(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def a_covered_item(serial: int = 1, *blocks: Block, **changes: Any) -> Item:
    """An item that brings its own cover, so that no test of the text needs fonts."""
    facts: dict[str, Any] = {"images": (COVER,)}
    if blocks:
        facts["document"] = Document(blocks)
    return an_item(serial, **(facts | changes))


def a_budget() -> Item:
    """Table with figures, links inside and outside WeChat, picture, attachments."""
    rows = (
        tuple(Cell((Run(text),), header=True) for text in ("科目", "2024年执行数", "2025年预算数")),
        _figures("教育支出", "152,346.78", "159,200.00"),
        _figures("灾害防治及应急管理支出", "4,187.92", "4,050.00"),
        (
            Cell((Run("合计", strong=True),)),
            Cell((Run("156,534.70"),), colspan=2, align="right"),
        ),
    )
    report = "https://www.xinji.example/ysbg.html"
    return a_covered_item(
        1,
        Heading(1, (Run("一、2024年预算执行情况"),)),
        p("2024年，全市一般公共预算收入完成36.82亿元，同比增长5.7%。民生支出占比提高到82.6%。"),
        Heading(2, (Run("（一）支出预算"),)),
        Paragraph(
            (Run("建筑面积3.2万m"), Run("2", sup=True), Run("，"), Run("应公开尽公开", strong=True))
        ),
        Table(rows, 3, "2025年支出预算表（万元）"),
        Paragraph(
            (
                Run("详见"),
                Run("预算", href=report),
                Run("报告", strong=True, href=report),
                Run("和"),
                Run("往期解读", href="https://mp.weixin.qq.com/s/Ab12"),
                Run("，或"),
                Run("发邮件", href="mailto:czj@xinji.example"),
                Run("、"),
                Run("返回页首", href="#top"),
                Run("，网站"),
                Run("https://www.xinji.example/", href="https://www.xinji.example/"),
                Run("。"),
            )
        ),
        ImageBlock("收支图.jpg", "收支对比图"),
        AttachmentBlock("预算表.xlsx", "2025年预算表"),
        Paragraph((Run("辛集市财政局\n2025年2月20日"),), align="right"),
        title="关于辛集市2024年预算执行情况和2025年预算草案的报告（摘要）",
        short_title="辛集市2025年预算草案报告（摘要）",
        summary="2025年全市一般公共预算收入安排38.66亿元，增长5%左右。",
        department="辛集市财政局",
        doc_number="辛财预〔2025〕6号",
        contact="市财政局预算科 0311-83200000",
        images=(COVER, an_image("收支图.jpg", a_picture(640, 360, "JPEG", "#2f5d8a"))),
        attachments=(
            an_asset("预算表.xlsx", b"x" * 20_480, "2025年预算表"),
            an_asset("说明.pdf", b"x" * 1_258_291, "编制说明"),
        ),
    )


def a_posting() -> Item:
    """公示 with a period, nested lists, a wide table with merged cells."""
    head = ("序号", "姓名", "乡镇", "村", "补助类别", "金额（元）")
    rows = (
        tuple(Cell((Run(text),), header=True) for text in head),
        (
            Cell((Run("1"),)),
            Cell((Run("赵某某"),)),
            Cell((Run("位伯镇"),), rowspan=2),
            *(Cell((Run(text),)) for text in ("东良马村", "低保")),
            Cell((Run("1,200"),), align="right"),
        ),
        (
            *(Cell((Run(text),)) for text in ("2", "钱某某", "小位村", "特困供养")),
            Cell((Run("980"),), align="right"),
        ),
    )
    steps = ListBlock(
        (
            ListItem((Run("当面提出"),)),
            ListItem(
                (Run("书面提出，写明"),),
                (ListBlock((ListItem((Run("姓名和住址"),)), ListItem((Run("理由"),)))),),
            ),
        ),
        ordered=True,
        start=3,
    )
    return a_covered_item(
        2,
        p("现将2026年第四季度拟发放对象公示如下："),
        Table(rows, 6),
        p("公示期间有异议的，可以"),
        steps,
        Paragraph((Run("<强调>"), Run("实名反映", emphasis=True, underline=True))),
        Paragraph((Run("特此公示"),), align="center"),
        title="辛集市2026年第四季度困难群众补助公示",
        department="辛集市民政局",
        doc_number="",
        posting=PostingPeriod(
            first=date(2026, 11, 23),
            last=date(2026, 11, 27),
            place="市民政局 301 室",
            contact="0311-83200001",
        ),
    )


def ordered(action: Action, item: Item, *traces: Trace) -> Item:
    """The item as the core gives it for a correction or withdrawal a day later."""
    reason = "经核实，表中教育支出数据有误"
    notice = Notice(action=action, reason=reason, at=NOW + timedelta(days=1))
    return replace(item, action=action, notices=(notice,), traces=traces)


def a_correction() -> Item:
    return ordered(Action.CORRECT, a_budget())


def a_withdrawal() -> Item:
    """One article that is out, and a second try of which nobody knows."""
    item = a_budget()
    title, url = item.revision.title, "https://mp.weixin.qq.com/s/Qx3fTz"
    out = Trace(key="b1", position=1, status=Status.DELIVERED, reference="TmVu", url=url)
    unheard = Trace(key="b2", position=0, status=Status.UNKNOWN)
    return ordered(
        Action.WITHDRAW, item, replace(out, title=f"{title}（稿）"), replace(unheard, title=title)
    )


def _figures(name: str, *figures: str) -> tuple[Cell, ...]:
    return (Cell((Run(name),)), *(Cell((Run(figure),), align="right") for figure in figures))


GOLDEN: dict[str, Callable[[], Item]] = {
    "budget": a_budget,
    "posting": a_posting,
    "correction": a_correction,
}
