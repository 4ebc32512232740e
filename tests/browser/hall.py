"""The office as staff have it: a city with the demo's five channels, its console, its people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext

from publisher.cli.demo_office import open_office
from publisher.model import Status
from publisher.submit import Outcome
from publisher.web.office.app import office_app
from publisher.web.server import Server
from publisher.web.site import site_app
from tests.simulators.server import Fault
from tests.simulators.wechat import WeChatSimulator
from tests.simulators.yunmas import YunMasSimulator
from tests.support.city import City
from tests.support.demo_city import demo_city, demo_item

NOTICE = "XJ-2018-ZBZ-001"
FAILED, WITHDRAWN, DOUBTFUL = "B-1", "B-2", "B-3"
OUT_EVERYWHERE = ("seed-notice", "T01", "T05", "T06", "T08", "T09", "T14")
SENT_BACK = ("T03", "T15")
LONG = "辛集市人民政府办公室关于转发市应急管理局等部门安全生产专项整治三年行动方案的通知" * 5
NOT_LISTED = "40164"
"""The code with which WeChat refuses a machine that it does not know."""
FINANCE, SAFETY = "辛集市财政局", "辛集市应急管理局"


class Hall:
    """Everything that a person at the console meets. `url` is the console's, `site` the public's
    website.
    """

    def __init__(
        self,
        city: City,
        wechat: WeChatSimulator,
        sms: YunMasSimulator,
        folder: Path,
        url: str,
        site: str,
    ) -> None:
        self.city = city
        self.wechat = wechat
        self.sms = sms
        self.url = url
        self.site = site
        self.password = (folder / "given" / "console_password").read_text().strip()
        self._items = 0

    def enter(self, context: BrowserContext, login: str) -> None:
        """Let this browser in as somebody, as the form does."""
        entered = self.city.publisher.accounts.entrance.login(
            login, self.password, address="127.0.0.1", agent="chromium", now=self.city.clock()
        )
        context.add_cookies([{"name": "publisher", "value": entered.cookie, "url": self.url}])

    def delivery(self, item_id: str, channel: str) -> int:
        found = self.city.publisher.store.standing.delivery(item_id, channel)
        assert found
        return found.id

    def end_sessions(self, login: str) -> None:
        self.city.publisher.accounts.sessions.end_all(login, by="测试", now=self.city.clock())

    def submit(self, *channels: str, **changes: Any) -> str:
        """An item of its own for one test, with a title that no other has; its id."""
        self._items += 1
        item_id = f"B-{self._items}"
        facts: dict[str, Any] = {"title": f"第{self._items}号测试通告", "kind": "通知公告"}
        answer = self.city.submit(item_id, channels=list(channels), **(facts | changes))
        assert answer.outcome is Outcome.ACCEPTED, answer
        return item_id

    def title(self, item_id: str) -> str:
        return self.city.publisher.store.standing.items(item_id)[0].title

    def go_through(self) -> None:
        """All that is on its way arrives."""
        self.city.flush()
        self.finish()
        self.city.flush()

    def finish(self) -> None:
        """Both platforms have done what they took; it is time to ask them."""
        self.wechat.finish()
        self.sms.finish()
        self.city.clock.advance(minutes=1)

    def resend(self, item_id: str, channel: str) -> None:
        """As somebody at another desk."""
        self.city.publisher.staff.resend(
            item_id, channel, by="李办", why="已排除", not_out=True, now=self.city.clock()
        )

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """A worker beside the console, as `publisher work` is one."""
        runner = self.city.publisher.local_runner(["website", "wechat", "sms"])
        runner.start()
        try:
            yield
        finally:
            assert runner.stop(10)

    def refused(self, **changes: Any) -> str:
        """An item that is on the site and that WeChat has refused."""
        self.city.flush()  # what others have left is not to meet this fault
        item_id = self.submit("website", "wechat", **changes)
        self.wechat.plan(Fault.CODE, "draft/add", code=NOT_LISTED)
        self.city.flush("website", "wechat")
        assert self.city.status(item_id, "wechat") is Status.FAILED
        return item_id

    def in_doubt(self, fault: Fault, **changes: Any) -> str:
        """An item of which nobody knows whether the messages have gone out."""
        self.city.flush()
        item_id = self.submit("website", "sms", **changes)
        self.sms.plan(fault, "submit")
        self.city.flush("website", "sms")
        assert self.city.status(item_id, "sms") is Status.UNKNOWN
        return item_id

    def awaited(self, channel: str, **changes: Any) -> str:
        """An item that somebody has to read on air, or to post."""
        item_id = self.submit("website", channel, **changes)
        self.city.flush("website", channel)
        assert self.city.status(item_id, channel) is Status.AWAITING
        return item_id


@contextmanager
def open_hall(folder: Path) -> Iterator[Hall]:
    """A hall in which most of what can happen has happened."""
    with (
        WeChatSimulator() as wechat,
        YunMasSimulator() as sms,
        demo_city(folder, wechat, sms) as city,
    ):
        open_office(city.publisher, folder / "given")
        app, close = office_app(city.publisher)
        with Server(app) as server, Server(site_app(folder / "output", None)) as site:
            hall = Hall(city, wechat, sms, folder, server.url, site.url)
            try:
                _fill(hall)
                yield hall
            finally:
                close()


def _fill(hall: Hall) -> None:
    city, publisher = hall.city, hall.city.publisher
    for name in OUT_EVERYWHERE:
        city.submit_bytes(demo_item(name))
    for name in SENT_BACK:
        city.submit_bytes(demo_item(name))
    hall.go_through()
    city.clock.advance(days=3)  # what waits for a person is late by now
    assert hall.refused(title=LONG, short_title="专项整治三年行动方案") == FAILED
    assert hall.submit("website", "sms", field="公共文化服务") == WITHDRAWN
    hall.go_through()
    now = city.clock()
    publisher.amendments.withdraw(WITHDRAWN, why="数据有误" * 40, by="李办", now=now)
    hall.go_through()
    publisher.staff.confirm(
        NOTICE, "noticeboard", by="张贴", note="9时已贴" * 30, evidence=("贴.txt", b"1"), now=now
    )
    publisher.accounts.tokens.issue(
        "内容管理系统",
        scopes=["submit", "see"],
        expires_at=now + timedelta(days=90),
        by="王芳",
        now=now,
    )
    assert hall.in_doubt(Fault.DROP) == DOUBTFUL
    publisher.webhooks.add("市数据局", f"{hall.wechat.url}/heard", by="王芳")
