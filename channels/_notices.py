"""What citizens are told of a correction, a withdrawal or an expiry, one sentence each. Pure."""

from datetime import date, datetime, timedelta, tzinfo

from publisher.model import Action, Item, Notice, Revision

_DEEDS = {Action.CORRECT: "更正", Action.WITHDRAW: "撤回", Action.EXPIRE: "起失效"}


def sentence(notice: Notice, revision: Revision, zone: tzinfo) -> str:
    """What happened, on which day of the city, and why."""
    if notice.action is Action.EXPIRE:
        if over := period_over(notice, revision, zone):
            return f"公示期已于{chinese_date(over)}结束。"
        if until := validity_over(notice, revision, zone):
            first = chinese_date(until + timedelta(days=1))
            return f"本文件已于{first}失效（有效期至{chinese_date(until)}）。"
    day = chinese_date(_day(notice, zone))
    return f"{day}{_DEEDS[notice.action]}：{notice.reason.rstrip('。')}。"


def period_over(notice: Notice, revision: Revision, zone: tzinfo) -> date | None:
    """The last day of the posting period, if that was over when the notice was given."""
    last = revision.posting.last if revision.posting else None
    return last if last and _day(notice, zone) > last else None


def validity_over(notice: Notice, revision: Revision, zone: tzinfo) -> date | None:
    """The last day of validity, if that was over when the notice was given."""
    until = revision.valid_until
    return until if until and _day(notice, zone) > until else None


def ended(item: Item, zone: tzinfo) -> Notice | None:
    """What the calendar says of an item whose posting period or validity was over when citizens
    were last told of it. One that came in after its end gets no order to expire.
    """
    notice = Notice(action=Action.EXPIRE, reason="", at=item.changed_at)
    over = period_over(notice, item.revision, zone) or validity_over(notice, item.revision, zone)
    return notice if over else None


def chinese_date(day: date | datetime) -> str:
    """2025年2月20日: no padding, as GB/T 15835 has it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _day(notice: Notice, zone: tzinfo) -> date:
    return notice.at.astimezone(zone).date()
