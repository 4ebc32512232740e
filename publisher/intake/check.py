"""The check of one item: every field, its files, its approval, the privacy of those it names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from publisher.content import ContentError, parse_body
from publisher.intake.approval import check_approval
from publisher.intake.fields import Fields, refuse_nulls
from publisher.intake.files import attachment, picture
from publisher.intake.personal import find_personal, is_personal
from publisher.intake.problems import Problem, Refused, masked, shown
from publisher.intake.read import read_object
from publisher.intake.readable import find_unreadable
from publisher.intake.rules import Rules
from publisher.model import Approval, Asset, Revision
from publisher.orders import why_it_ends
from publisher.record import approval_of, content_hash, content_of, to_revision

KNOWN = frozenset(
    {
        "id",
        "title",
        "body",
        "body_format",
        "department",
        "doc_number",
        "field",
        "five_open_stage",
        "kind",
        "disclosure_attr",
        "audience",
        "formed_on",
        "topics",
        "urgent",
        "short_title",
        "summary",
        "contact",
        "validity",
        "valid_until",
        "attachments",
        "images",
        "related",
        "posting",
        "channels",
        "privacy_override",
        "approval",
    }
)
_ID = re.compile(r"[\w][\w.()（）〔〕-]{0,63}")
_DOC_NUMBER = re.compile(r"[\w（）() ]{2,40}〔(19|20)\d{2}〕\d{1,5}号")
_UNCLOSED = re.compile(r"〔[^〕\n]{0,12}(?=号|\n|$)")
_FORMATS = ("html", "markdown", "text")


@dataclass(frozen=True, slots=True)
class Draft:
    """An item that has passed: its content object, its first revision, where it is to go."""

    content: Mapping[str, Any]
    revision: Revision
    channels: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """What does not stop the item and staff should look at: what may be personal data, is over
    already, or cannot be read aloud."""


class Approved(StrEnum):
    """How much of an approval an item must have."""

    NO = "no"
    PARTLY = "partly"
    FULLY = "fully"


def check(
    data: bytes, rules: Rules, now: datetime, *, approved: Approved = Approved.FULLY
) -> Draft:
    """Check the bytes of one item. Raises Refused with every problem found at once.

    With less than a full approval asked for, the draft is for looking at, not for submitting.
    """
    item = read_object(data, rules.max_item_bytes)
    problems: list[Problem] = []
    fields = Fields(item, problems)
    item_id = _identity(fields)
    try:
        refuse_nulls(item, problems)
        fields.only(KNOWN)
        _words(fields, rules, now)
        channels = _channels(fields, item, rules)
        assets = _assets(fields, rules)
        if problems:
            raise Refused(problems)
        return _draft(item, fields, problems, assets, channels, rules, now, approved=approved)
    except Refused as refused:
        raise Refused(refused.problems, item_id) from None


def _identity(fields: Fields) -> str | None:
    item_id = fields.text("id", need=True, most=64)
    if item_id and not _ID.fullmatch(item_id):
        fields.wrong("id", "只能用文字、数字、括号、点和横线，不能有空格和斜线")
        return None
    if is_personal(item_id):  # nor may it be kept with the refusal
        fields.wrong("id", "是个人号码，不能用作编号，请换一个")
        return None
    return item_id or None


def _words(fields: Fields, rules: Rules, now: datetime) -> None:
    fields.text("title", need=True)
    fields.text("body", need=True, most=rules.max_item_bytes, lines=True)
    fields.choice("body_format", _FORMATS)
    fields.text("department", need=True, most=60)
    number = fields.text("doc_number", most=60)
    if number and not _DOC_NUMBER.fullmatch(number):
        fields.wrong(
            "doc_number", f"「{shown(number)}」不合规范，应如 辛政办字〔2018〕1号；没有文号就不要写"
        )
    fields.choice("field", rules.fields)
    fields.choice("five_open_stage", rules.stages)
    fields.text("kind", need=True, most=30)
    if fields.choice("disclosure_attr", ("主动公开", "依申请公开", "不予公开")) not in {
        "",
        "主动公开",
    }:
        fields.wrong("disclosure_attr", "只有主动公开的信息才能发布，这一条不能提交")
    fields.choice("validity", rules.validities, need=False)
    formed_on = fields.day("formed_on")
    if formed_on and formed_on > now.astimezone(rules.zone).date():
        fields.wrong("formed_on", f"成文日期 {formed_on} 在将来，请改正")
    for name, most in (("short_title", 64), ("summary", 300), ("contact", 100)):
        fields.text(name, most=most)
    fields.texts("topics", most=20)
    fields.texts("related")
    fields.flag("urgent")
    _end(fields, formed_on)
    override = fields.part("privacy_override")
    if override:
        override.only({"by", "reason"})
        override.text("by", need=True, most=50)
        override.text("reason", need=True)


def _end(fields: Fields, formed_on: date | None) -> None:
    """What ends by itself does so once: when its posting period is over, or its validity."""
    posted = _posting(fields, formed_on)
    until = fields.day("valid_until", need=False)
    if until and posted:
        fields.wrong("valid_until", "有公示期（posting）的信息不能再写有效期，请删去其中一项")
    if until and formed_on and until < formed_on:
        fields.wrong("valid_until", f"有效期止于 {until}，早于成文日期 {formed_on}，请改正")


def _posting(fields: Fields, formed_on: date | None) -> bool:
    """Whether there is a posting period, right or wrong."""
    posting = fields.part("posting")
    if posting is None:
        return False
    posting.only({"from", "to", "place", "contact"})
    posting.text("place", most=100)
    posting.text("contact", most=100)
    first, last = posting.day("from"), posting.day("to")
    if first and last and last < first:
        posting.wrong("to", f"公示期止于 {last}，早于开始的 {first}，请改正")
    elif last and formed_on and last < formed_on:
        posting.wrong("to", f"公示期止于 {last}，早于成文日期 {formed_on}，请改正")
    return True


def _channels(fields: Fields, item: Mapping[str, Any], rules: Rules) -> tuple[str, ...]:
    public = tuple(name for name, is_public in rules.channels.items() if is_public)
    chosen = tuple(fields.texts("channels")) if "channels" in item else public
    if item.get("channels") == [] or not public:
        fields.wrong("channels", "没有选任何渠道，请至少选一个，或删去这个字段")
    for name in chosen:
        if name not in rules.channels:
            fields.wrong(
                "channels", f"没有名为「{shown(name)}」的渠道，现有：{'、'.join(rules.channels)}"
            )
    audience = fields.text("audience", need=True, most=60)
    exposed = [name for name in chosen if name in public]
    if audience and audience not in rules.public_audiences and exposed:
        fields.wrong(
            "audience",
            f"公开对象「{shown(audience)}」是特定群体，这条信息不能进入面向公众的渠道"
            f"（{'、'.join(exposed)}），请改选渠道或核对公开对象",
        )
    elif rules.first and exposed and rules.first not in chosen:
        fields.wrong(
            "channels",
            f"其他渠道都要引用网站上的网页，请加上「{rules.first}」，或只选不面向公众的渠道",
        )
    return chosen


def _assets(fields: Fields, rules: Rules) -> tuple[list[Asset], list[Asset]]:
    attachments = [attachment(one, rules) for one in fields.parts("attachments")]
    images = [picture(one, rules) for one in fields.parts("images")]
    found = [one for one in attachments if one], [one for one in images if one]
    names = [one.name.casefold() for some in found for one in some]
    for name in sorted({name for name in names if names.count(name) > 1}):
        fields.wrong("attachments", f"有两个文件都叫「{shown(name)}」，请用 name 另起一个名字")
    return found


def _draft(
    item: Mapping[str, Any],
    fields: Fields,
    problems: list[Problem],
    assets: tuple[list[Asset], list[Asset]],
    channels: tuple[str, ...],
    rules: Rules,
    now: datetime,
    *,
    approved: Approved,
) -> Draft:
    attachments, images = assets
    _body(item, fields, images)
    if problems:
        raise Refused(problems)
    content = content_of(item, _hashes(item, attachments, images))
    digest = content_hash(content)
    unsigned = Approval(content_hash=digest, approvers=())
    revision = to_revision(
        content, number=1, approval=unsigned, attachments=attachments, images=images
    )
    notes = (
        *find_personal(content, revision, fields),
        *_over(revision, rules, now),
        *find_unreadable(revision.document),
    )
    if approved is not Approved.NO:
        complete = approved is Approved.FULLY
        check_approval(item, fields, rules, digest, now, complete=complete)
    if problems:
        raise Refused(problems)
    if approved is Approved.FULLY:
        revision = replace(revision, approval=approval_of(item["approval"]))
    return Draft(content, revision, channels, notes)


def _over(revision: Revision, rules: Rules, now: datetime) -> Iterator[str]:
    """An old document may have to be put online; whether this one does, a person must say."""
    last = revision.posting.last if revision.posting else revision.valid_until
    if last and last < now.astimezone(rules.zone).date():
        yield f"{why_it_ends(revision)}，请确认仍要发布"


def _body(item: Mapping[str, Any], fields: Fields, images: list[Asset]) -> None:
    try:
        document = parse_body(
            item["body"], item["body_format"], frozenset(image.name for image in images)
        )
    except ContentError as error:
        fields.wrong("body", masked(str(error)))
        return
    if not document.text.strip():
        fields.wrong("body", "清理之后没有剩下文字，请检查正文")
    for name, text in (("title", item["title"]), ("body", document.text)):
        if found := _UNCLOSED.search(text):
            fields.wrong(
                name,
                f"「{shown(found.group())}」缺少右括号〕，文字可能在转换中丢失，请对照原件补全",
            )


def _hashes(
    item: Mapping[str, Any], attachments: list[Asset], images: list[Asset]
) -> dict[str, str]:
    entries = [*item.get("attachments", ()), *item.get("images", ())]
    return {
        entry["file"]: asset.sha256
        for entry, asset in zip(entries, [*attachments, *images], strict=True)
    }
