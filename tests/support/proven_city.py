"""A city in which one item has lived a whole life: published, confirmed, corrected, withdrawn."""

import json
from pathlib import Path

from publisher.model import Status
from tests.channels.wechat_items import a_picture
from tests.factories import BODY
from tests.simulators.server import Fault
from tests.support.city import City, an_item_object, postbox, settings_for
from tests.support.handed_over import a_pdf
from tests.support.postbox import PostboxSimulator
from tests.support.townsfolk import ANN, BEA, subscribe

BOXES = 3
PHOTO = a_picture(40, 30, "JPEG")
PHOTO_NAME = f"现场照片-{ANN}.jpg"
TABLE = a_pdf(b"a table")
ITEM = "A-1"


def a_city(folder: Path, boxes: list[PostboxSimulator]) -> City:
    """A letterbox, letters to those who asked for them, and a board where calls always fail."""
    post, letters, board = boxes
    board.plan(Fault.CODE, path="/letters", code="422", times=-1)
    city = City(
        settings_for(
            folder,
            {
                "post": postbox(post.url),
                "letters": postbox(letters.url, options={"addressed": True}),
                "board": postbox(board.url),
            },
        )
    )
    (city.publisher.rules.inbox / "表.pdf").write_bytes(TABLE)
    (city.publisher.rules.inbox / "图.png").write_bytes(a_picture(60, 40))
    return city


def an_item(title: str) -> dict[str, object]:
    return an_item_object(
        ITEM,
        title=title,
        body=f"<p>{BODY}</p><p><img src='图.png' alt='示意图'></p>",
        body_format="html",
        attachments=[{"file": "表.pdf", "title": "附件一"}],
        images=[{"file": "图.png", "alt": "示意图"}],
    )


def live(city: City) -> None:
    """The whole life, with what goes wrong in one: a failure, a refusal, a number in a note."""
    subscribe(city, ANN, BEA)
    _submit(city)
    city.flush()
    assert city.status(ITEM, "board") is Status.FAILED
    _confirm_as_of_old(city)
    city.submit(ITEM, title="另一个标题")
    city.clock.advance(minutes=5)
    mended = city.approved(an_item("关于更正后的实施方案的通知"))
    amendments = city.publisher.amendments
    amendments.correct(mended, why="附表有误", by="李强", minor=False, now=city.clock())
    city.flush()
    city.clock.advance(minutes=5)
    amendments.withdraw(ITEM, why="文件已废止", by="王芳", now=city.clock())
    city.flush()


def _submit(city: City) -> None:
    answer = city.submit_bytes(city.approved(an_item("关于印发实施方案的通知")))
    assert answer.outcome == "accepted", json.dumps([str(one) for one in answer.problems])


def _confirm_as_of_old(city: City) -> None:
    """With a number in the note: refused at the door today, but older records may have one."""
    publisher, now = city.publisher, city.clock()
    delivery = publisher.store.standing.delivery(ITEM, "board")
    assert delivery
    route = publisher.routes["board"]
    assert publisher.store.desk.confirm(
        delivery.id,
        by="张敏（zhangmin）",
        note=f"已张贴，联系人 {ANN}",
        evidence=(PHOTO_NAME, PHOTO),
        now=now,
        times=lambda status: route.times(status, now),
        addressed=route.channel.addressed,
    )
