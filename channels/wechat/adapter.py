"""The channel: pure rendering in front, one guarded conversation with WeChat behind."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from channels.wechat import outcome, publishing, quota, takeback, trial
from channels.wechat.article import AUTHOR, Made, make, title_borne
from channels.wechat.body import PICTURES, Writer, named
from channels.wechat.client import MOST_CALLS, WeChat
from channels.wechat.errors import Outage, Refusal, cannot_ask, delivery_error, recall_error
from channels.wechat.preview import ARTICLE, WITHDRAWAL, pages
from channels.wechat.verify import why_lost
from publisher.channel import (
    NOTHING,
    DeliveryError,
    File,
    House,
    Pane,
    PermanentError,
    Quota,
    Recall,
    Receipt,
    Recipient,
    Rendition,
    Shelf,
)
from publisher.model import Action, Item, ReasonClass, Status, Trace

MOST = 8

T = TypeVar("T")


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    base_url: str = Field(pattern=r"^https?://[^/?#@]+$")
    """Where the interface lives, without a trailing slash."""
    app_id: str = Field(min_length=1)
    app_secret: SecretStr = Field(min_length=1)
    account: str = Field(min_length=1)
    """Name of the account as citizens see it."""
    author: str = Field(default="", max_length=AUTHOR)
    """Signs every article; empty: the department that issued the item."""
    comments: bool = False
    test_recipient: SecretStr = SecretStr("")
    """Who gets tests: a follower's openid or WeChat name; empty: none are sent."""
    connect_timeout: float = Field(default=3.05, gt=0, le=60)
    read_timeout: float = Field(default=20.0, gt=0, le=120)

    @field_validator("test_recipient")
    @classmethod
    def _one_person(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not trial.is_person(value.get_secret_value()):
            raise ValueError(
                "test_recipient 应是一位关注者的 openid（28 位）或微信号（字母开头，6 至 20 位）；"
                "不用测试发送就留空"
            )
        return value


class WeChatChannel:
    repeatable = False
    idempotent = False
    addressed = False
    recall = Recall.DELETES
    remains = takeback.REMAINS
    groupings: tuple[str, ...] = ("each", "bundle")
    most_items = MOST
    most_recipients = 0

    def __init__(self, name: str, options: Options, house: House) -> None:
        self.name = name
        self._options = options
        self._writer = Writer(house)
        timeouts = options.connect_timeout, options.read_timeout
        person = options.test_recipient.get_secret_value()
        self.trial_to = f"尾号 {person[-4:]} 的微信用户" if person else ""
        self._client = WeChat(
            options.base_url,
            options.app_id,
            options.app_secret.get_secret_value(),
            timeouts,
            person,
        )
        self.longest_call = MOST_CALLS * timedelta(seconds=sum(timeouts))

    def render(self, items: Sequence[Item], shelf: Shelf = NOTHING) -> Rendition:  # noqa: ARG002 - not a window channel
        if not 1 <= len(items) <= MOST:
            raise PermanentError(
                f"微信一次只能发布 1 至 {MOST} 篇文章，本批次有 {len(items)} 篇。"
                "请调整本渠道的归并设置（grouping）。",
                ReasonClass.INTERNAL,
                field="grouping",
            )
        shown = [item for item in items if item.action is not Action.WITHDRAW]
        made = [
            make(
                item,
                serial,
                self._writer,
                self._options.author,
                comments=self._options.comments,
            )
            for serial, item in enumerate(shown, 1)
        ]
        _refuse_too_many_pictures(made)
        return Rendition(
            (
                *(self._articles(shown, made) if shown else ()),
                *self._recall(items),
            ),
            tuple(_notes(items, shown, made)),
        )

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:  # noqa: ARG002 - not addressed
        """Take back first, then publish: run again after a crash, the first half finds it done."""
        client = self._client.begin()
        taken = _guarded(lambda: takeback.take_back(client, rendition), recall_error)
        if publishing.ARTICLES not in {file.name for file in rendition.files}:
            return taken.receipt
        receipt = _guarded(lambda: publishing.publish(client, rendition, key), delivery_error)
        if taken.by_hand:
            reason = f"{taken.words}；更正后的文章已提交发布，请看到它后再确认"
            return replace(receipt, status=Status.AWAITING, reason=reason)
        return replace(receipt, reason=taken.words)

    def check(self, receipt: Receipt) -> Receipt:
        if receipt.status is not Status.ACCEPTED:
            return receipt
        client = self._client.begin()
        return _guarded(lambda: outcome.progress(client, receipt), cannot_ask)

    def lookup(self, key: str) -> Receipt | None:
        client = self._client.begin()
        return _guarded(lambda: outcome.find(client, outcome.Covers(client), key), cannot_ask)

    def verify(self, item: Item, trace: Trace) -> str:
        client = self._client.begin()
        return _guarded(lambda: why_lost(client, item, trace), cannot_ask)

    def preview(self, items: Sequence[Item], rendition: Rendition) -> tuple[Pane, ...]:
        del items  # the pages of the rendition say all
        return pages(rendition)

    def quota(self) -> tuple[Quota, ...]:
        client = self._client.begin()
        return _guarded(lambda: quota.left(client), cannot_ask)

    def trial(self, rendition: Rendition, key: str) -> Receipt:
        person = self._options.test_recipient.get_secret_value()
        if not person:
            raise PermanentError(
                "还没有测试接收人：请在微信渠道的设置里填写 test_recipient",
                ReasonClass.INTERNAL,
                field="test_recipient",
            )
        if publishing.ARTICLES not in {file.name for file in rendition.files}:
            raise PermanentError("撤回只删除文章，没有可以试发的内容", ReasonClass.INTERNAL)
        client = self._client.begin()
        return _guarded(lambda: trial.show(client, rendition, key, person), delivery_error)

    def _recall(self, items: Sequence[Item]) -> tuple[File, ...]:
        """What is to be deleted: the plan, and for a withdrawal a page that tells it to staff."""
        planned = takeback.plan(items)
        if not planned:
            return ()
        file = File(takeback.PLAN, "application/json", planned)
        withdrawn = [item for item in items if item.action is Action.WITHDRAW]
        if not withdrawn:
            return (file,)
        page = self._writer.withdrawal(self._options.account, withdrawn, takeback.REMAINS)
        return File(WITHDRAWAL, "text/html; charset=utf-8", page.encode()), file

    def _articles(self, items: Sequence[Item], made: Sequence[Made]) -> tuple[File, ...]:
        shown: list[dict[str, object]] = [
            {**one.payload, "day": self._writer.day(item.changed_at)}
            for item, one in zip(items, made, strict=True)
        ]
        preview = self._writer.preview(self._options.account, shown)
        payload = {"articles": [one.payload for one in made]}
        pictures = [one.cover for one in made]
        pictures += [picture for one in made for picture in one.pictures]
        return (
            File(ARTICLE, "text/html; charset=utf-8", preview.encode()),
            File(
                publishing.ARTICLES,
                "application/json",
                json.dumps(payload, ensure_ascii=False, indent=1).encode(),
            ),
            *(File(name, picture.media_type, picture.data) for name, picture in pictures),
        )


def _refuse_too_many_pictures(made: Sequence[Made]) -> None:
    many = sum(len(one.pictures) for one in made)
    if many > PICTURES:
        raise PermanentError(
            f"本批次的正文共有 {many} 张图片，微信一次最多发 {PICTURES} 张。",
            field="images",
        )


def _notes(items: Sequence[Item], shown: Sequence[Item], made: Sequence[Made]) -> Iterator[str]:
    for item, one in zip(shown, made, strict=True):
        for note in one.notes:
            yield f"“{item.revision.title}”：{note}" if len(items) > 1 else note
    for item in items:
        if item.action is not Action.PUBLISH:
            old = dict.fromkeys(named(title_borne(one, item)) for one in item.traces)
            yield f"先删除此前发布的{'、'.join(old)}" if old else "没有此前发布的文章要删除"


def build(name: str, options: Options, house: House) -> WeChatChannel:
    return WeChatChannel(name, options, house)


def _guarded(conversation: Callable[[], T], say: Callable[[Refusal | Outage], DeliveryError]) -> T:
    """Turn a failed call into the contract's words."""
    try:
        return conversation()
    except (Refusal, Outage) as failure:
        raise say(failure) from None
