"""Telling a WebSub hub that feeds have changed, so that it can tell the readers (W3C WebSub §7)."""

from collections.abc import Iterable

import requests

from channels.website.site import Site


def tell_hub(feeds: Iterable[str], site: Site) -> str:
    """Name the addresses that have something new. "" when the hub took it, else one sentence.

    The pages are out whatever the hub says, and readers come by themselves too.
    """
    wanted = {"hub.mode": "publish", "hub.url": list(feeds)}
    times = (site.options.connect_timeout, site.options.read_timeout)
    with requests.Session() as session:
        session.trust_env = False  # the address is a setting; a proxy would be a second, hidden one
        try:
            answer = session.post(site.options.hub, wanted, timeout=times, allow_redirects=False)
        except requests.RequestException:
            return "已写入网站；没能通知订阅中心（hub），读者会晚一些收到"
    if answer.ok:
        return ""
    return f"已写入网站；订阅中心（hub）没有收下通知（HTTP {answer.status_code}），读者会晚一些收到"
