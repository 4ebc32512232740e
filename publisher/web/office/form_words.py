"""What our forms and their fields are called, for a person who is to send one on.

A form or a field that has no name here is none that anybody could look at, and is not sent on.
"""

import re
from collections.abc import Iterator, Mapping

from publisher.access import ROLE_WORDS, SCOPE_WORDS, Person
from publisher.bootstrap import Publisher
from publisher.report import ACTION_WORDS

_FORMS = (
    ("/account/end", "结束自己的一处登录"),
    ("/items/{}/resend", "重发 {}"),
    ("/items/{}/confirm", "确认送达 {}"),
    ("/items/{}/correct", "更正 {}"),
    ("/items/{}/withdraw", "撤回 {}"),
    ("/channels/pause", "暂停渠道"),
    ("/channels/resume", "恢复渠道，把等着的都发出"),
    ("/channels/trial", "试发给测试接收人"),
    ("/subscribers/import", "导入订户"),
    ("/subscribers/stop", "给一个号码停发"),
    ("/subscribers/look", "查看一个号码"),
    ("/users/add", "添加用户"),
    ("/users/{}/change", "修改用户 {}"),
    ("/users/{}/stop", "停用用户 {}"),
    ("/users/{}/resume", "恢复用户 {}"),
    ("/users/{}/password", "给用户 {} 设新的临时密码"),
    ("/users/{}/end", "结束用户 {} 的登录"),
    ("/tokens/issue", "发一个令牌"),
    ("/tokens/revoke", "作废令牌"),
    ("/webhooks/add", "添加推送"),
    ("/webhooks/{}/change", "修改第 {} 号推送"),
    ("/webhooks/{}/stop", "停用第 {} 号推送"),
    ("/webhooks/{}/resume", "恢复第 {} 号推送"),
    ("/webhooks/{}/again", "马上重试第 {} 号推送"),
    ("/webhooks/{}/test", "试发第 {} 号推送"),
    ("/webhooks/{}/delete", "删去第 {} 号推送"),
)
_SHAPES = [(re.compile(path.replace("{}", "([^/]+)")), words) for path, words in _FORMS]
_TICKS: Mapping[str, str] = {
    "minor": "小更正：只改网页和订阅源，不另行通知",
    "not_out": "已到渠道上核实，确未发出",
    "no_password": "没有密码，只能用单点登录",
    "sure": "确定，不能恢复",
    "again": "文件里停发过的人，都是本人又来订阅的",
    **{scope: f"令牌权限：{word}" for scope, word in SCOPE_WORDS.items()},
}
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "action": {str(action): words for action, words in ACTION_WORDS.items()},
    "role": {str(role): words for role, words in ROLE_WORDS.items()},
}
KEPT = "_kept"
"""At the end of the name of a field that stands for a file which we have already."""
FIELDS: Mapping[str, str] = {
    "channel": "渠道",
    "action": "办理的是",
    "delivery": "投递编号",
    "judged": "当时已发次数",
    "revision": "所改的版本",
    "why": "原因",
    "time": "时间",
    "place": "地点或频道、版面",
    "note": "情况",
    "item": "信息条目编号",
    "number": "手机号",
    "login": "登录名",
    "name": "名称",
    "role": "角色",
    "department": "部门",
    "session": "哪一处登录",
    "token": "令牌编号",
    "days": "有效天数",
    "url": "接收网址",
    f"evidence{KEPT}": "照片、播出单等证明",
    f"file{KEPT}": "更正后的信息条目文件",
    **_TICKS,
}


def form_title(path: str) -> str:
    """What is done by the form that is posted to this address; "" where it is none of these."""
    for shape, words in _SHAPES:
        if found := shape.fullmatch(path):
            return words.format(*found.groups())
    return ""


def said_of(city: Publisher, person: Person, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every field that would be sent, as people read it."""
    for name, value in words.items():
        yield FIELDS[name], _said(city, person, name, value) if value else "（没有填）"


def _said(city: Publisher, person: Person, name: str, value: str) -> str:
    if name in _TICKS:
        return "是"
    if name.endswith(KEPT):
        kept = city.store.uploads.get(value, person.id)
        return f"{kept[0]}（已保留，不用再选）" if kept else "文件已不在，请重新选择"
    if name == "channel":
        return city.routes[value].title if value in city.routes else value
    return _CHOICES.get(name, {}).get(value, value)
