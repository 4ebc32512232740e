"""Articles as a city writes them: of some length, no two alike, the same in every run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.factories import FIELDS, NOW, STAGES

DEPARTMENTS = tuple(
    f"辛集市{name}"
    for name in (
        *("财政局", "应急管理局", "司法局", "教育局", "民政局", "公安局", "审计局", "统计局"),
        *("水利局", "林业局", "交通运输局", "农业农村局", "文化广电和旅游局", "卫生健康局"),
        *("市场监督管理局", "生态环境局", "医疗保障局", "自然资源和规划局", "人民政府办公室"),
        "人力资源和社会保障局",
    )
)
TOPICS = (
    *(
        "部门预算",
        "部门决算",
        "专项资金",
        "政府采购",
        "隐患排查",
        "事故通报",
        "应急预案",
        "防汛抗旱",
    ),
    *("文化惠民", "图书馆", "群众演出", "文物保护", "法律援助", "人民调解", "公证服务", "行政复议"),
    *("义务教育", "养老服务", "社会救助", "招考录用"),
)
_ACTS = ("开展", "推进", "规范", "加强", "做好", "深化", "完善", "落实")
_MATTERS = ("专项检查", "信息公开", "资金管理", "服务能力建设", "试点工作", "隐患整治", "考核评价")
_SORTS = ("通知", "实施方案", "情况通报", "工作要点", "实施意见")
_PARTS = ("总体要求", "主要任务", "实施步骤", "保障措施", "有关要求")
_CLAUSES = (
    "坚持以人民为中心的发展思想",
    "按照市委、市政府的统一部署",
    "结合本地区、本部门工作实际",
    "各责任单位要明确一名分管负责同志具体负责",
    "建立工作台账，逐项列出完成时限和责任人",
    "对发现的问题立行立改，不能立即整改的制定整改方案",
    "整改情况通过政府网站向社会公开，接受群众监督",
    "所需经费由同级财政统筹安排，专款专用",
    "定期调度进展情况，每季度末报送书面材料",
    "对工作不力、弄虚作假的予以通报批评",
    "充分运用广播、微信公众号等渠道做好宣传解读",
    "及时回应群众关切的热点难点问题",
    "确保各项政策措施落到实处、见到实效",
    "进一步提高工作的标准化、规范化水平",
)


@dataclass(frozen=True, slots=True)
class Article:
    """One of them; its body is Markdown, which all generators read."""

    serial: int
    published_at: datetime
    title: str
    summary: str
    body: str
    doc_number: str
    field: str
    stage: str
    department: str
    topics: tuple[str, ...]


def articles(
    many: int, until: datetime = NOW, apart: timedelta = timedelta(hours=4)
) -> Iterator[Article]:
    """From the oldest to the newest, some a day over the last years."""
    chance = Random(4)  # noqa: S311 - to be varied, not to be secret
    newest = until - timedelta(hours=1)
    for serial in range(1, many + 1):
        yield _article(serial, newest - apart * (many - serial), chance)


def _article(serial: int, at: datetime, chance: Random) -> Article:
    topics = tuple(chance.sample(TOPICS, 2))
    matter = f"{chance.choice(_ACTS)}{topics[0]}{chance.choice(_MATTERS)}"
    return Article(
        serial=serial,
        published_at=at,
        title=f"关于{matter}的{chance.choice(_SORTS)}（第{serial}号）",
        summary=f"{matter}的目标、任务和要求：{_sentence(chance, 2)}",
        body=_body(serial, matter, chance),
        doc_number=f"辛政办字〔{at.year}〕{serial}号",
        field=chance.choice(FIELDS),
        stage=chance.choice(STAGES),
        department=chance.choice(DEPARTMENTS),
        topics=topics,
    )


def _body(serial: int, matter: str, chance: Random) -> str:
    """About 1200 characters: five parts, a list, and in every fifth article a table."""
    parts = [
        f"各乡、镇人民政府，市政府各部门：\n\n为{matter}，现将第{serial}号文件有关事项通知如下。"
    ]
    for number, name in zip("一二三四五", _PARTS, strict=True):
        parts += [f"## {number}、{name}", *(_sentence(chance, 5) for _ in range(2))]
    parts.append("\n".join(f"- **{clause}**；" for clause in chance.sample(_CLAUSES, 3)))
    if serial % 5 == 0:
        rows = [f"| {name} | {chance.randrange(10_000)} |" for name in chance.sample(TOPICS, 5)]
        parts.append("\n".join(["| 项目 | 金额（万元） |", "| --- | --- |", *rows]))
    return "\n\n".join(parts)


def _sentence(chance: Random, clauses: int) -> str:
    said = "，".join(chance.sample(_CLAUSES, clauses))
    return f"{said}，完成率达到{chance.randrange(80, 100)}%。"
