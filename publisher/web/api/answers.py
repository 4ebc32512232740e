"""Answers about items and deliveries, as the contract names them."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from publisher.model import Action, Status
from publisher.orders import Seen
from publisher.report import STATE_WORDS

Moment = Annotated[
    str,
    Field(
        json_schema_extra={"format": "date-time"},
        examples=["2026-11-23T01:30:00+00:00"],
    ),
]
State = StrEnum("State", {name: name for name in STATE_WORDS})  # type: ignore[misc]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256，十六进制")]
Reason = Annotated[
    Literal["", "content", "permission", "quota", "address", "provider", "internal"],
    Field(description="未发出的原因属于哪一类：内容、权限、额度、号码、对方服务、本系统"),
]


class Place(BaseModel):
    """条目在本系统里的位置。"""

    item: str = Field(description="信息条目编号", examples=["XJ-2026-0117"])
    number: str = Field(description="索引号", examples=["130181/2026-00001"])
    url: str = Field(
        description="网站上的网址（发布以后才打得开）",
        examples=["http://example/2026/00001.html"],
    )


class Submitted(Place):
    """已收下。"""

    outcome: Literal["accepted", "known"] = Field(
        description="accepted：新收下；known：以前已收下，内容相同，不再重复"
    )
    href: str = Field(description="在本接口里的地址", examples=["/api/v1/items/XJ-2026-0117"])
    notes: list[str] = Field(description="提示：疑似个人信息、渠道会改动或省略什么")


class Checked(BaseModel):
    """检查的结果；什么都没有留下。"""

    item: str
    known: Literal["new", "same", "changed", "withdrawn"] = Field(
        description="这个编号：没有收过；收过相同的内容；收过别的内容（应走更正）；已撤回"
    )
    content_hash: Hash = Field(description="内容指纹：审批记录里要写的就是它")
    missing_roles: list[str] = Field(description="还缺哪几道审批", examples=[["终审"]])
    channels: list[str] = Field(description="将发往哪些渠道")
    notes: list[str] = Field(description="提示：疑似个人信息、渠道会改动或省略什么")


class Ordered(BaseModel):
    """更正或撤回已下达，及其在各渠道的结果。"""

    item: str
    ordered: list[str] = Field(description="有事要办的渠道")
    stopped: list[str] = Field(description="原来待发、现已停发的渠道")
    beyond: list[str] = Field(description="发过这一条、但已不在配置里的渠道，要人工处理")
    paused: list[str] = Field(description="有事要办、但正暂停的渠道")
    notes: list[str] = Field(default=[], description="提示")


class Order(BaseModel):
    """一张发布单。"""

    action: Action
    minor: bool
    reason: str
    ordered_by: str
    created_at: Moment


class Delivery(BaseModel):
    """一个条目按一张发布单发往一个渠道。"""

    channel: str
    action: Action
    status: Status
    due_at: Moment
    deadline_at: Moment | None
    attempts: int = Field(description="试过几次；重发结果不明的投递时要写")
    reference: str = Field(description="渠道给的编号")
    url: str = Field(description="在渠道上的网址")
    reason: str
    reason_class: Reason
    updated_at: Moment
    replaced_by: Action | None = Field(description="送达后又被哪一种发布单代替")


class Line(BaseModel):
    """投递经过的一行：一次尝试，或一份回执。"""

    at: Moment
    kind: str = Field(description="render、send、check、settle、verify、order、staff 或 receipt")
    by: str = Field(description="谁；worker 表示程序")
    outcome: str = Field(description="结果：投递的状态；人工给的回执为 confirmed 或 evidence")
    reason: str
    reference: str = Field(description="网址、编号，或证明文件的名字")
    sha256: str = Field(description="证明文件的 SHA-256；没有则为空")


class Followed(Delivery):
    """一个投递，和它的全部经过。"""

    id: int = Field(description="投递的编号")
    history: list[Line] = Field(description="尝试和回执，从早到晚")


class Deliveries(BaseModel):
    item: str
    deliveries: list[Followed]


class Item(Place):
    """一个条目，在各渠道的状态。"""

    title: str
    state: State
    department: str
    field: str
    five_open_stage: str
    doc_number: str
    created_at: Moment
    first_published_at: Moment | None
    orders: list[Order]
    deliveries: list[Delivery]


class Items(BaseModel):
    items: list[Item]
    next: str | None = Field(description="下一页：作为 after 再查；null 表示没有了")


class Approver(BaseModel):
    name: str
    role: str
    at: Moment


class Approval(BaseModel):
    content_hash: Hash
    approvers: list[Approver]


class Version(BaseModel):
    """条目的一个版本，和它的审批。"""

    number: int
    title: str
    content_hash: Hash
    approval: Approval
    received_at: Moment
    received_by: str


class WholeItem(Item):
    versions: list[Version] = Field(description="全部版本，新的在前")


class Exposed(BaseModel):
    """还看得到、听得到的一处。"""

    channel: str
    seen: Seen
    since: Moment
    where: str
    people: int = Field(description="收到的人数；不是发给个人的渠道为 0")
    recall: Status | None = Field(description="撤回办到哪一步；没有撤回为 null")


class Exposure(BaseModel):
    item: str
    exposed: list[Exposed] = Field(description="空表示哪里都看不到、听不到了")
