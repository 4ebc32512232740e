"""Titles broken into lines by sense: never inside a word or a number, marks stay with their words.

No segmenter is at hand that knows administrative Chinese, so a short list of the words that titles
are made of does; where it knows nothing, a break costs more, and a balanced shape decides.
"""

import math
import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

WORDS = frozenset(
    """
    关于 印发 转发 公布 公示 公告 通告 通知 通报 意见 办法 细则 规定 规划 计划
    方案 报告 决定 决议 批复 纪要 说明 摘要 目录 清单 名单 预案 指南 标准 规范
    规范性 文件 修订 修改 废止 撤回 撤销 实施 实施方案 实施细则 实施意见 若干措施
    若干意见 若干规定 暂行 试行 征求 发布 做好 开展 加强 进一步 推进 促进 提升 完善
    深化 落实 贯彻 组织 建立 健全 调整 任免 任免职 聘任 表彰 拟表彰 优秀 先进 试点
    工作 工作实施方案 情况 有关 相关 问题 事项 行动 措施 管理 服务 监督 检查 评价
    考核 政务 公开 政务公开 信息 信息公开 政府信息 标准化 规范化 法治 行政 行政处罚
    行政许可 行政规范性 处罚 处罚决定 许可 决定书 执法 复议 财政 预算 决算 预决算
    预算草案 预算执行 执行 草案 年度 经费 债务 资金 补助 补贴 采购 招标 中标 项目
    工程 建设 建设用地 土地 征收 拆迁 补偿 安置 安全 安全生产 生产 应急 应急管理
    防汛 抗旱 防汛抗旱 指挥部 暴雨 橙色 红色 黄色 蓝色 预警 期间 紧急 提示 公共
    公共文化 公共法律 公共服务 文化 文化服务 文化服务中心 基层 综合性 效能 服务效能
    广电 广电和旅游 旅游 体育 教育 卫生 健康 医疗 医保 民政 养老 低保 救助 就业
    社会保障 农业 农村 农家书屋 乡村 乡村振兴 乡镇 街道 社区 法律 法律顾问 人民调解
    人民调解员 调解员 司法 律师 金牌 市场 监管 食品 药品 质量 环境 生态 生态环境
    环保 大气 污染 防治 交通 道路 运输 水利 供水 供热 供电 停水 停电 住房 城乡
    规划建设 自然资源 林业 税务 统计 审计 信访 公安 消防 招聘 公开招聘 事业单位
    工作人员 公务员 考试 面试 体检 人员 同志 领导 领导小组 小组 会议 活动 演出 惠民
    惠民演出 排期表 戏曲 重阳节 春节 国庆节 中秋节 端午节 清明节 劳动节 元旦 节日
    放假 安排 时间 地点 申报 报名 评选 评审 结果 第一批 第二批 第三批 部门 单位
    部门单位 人民 政府 人民政府 办公室 委员会 管理局 财政局 教育局 司法局 公安局
    民政局 应急管理局 旅游局 开发区 经济开发区 管委会 全市 全省 全国 本市 我市 河北省
    河北 石家庄市 石家庄 辛集市 辛集 有限公司 责任 责任单位 任务 任务分解表 分解表
    一览表 一问一答 读懂 解读 政策 政策解读 图解 怎么 去哪儿 为什么 哪些 如何 什么
    市民 群众 企业 居民 儿童 老年人 残疾人 学生 教师 学校 入学 招生 义务教育 疫苗
    接种 免费 开放 中心 书屋 图书馆 文化馆 博物馆 行政区 区域 范围 条件 流程 办理
    申请 受理 咨询 电话 网站 平台 系统 数据 数字 电子 智慧
    """.split()  # noqa: SIM905 - 300 quoted strings would be unreadable
)

_PAIRS = {"《": "》", "〈": "〉", "“": "”", "（": "）", "「": "」"}
_NOT_FIRST = frozenset("的等了之们者局厅委站所院会处科股室")
_JOINING = frozenset("的和与及暨或")
_LEANING = frozenset("〔｜|/–")  # stands with what is before it
_OPENING = "《〈（(〔【“‘「『"
_CLOSING = "》〉）)〕】”’」』，、。：；？！,.:;?!·…—％%"
_WHOLE = re.compile(
    r"[〔(（]?[0-9]{4}[〕)）][0-9]+(?:-[0-9]+)?号"
    r"|[0-9][0-9.,]*[%％]?[年月日号届次项条个件家名名米期批]?"
    r"|[A-Za-z][A-Za-z0-9.+-]*"
)
_UNEVEN = 0.5  # cost of a line, times the square of how many characters it is off the mean
_WELL = 6.0  # the most that a break may cost where no other can be weighed against it
_LINE = 9.0  # cost of one line more
_NEVER = float("inf")


@dataclass(frozen=True)
class _Piece:
    """What is never broken, and what a break after it costs."""

    text: str
    cost: float


def width_of(text: str) -> float:
    """How wide a text is, in Han characters."""
    return sum(0.55 if char.isascii() else 1.0 for char in text)


def break_title(
    title: str, width: float, known: Iterable[str] = (), most: int = 99
) -> tuple[str, ...]:
    """Lines of at most `width` Han characters; empty if it does not go into `most` lines.

    A blank the editor left is a wish for a break. `known` are further words, such as the names of
    the city and the department. One piece that is wider than a line by itself stands alone;
    whoever sets it must make it smaller.
    """
    words = WORDS | {word for word in known if width_of(word) <= width}
    pieces = _pieces(_tokens(title.strip(), words), width, words)
    total = sum(width_of(piece.text) for piece in pieces)
    fewest = max(1, math.ceil(total / width))
    counts = range(fewest, min(fewest + 4, most + 1))
    cost, lines = min((_divide(pieces, width, count) for count in counts), default=(_NEVER, ()))
    return lines if cost < _NEVER else ()


def phrases(title: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    """The title in parts between which a line may well end, for lines whose width nobody knows."""
    words = WORDS | set(known)
    tokens = _tokens(title, words)
    parts, text = [], ""
    for at, token in enumerate(tokens):
        text += token
        if at + 1 == len(tokens) or _may_part(tokens, at, words):
            parts.append(text)
            text = ""
    return tuple(parts)


def _may_part(tokens: Sequence[str], at: int, words: AbstractSet[str]) -> bool:
    """Whether a line may end after a token, where nothing is weighed."""
    left, right = tokens[at], tokens[at + 1]
    if right[0] in _LEANING or _cost(left, right, words) > _WELL:
        return False
    return right == "关于" or not any(_is_lone(tokens, one, words) for one in (at, at + 1))


def _is_lone(tokens: Sequence[str], at: int, words: AbstractSet[str]) -> bool:
    """A single character between two words, as in 戏曲进乡村: nobody knows which it belongs to."""
    before, after = ("".join(tokens[one : one + 1]) for one in (at - 1, at + 1))
    if tokens[at] in _JOINING or not _is_unknown(tokens[at], words):
        return False
    return bool(before) and not any(_is_unknown(one, words) for one in (before, after))


def _is_unknown(token: str, words: AbstractSet[str]) -> bool:
    return len(token) == 1 and token.isalpha() and token not in words


def _tokens(title: str, words: AbstractSet[str]) -> list[str]:
    tokens = []
    at, most = 0, max(map(len, words))
    while at < len(title):
        whole = _WHOLE.match(title, at)
        token = whole.group() if whole else _longest_word(title, at, words, most)
        tokens.append(token)
        at += len(token)
    return tokens


def _longest_word(title: str, at: int, words: AbstractSet[str], most: int) -> str:
    for length in range(min(most, len(title) - at), 1, -1):
        if title[at : at + length] in words:
            return title[at : at + length]
    return title[at]


def _pieces(tokens: Sequence[str], width: float, words: AbstractSet[str]) -> list[_Piece]:
    """Join what may not be parted; the rest gets its price."""
    inside = _inside_marks(tokens, width)
    pieces = []
    text = ""
    for at, token in enumerate(tokens):
        text += token
        last = at + 1 == len(tokens)
        cost = 0.0 if last else _cost(token, tokens[at + 1], words) + inside[at]
        if cost < _NEVER:
            pieces.append(_Piece(text, cost))
            text = ""
    return pieces


def _inside_marks(tokens: Sequence[str], width: float) -> list[float]:
    """What a break after each token costs for parting what stands between 《 and 》."""
    extra = [0.0] * len(tokens)
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token in _PAIRS:
            opened.append(at)
        elif opened and token == _PAIRS[tokens[opened[-1]]]:
            first = opened.pop()
            fits = width_of("".join(tokens[first : at + 1])) <= width
            for inner in range(first, at):
                extra[inner] += 30.0 if fits else 3.0
    return extra


def _cost(left: str, right: str, words: AbstractSet[str]) -> float:
    """The price of a break between two neighbours: the first rule that fits."""
    rules = (
        (left[-1] in _OPENING or right[0] in _CLOSING or right.isspace(), _NEVER),
        (left.isspace(), -8.0),
        (right in _NOT_FIRST, 40.0),
        (right[0] in "（(〔", 5.0),
        (right[0] in _OPENING or left[-1] in _CLOSING or right == "关于", 0.0),
        (left == "关于", 8.0),
        (left in _JOINING, 1.0),
        (right in _JOINING, 4.0),
        (left in words and right in words, 3.0),
        (left in words or right in words, 6.0),
    )
    return next((price for fits, price in rules if fits), 14.0)


def _divide(pieces: Sequence[_Piece], width: float, count: int) -> tuple[float, tuple[str, ...]]:
    """The cheapest way into exactly `count` lines, and its price; lines of even length please."""
    mean = sum(width_of(piece.text) for piece in pieces) / count
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    best += [(_NEVER, ())] * len(pieces)
    for _ in range(count):
        longer: list[tuple[float, tuple[str, ...]]] = [(_NEVER, ())] * (len(pieces) + 1)
        for end in range(1, len(pieces) + 1):
            line = ""
            for start in range(end - 1, -1, -1):
                line = pieces[start].text + line
                shown = line.strip()
                if width_of(shown) > width and start < end - 1:
                    break
                before, lines = best[start]
                price = before + _LINE + _UNEVEN * (width_of(shown) - mean) ** 2
                price += pieces[end - 1].cost
                if price < longer[end][0]:
                    longer[end] = (price, (*lines, shown))
        best = longer
    return best[-1]
