"""What WeChat still lets the account do today, by its own count."""

from collections.abc import Mapping

from channels.wechat.client import WeChat
from channels.wechat.errors import PREVIEW, SUBMIT
from publisher.channel import Quota

COUNTED: Mapping[str, str] = {
    SUBMIT: "发布文章",
    "freepublish/delete": "删除文章",
    "freepublish/get": "查询发布进度",
    "freepublish/batchget": "查找已发布的文章",
    "freepublish/getarticle": "复查已发布的文章",
    "draft/add": "新建草稿",
    PREVIEW: "发送预览",
}
"""What the channel does, by the endpoint that counts it; the number of deletions is the smallest,
but every publication needs the first.
"""


def left(client: WeChat) -> tuple[Quota, ...]:
    return tuple(_quota(client, endpoint, title) for endpoint, title in COUNTED.items())


def _quota(client: WeChat, endpoint: str, title: str) -> Quota:
    found = client.allowance(endpoint)
    return Quota(
        title=title, used=found.used, limit=found.daily_limit, left=found.remain, resets="每天"
    )
