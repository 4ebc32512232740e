"""Delivery receipts: the platform's and the carriers' codes in our words. Pure.

Only DELIVRD is delivered. Some codes say that the message is still on its way; every other code,
known or not, says that it did not arrive, and a later DELIVRD for the same phone overrules it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from channels.sms.answers import word
from publisher.channel import Report
from publisher.model import Status

DELIVERED = "DELIVRD"

ON_THE_WAY: Mapping[str, str] = {
    "CM:0000": "平台已受理",
    "CM:3000": "网关已接收",
    "ACCEPTD": "网络已接收",
    "ENROUTE": "途中",
}

FAILED: Mapping[str, str] = {
    **dict.fromkeys(("EXPIRED", "MK:0010", "MK:0023", "MI:0024"), "关机或不在服务区，已过期"),
    **dict.fromkeys(("UNDELIV", "MK:0005", "MK:0013", "DB:0102"), "停机或暂停服务"),
    **dict.fromkeys(
        ("MK:0000", "MK:0001", "MN:0001", "CB:0001", "CB:0053", "DB:0101", "MI:0210"), "空号"
    ),
    **dict.fromkeys(
        ("MBBLACK", "DBBLACK", "DB:0144", "TDBLACK", "BLACK", "CM:8003"), "在黑名单中，不要再发"
    ),
    "CM:8004": "已退订，不要再发",
    **dict.fromkeys(
        ("DB:0142", "IB:0008", "DB:9007", "MK:1041", "MILIMIT", "LIMIT", "BEYONDN"),
        "超过运营商限量",
    ),
    **dict.fromkeys(("MK:0115", "MK:0014", "-106", "KEYWORD"), "内容被运营商拦截"),
    **dict.fromkeys(("CM:8001", "CM:8002"), "含敏感词"),
    "CM:1004": "签名编号不存在",
    "CM:1005": "模板编号不存在",
    "CM:1006": "模板变量个数不一致",
    "CM:3007": "缺少签名编码",
    "CM:4001": "接口账号无效",
    "CM:4002": "没有开通长短信",
    "CM:4003": "请求格式不对",
    "CM:4004": "请求格式不对",
    "CM:4005": "没有路由",
    "CM:4006": "没有登记异网签名",
    "CM:4007": "账号或密码不对",
    "CM:4008": "号码数超限",
    "CM:4009": "签名编码与账号冲突",
    "CM:4010": "超过日限",
    "CM:8005": "预付费余额不足",
    "CM:8006": "平台暂时故障",
    "CM:8007": "预付费扣费失败",
    "CM:9999": "平台内部错误",
    "GW:9999": "平台请求超时",
    "REJECTD": "被网络拒绝",
    "UNKNOWN": "网络未说明原因",
    "DELETED": "被网络删除",
    "NP:1243": "携号转网号码未送达",
}

_CARRIER_INTERNAL = re.compile(r"(?:IA|IB|IC|MA|CA|DA):\w{4}")
_PHONE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")


def read(receipts: Sequence[object]) -> tuple[list[Report], int]:
    """Return the reports, and how many entries could not be read (they must not hide the rest)."""
    reports: list[Report] = []
    unreadable = 0
    for receipt in receipts:
        found = list(_reports(receipt))
        reports += found
        unreadable += not found
    return reports, unreadable


def verdict(code: str) -> tuple[Status, str]:
    """What a code means: the status, and the code followed by its Chinese meaning."""
    if code == DELIVERED:
        return Status.DELIVERED, code
    if meaning := ON_THE_WAY.get(code):
        return Status.ACCEPTED, f"{code} {meaning}"
    if _CARRIER_INTERNAL.fullmatch(code) and code not in FAILED:
        return Status.FAILED, f"{code} 运营商网络原因"
    return Status.FAILED, f"{code} {FAILED.get(code, '未收录的代码，需人工核对')}"


def _reports(receipt: object) -> Iterator[Report]:
    if not isinstance(receipt, dict):
        return
    group = receipt.get("msgGroup") or receipt.get("mgsGroup")
    code = _code(receipt)
    if not isinstance(group, str) or not code:
        return
    status, meaning = verdict(code)
    mobiles = receipt.get("mobile")
    for mobile in mobiles if isinstance(mobiles, list) else [mobiles]:
        if phone := _PHONE.fullmatch(str(mobile).strip()):
            yield Report(group, phone.group(1), status, meaning)


def _code(receipt: Mapping[str, object]) -> str:
    """`errorCode` is the phone's word, `reportStatus` the platform's; either may carry DELIVRD."""
    words = [word(receipt.get(key)) for key in ("errorCode", "reportStatus")]
    if DELIVERED in words:
        return DELIVERED
    return words[0] or words[1]
