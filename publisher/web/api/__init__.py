"""The API: other systems hand over items, ask how they stand, and act on them."""

from fastapi import APIRouter

from publisher.web.api import (
    amending,
    contract,
    deliveries,
    files,
    items,
    lookup,
    overview,
    renditions,
)
from publisher.web.api.refusing import HANDLERS

__all__ = ["DESCRIPTION", "HANDLERS", "router"]

DESCRIPTION = """\
贵系统用令牌（`Authorization: Bearer …`）调用；令牌由本系统管理员发放，各有权限和期限。

- 提交的就是条目的 JSON，规定与命令行 `publisher submit` 完全相同；退回时逐项说明哪里不对、怎样改。
- 审批与内容指纹绑定：先 `POST /api/v1/items/check` 取指纹，审批后写进 `approval`，再提交。
- 每个 POST 都可以带 `Idempotency-Key`：没收到回答就原样再发，不会办两次。
- 出错一律是 JSON：`sentence` 一句话，`problems` 逐项说明。
- 名单用 `next` 翻页；状态变化可以推送（见 docs/webhooks.md），也可以用 `GET /api/v1/changes` 来取。
"""

router = APIRouter()
for _room in (items, files, lookup, deliveries, amending, renditions, overview, contract):
    router.include_router(_room.router)
