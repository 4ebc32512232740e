"""What stands around the news of a script: the heading, what the newsroom must do, what is said of
something aired before.

Only what was confirmed as aired is spoken of as aired. Where an old script merely lay ready, the
newsroom is told not to air it.
"""

from dataclasses import dataclass
from datetime import tzinfo

from channels.broadcast.lead import headline
from channels.broadcast.options import Options
from channels.broadcast.spoken import speak
from publisher.model import Action, Item, Notice, Status

_SAID_WHOLE = 45
"""A longer title is named by what it is about: the ear loses the rest."""
_AIRED = frozenset({Status.DELIVERED, Status.LOST})
_STOPS = "，。；！？、 "


@dataclass(frozen=True, slots=True)
class Frame:
    """`order` is for the newsroom and not aired; `preface` is said before the news; `mark` and
    `crawl` are for the screen.
    """

    opening: str
    heading: str = "广播稿"
    order: str = ""
    preface: tuple[str, ...] = ()
    mark: str = ""
    crawl: tuple[str, ...] = ()


def frame(item: Item, options: Options, timezone: tzinfo) -> Frame:
    match item.action:
        case Action.WITHDRAW:
            return _withdrawn(item, options, timezone)
        case Action.CORRECT if item.traces and _reason(item):
            return _corrected(item, options)
        case Action.CORRECT if item.traces and not _aired(item):
            return Frame(_opening(item, options), order="换稿：旧稿不要播出，改播本稿。")
        case _:
            return Frame(_opening(item, options))


def _opening(item: Item, options: Options) -> str:
    return options.opening_urgent if item.revision.urgent else options.opening


def _corrected(item: Item, options: Options) -> Frame:
    title = _title(item)
    said = (f"此前播出的《{title}》，现予更正。", f"更正原因：{_reason(item)}。")
    if not _aired(item):
        spoken = "".join(speak(sentence, options.policy).text for sentence in said)
        order = f"换稿：旧稿不要播出，改播本稿。旧稿如已播出，请先说：“{spoken}”"
        return Frame(_opening(item, options), order=order)
    return Frame(
        options.opening_correction,
        heading="更正启事",
        preface=(*said, "现在播送更正后的内容。"),
        mark="更正：",
        crawl=(f"更正：此前播出的《{title}》现予更正", f"更正：{title}"),
    )


def _withdrawn(item: Item, options: Options, timezone: tzinfo) -> Frame:
    title, notice = _title(item), _notice(item)
    when = f"已于{_day(notice, item, timezone)}撤回" if notice else "已经撤回"
    reason = _reason(item)
    return Frame(
        options.opening_withdrawal,
        heading="撤回说明",
        order=""
        if _aired(item)
        else "停播：本条已撤回，旧稿不要播出。旧稿没有播出的，本稿也不用播；"
        "旧稿如已播出，请播送本稿。",
        preface=(
            f"此前播出的《{title}》，{when}。",
            *((f"撤回原因：{reason}。",) if reason else ()),
            "请听众朋友不要再采用或者转发原来播出的内容。",
        ),
        mark="撤回：",
        crawl=(f"此前播出的《{title}》{when}", f"已撤回：{title}"),
    )


def _aired(item: Item) -> bool:
    return any(trace.status in _AIRED for trace in item.traces)


def _title(item: Item) -> str:
    """The title it was aired under, as it can stand between title marks."""
    titles = [trace.title for trace in item.traces if trace.title]
    title = " ".join((titles[-1] if titles else item.revision.title).split())
    named = title if len(title) <= _SAID_WHOLE else headline(title)
    return named.replace("《", "〈").replace("》", "〉")


def _notice(item: Item) -> Notice | None:
    told = [notice for notice in item.notices if notice.action is item.action]
    return told[-1] if told else None


def _reason(item: Item) -> str:
    notice = _notice(item)
    return " ".join(notice.reason.split()).rstrip(_STOPS) if notice else ""


def _day(notice: Notice, item: Item, timezone: tzinfo) -> str:
    """The year is said only when it is not that of the publication."""
    at, first = notice.at.astimezone(timezone), item.published_at.astimezone(timezone)
    year = "" if at.year == first.year else f"{at.year}年"
    return f"{year}{at.month}月{at.day}日"
