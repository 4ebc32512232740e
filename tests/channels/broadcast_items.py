"""Items for the tests of the broadcast channel: the seed notice, a budget, a storm warning."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from publisher.content import (
    Block,
    Cell,
    Document,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Run,
    Table,
)
from publisher.model import Action, Item, Notice, Status, Trace
from tests.factories import BEIJING, an_item

GOLDEN = Path(__file__).parent / "golden" / "broadcast"


def document(text: str, **tables: Block) -> Document:
    """Blocks of a text: `# ` begins a heading of level 1, `{name}` stands for a block given."""
    return Document(
        tuple(_block(line.strip(), tables) for line in text.split("\n") if line.strip())
    )


def _block(line: str, tables: dict[str, Block]) -> Block:
    if line.startswith("{"):
        return tables[line.strip("{}")]
    if line.startswith("#"):
        level = len(line) - len(line.lstrip("#"))
        return Heading(level, (Run(line.lstrip("# ")),))
    return Paragraph((Run(line),))


def table(*rows: str, head: int = 1) -> Table:
    """A table of rows whose cells are parted by bars."""
    cells = tuple(
        tuple(Cell((Run(cell.strip()),), header=at < head) for cell in row.split("|"))
        for at, row in enumerate(rows)
    )
    return Table(cells, columns=len(cells[0]))


def points(*texts: str) -> ListBlock:
    return ListBlock(tuple(ListItem((Run(text),)) for text in texts))


def an_aired_item(text: str = "", blocks: Document | None = None, **changes: Any) -> Item:
    """An item of 2018 with this body; `changes` go to the revision."""
    at = changes.pop("published_at", datetime(2018, 2, 14, 9, 0, tzinfo=BEIJING))
    return an_item(1, published_at=at, document=blocks or document(text), **changes)


def seed() -> Item:
    """The seed notice, its lost brackets and dates put back by hand."""
    return an_aired_item((GOLDEN / "seed_body.txt").read_text(encoding="utf-8"))


BUDGET = """
# 一、2024年预算执行情况
2024年，全市一般公共预算收入完成36.82亿元，为年初预算的101.3%，同比增长5.7%，其中税收收入24.19亿元，税收占比65.7%，较上年提高1.2个百分点。一般公共预算支出68.45亿元，增长3.1%。民生支出占比由80.4%提高到82.6%。
# 二、2025年预算安排
（一）收入预算。2025年全市一般公共预算收入安排38.66亿元，增长5%左右；政府性基金预算收入安排12.08亿元。
（二）支出预算。一般公共预算支出安排69.27亿元。主要支出如下：
{spending}
# 三、“三公”经费
2025年全市“三公”经费预算1,236.5万元，比上年减少64.2万元，下降4.9%。其中：因公出国（境）费0元；公务用车购置及运行费1,018.3万元（购置费120万元，运行费898.3万元）；公务接待费218.2万元。
# 四、地方政府债务
截至2024年末，全市政府债务余额45.91亿元，控制在债务限额47.3亿元以内，债务率处于绿色区间。
国有资本经营预算表为空表，原因：本年度无国有资本经营预算收支。以上数据为快报数，最终以决算数为准。
"""

SPENDING = table(
    "科目编码 | 科目名称 | 2024年执行数（万元） | 2025年预算数（万元） | 增减（%）",
    "205 | 教育支出 | 152,346.78 | 159,200.00 | 4.5",
    "224 | 灾害防治及应急管理支出 | 4,187.92 | 4,050.00 | -3.3",
    "合计 | — | 281,755.25 | 294,776.50 | 4.6",
)


def budget() -> Item:
    return an_aired_item(
        blocks=document(BUDGET, spending=SPENDING),
        published_at=datetime(2025, 2, 21, 9, 0, tzinfo=BEIJING),
        title="关于辛集市2024年预算执行情况和2025年预算草案的报告（摘要）",
        department="辛集市财政局",
        doc_number="辛财预〔2025〕6号",
        kind="预决算公开",
        formed_on=date(2025, 2, 20),
        contact="辛集市财政局预算股，电话0311-83200000转6",
    )


STORM = """
【橙色预警】辛集市气象台8月3日16时20分发布暴雨橙色预警信号：预计8月3日20时至4日8时，我市大部分地区将出现50～80毫米降水，局地可超过120毫米，最大小时雨强40～60mm/h，并伴有短时大风（阵风8—9级）和雷电。
影响范围：全市15个乡镇和经济开发区，重点为滹沱河故道、石津干渠沿线低洼村庄及危险化学品企业。
请各单位和群众立即采取以下措施：
一、企业：1.危险化学品储罐区、烟花爆竹仓库立即停止装卸作业；2.地下空间、有限空间作业人员于8月3日19:00前全部撤出；3.切断可能进水区域的室外电源，电压等级380V及以上设备由专业电工操作。
二、村（社区）：1.包户干部对132户、297名独居老人和病残人员逐户叫应；2.转移安置点为各乡镇中心小学，具体以村广播通知为准。
三、群众：1.不涉水、不攀爬、不靠近水深超过0.3米的路段；2.驾车遇积水超过轮胎1/2时不要强行通过；3.遇险请拨打119、110、120或市防汛值班电话0311-83200003（24小时）。
当前王快水库下泄流量120m³/s，石津干渠水位距警戒水位0.85m。市应急管理局将每2小时发布一次更新，预警解除另行通知。
发布单位：辛集市防汛抗旱指挥部办公室、辛集市应急管理局
发布时间：2025年8月3日16时35分
"""


def storm() -> Item:
    return an_aired_item(
        STORM,
        published_at=datetime(2025, 8, 3, 16, 40, tzinfo=BEIJING),
        title="辛集市防汛抗旱指挥部办公室 辛集市应急管理局"
        "关于发布暴雨橙色预警期间安全生产紧急提示的通知",
        department="辛集市应急管理局",
        doc_number="辛汛办电〔2025〕9号",
        kind="预警信息",
        formed_on=date(2025, 8, 3),
        urgent=True,
        contact="0311-83200003",
    )


def later(action: Action, status: Status, title: str = "", **changes: Any) -> Item:
    """A correction or withdrawal of a notice that was aired, or lies ready to be."""
    item = an_aired_item(
        "2026年农村危房改造补助为每户1.8万元，12月15日前到村委会申请。",
        published_at=datetime(2026, 11, 23, 9, 0, tzinfo=BEIJING),
        **{
            "number": 2 if action is Action.CORRECT else 1,
            "title": "关于2026年农村危房改造补助标准的通告",
            "department": "辛集市住房和城乡建设局",
            "doc_number": "",
            "formed_on": date(2026, 11, 20),
            "contact": "市住建局村镇科 0311-83200005",
            **changes,
        },
    )
    notice = Notice(
        action=action,
        reason="原稿补助标准有误，应为每户1.8万元",
        at=datetime(2026, 11, 24, 10, 0, tzinfo=BEIJING),
    )
    sent_as = title or item.revision.title
    trace = Trace(key="b1", position=0, status=status, title=sent_as)
    return replace(item, action=action, notices=(notice,), traces=(trace,))


def correction() -> Item:
    return later(Action.CORRECT, Status.DELIVERED)


def exchange() -> Item:
    return later(Action.CORRECT, Status.AWAITING)


def withdrawal() -> Item:
    return later(Action.WITHDRAW, Status.DELIVERED)


def stop() -> Item:
    return later(Action.WITHDRAW, Status.AWAITING)
