"""Items that show every part a notice can have."""

import io
from datetime import date

from PIL import Image, ImageDraw

from publisher.content import (
    AttachmentBlock,
    Block,
    Cell,
    Document,
    Heading,
    ImageBlock,
    Inline,
    ListBlock,
    ListItem,
    Paragraph,
    Run,
    Table,
)
from publisher.model import Asset, Item, PostingPeriod
from tests.factories import an_asset, an_item

HOSTILE = (
    '#panic("x") #read("/etc/passwd") $x^2$ *粗* _斜_ <script>alert(1)</script> @ref '
    "// 注释 /* */ `码` -- --- ~ = 标题 [链](x) {括} #import"
)


def plain(text: str) -> Inline:
    return (Run(text),)


def cell(text: str, colspan: int = 1, rowspan: int = 1, *, header: bool = False) -> Cell:
    return Cell(plain(text), header=header, colspan=colspan, rowspan=rowspan)


def a_merged_table(groups: int = 2) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            cell("科目", rowspan=2, header=True),
            cell("金额（万元）", colspan=2, header=True),
            cell("说明", rowspan=2, header=True),
        ),
        (cell("上年", header=True), cell("本年", header=True)),
    ]
    for group in range(1, groups + 1):
        rows += [
            (
                cell(f"教育支出{group}"),
                cell(f"{152346.78 + group:,.2f}"),
                cell(f"{159200 + group:,.2f}"),
                cell(f"第{group}组两项共用的说明", rowspan=2),
            ),
            (cell(f"合计{group}"), cell(f"本组不分年度{group}", colspan=2)),
        ]
    return Table(tuple(rows), columns=4, caption="预算执行情况表")


def a_picture(width: int = 640, height: int = 240) -> Asset:
    picture = Image.new("RGB", (width, height), "#dfe9e4")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((40, 60, width // 2 - 40, height - 60), 20, fill="#2b6a4d")
    draw.rounded_rectangle((width // 2 + 40, 60, width - 40, height - 60), 20, fill="#2b6a4d")
    draw.line((width // 2 - 40, height // 2, width // 2 + 40, height // 2), "#2b6a4d", 10)
    data = io.BytesIO()
    picture.save(data, "PNG")
    return an_asset("流程图.png", data.getvalue(), "办理流程图", "image/png")


def rich_blocks() -> tuple[Block, ...]:
    return (
        Paragraph(plain("各乡、镇人民政府，市政府各部门：")),
        Paragraph(plain("现将市级预算执行情况公示如下。")),
        Heading(1, plain("一、总体情况")),
        Paragraph(plain("（一）收入。一般公共预算收入完成36.82亿元，增长5.7%。")),
        Paragraph(
            (
                Run("人均面积不低于0.45m"),
                Run("2", sup=True),
                Run("，排放CO"),
                Run("2", sub=True),
                Run("下降；异议须"),
                Run("实名", strong=True),
                Run("提出，见"),
                Run("《条例》", href="https://law.example/x?a=1"),
                Run("，𬱖、喆、镕等字照印。"),
            )
        ),
        Heading(3, plain("1.支出结构")),
        a_merged_table(),
        ListBlock(
            (
                ListItem(
                    plain("现场办理："),
                    (ListBlock((ListItem(plain("带身份证明；")),), ordered=True),),
                ),
                ListItem(plain("网上办理。")),
            )
        ),
        ImageBlock("流程图.png", "办理流程图：先登记后审核"),
        Paragraph(plain("受理电话：0311-83200008\n地址：市府街")),
        AttachmentBlock("a.pdf", "明细表"),
        Paragraph(plain("（此件公开发布）")),
    )


def rich_item() -> Item:
    return an_item(
        document=Document(rich_blocks()),
        title="关于辛集市2024年预算执行情况和2025年预算草案的公示",
        images=(a_picture(),),
        attachments=(
            an_asset("a.pdf", b"%PDF-1.7 a", "明细表"),
            an_asset("b.pdf", b"%PDF-1.7 b", "编制说明"),
        ),
        posting=PostingPeriod(
            first=date(2026, 11, 24), last=date(2026, 11, 30), contact="市财政局 0311-83200000"
        ),
        content_hash="3f2a9c41d07be586" * 4,
    )
