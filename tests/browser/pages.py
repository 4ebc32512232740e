"""Every page of the console, filled: by template, and where one template looks different, how."""

from collections.abc import Mapping

from publisher.cli.demo_office import PEOPLE
from tests.browser.hall import DOUBTFUL, FAILED, NOTICE, WITHDRAWN

OF_NOBODY = ""
ADMIN = "admin"
CHANNELS = ("website", "wechat", "sms", "broadcast", "noticeboard")

PAGES: Mapping[str, tuple[str, str]] = {
    "login": (OF_NOBODY, "/login"),
    "password": (ADMIN, "/password"),
    "account": (ADMIN, "/account"),
    "matrix": (ADMIN, "/"),
    "matrix of failures": (ADMIN, "/?status=failed&channel=wechat"),
    "matrix of nothing": (ADMIN, "/?q=没有这样的标题"),
    "matrix wrong": (ADMIN, "/?from=昨天"),
    "item": (ADMIN, f"/items/{NOTICE}"),
    "item failed": (ADMIN, f"/items/{FAILED}"),
    "item in doubt": (ADMIN, f"/items/{DOUBTFUL}"),
    "item withdrawn": (ADMIN, f"/items/{WITHDRAWN}"),
    "item of one who only looks": ("viewer", "/items/T14"),
    "correct": (ADMIN, f"/items/{NOTICE}/correct"),
    "withdraw": (ADMIN, f"/items/{NOTICE}/withdraw"),
    **{f"preview {name}": (ADMIN, f"/items/{NOTICE}/preview/{name}") for name in CHANNELS},
    "worklist": (ADMIN, "/worklist"),
    "worklist of one who only looks": ("viewer", "/worklist"),
    "calendar": (ADMIN, "/calendar"),
    "channels": (ADMIN, "/channels"),
    "refusals": (ADMIN, "/refusals"),
    "subscribers": (ADMIN, "/subscribers"),
    "audit": (ADMIN, "/audit"),
    "audit of nothing": (ADMIN, "/audit?q=没有这样的字"),
    "users": (ADMIN, "/users"),
    "user": (ADMIN, f"/users/{PEOPLE[1][0]}"),
    "tokens": (ADMIN, "/tokens"),
    "webhooks": (ADMIN, "/webhooks"),
    "webhook": (ADMIN, "/webhooks/1"),
    "lost": (ADMIN, "/items/没有这个编号"),
}
AFTER_A_FORM = frozenset({"go_on", "secret"})
"""Pages that nobody comes to by an address; the tests of their forms look at them."""
