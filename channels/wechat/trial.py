"""A test: the draft shown to one follower. It is never submitted, so the public never sees it.

WeChat does not say whether a preview outlives its draft, so the draft stays until the next test.
"""

import re

from channels.wechat import outcome
from channels.wechat.client import PAGE, WeChat
from channels.wechat.publishing import draft_of
from channels.wechat.takeback import delete_draft
from publisher.channel import Receipt, Rendition
from publisher.model import Status

_OPENID = re.compile(r"[0-9A-Za-z_-]{28}")
_NAME = re.compile(r"[A-Za-z][0-9A-Za-z_-]{5,19}")
_STEM = "trial-"
"""What the names of a test's covers begin with: no key of a batch does."""


def is_person(recipient: str) -> bool:
    """Whether it looks like an openid, or like a WeChat name (微信号)."""
    return bool(_OPENID.fullmatch(recipient) or _NAME.fullmatch(recipient))


def show(client: WeChat, rendition: Rendition, key: str, recipient: str) -> Receipt:
    """Make the draft as `publish` would, and show it to the recipient alone."""
    _tidy(client)
    draft = draft_of(client, rendition, f"{_STEM}{key}")
    client.preview(draft, {"touser" if _OPENID.fullmatch(recipient) else "towxname": recipient})
    reason = (
        "预览已发给测试接收人，请看手机；草稿箱里留有这份测试草稿，请不要发布，下次测试时自动删除"
    )
    return Receipt(Status.DELIVERED, reference=draft, reason=reason)


def _tidy(client: WeChat) -> None:
    """Remove the drafts of earlier tests, as far as their covers are among the latest."""
    covers = {one.media_id for one in client.materials(0).item if one.name.startswith(_STEM)}
    for page in range(outcome.DRAFT_PAGES if covers else 0):
        for draft in client.drafts(page * PAGE).item:
            used = {article.thumb_media_id for article in draft.content.news_item}
            if used and used <= covers:
                delete_draft(client, draft.media_id)
