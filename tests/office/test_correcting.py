"""A correction on the console: what it came to is told, and that somebody else was faster."""

import requests

from tests.support.city import an_item_object
from tests.support.console import Console, Visit, field, text_of
from tests.support.orders import correct

PATH = "/items/A-1/correct"


def sent(clerk: Visit, office: Console, revision: str, **changes: object) -> requests.Response:
    data = office.city.approved(an_item_object("A-1", **changes))
    form = {"why": "数字有误", "revision": revision}
    return clerk.post(PATH, data=form, files={"file": ("A-1.json", data)})


def test_what_is_to_be_known_of_a_correction_is_told_to_whoever_gave_it(office: Console) -> None:
    office.city.submit()
    clerk = office.enter("operator")
    revision = field(clerk.get(PATH), "revision")["value"]
    done = sent(clerk, office, revision, title="改正后的标题", related=["NEVER-1"])
    assert done.status_code == 303
    for _ in range(2):
        page = text_of(clerk.get(done.headers["location"]))
        assert "更正已下达。" in page
        assert "相关条目：还没有收到编号为「NEVER-1」的信息条目" in page
    other = office.enter("viewer").get(done.headers["location"])
    assert other.status_code == 200
    assert "NEVER-1" not in other.text
    office.city.clock.advance(minutes=10)
    assert "NEVER-1" not in clerk.get(done.headers["location"]).text


def test_who_has_not_seen_the_newest_text_is_told_so_and_may_go_on(office: Console) -> None:
    office.city.submit()
    clerk = office.enter("operator")
    revision = field(clerk.get(PATH), "revision")["value"]
    correct(office.city, title="别人改正的标题")
    broken = clerk.post(PATH, data={"revision": revision}, files={"file": ("A-1.json", b"{}")})
    revision = field(broken, "revision")["value"]
    late = sent(clerk, office, revision, title="改正后的标题")
    assert late.status_code == 422
    assert "刚才又有更正，您打开时看到的已不是最新版本" in text_of(late)
    assert "别人改正的标题" in late.text
    assert len(office.audited("corrected")) == 1
    form = {name: field(late, name)["value"] for name in ("revision", "why", "file_kept")}
    assert clerk.post(PATH, data=form).status_code == 303
    assert "改正后的标题" in clerk.get("/items/A-1").text
