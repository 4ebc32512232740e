"""Looking up: lists by pages, one item whole, what went out, what has changed."""

import io
import json
from hashlib import sha256
from zipfile import ZipFile

from tests.simulators.server import Fault
from tests.support.cms import Cms
from tests.support.postbox import PostboxSimulator
from tests.support.townhall import FINANCE, SAFETY


def test_pages_follow_each_other_whatever_comes_in_between(cms: Cms) -> None:
    for number in range(7):
        cms.submit(f"A-{number}")
        cms.city.clock.advance(seconds=1)
    seen, after = [], ""
    for _ in range(4):
        page = cms.get("/items", params={"most": 2, "after": after}).json()
        seen += [one["item"] for one in page["items"]]
        cms.submit(f"B-{len(seen)}")
        after = page["next"]
    assert seen == [f"A-{number}" for number in reversed(range(7))]
    assert after is None


def test_items_are_found_by_what_they_are(cms: Cms, box: PostboxSimulator) -> None:
    cms.submit("A-1", department=FINANCE, title="预算公开")
    box.plan(Fault.CODE, "letters", code="422")
    cms.city.flush("post")
    cms.city.clock.advance(days=1)
    cms.submit("A-2", department=SAFETY, field="安全生产", five_open_stage="结果")

    def found(**query: str) -> list[str]:
        return [one["item"] for one in cms.get("/items", params=query).json()["items"]]

    assert found() == ["A-2", "A-1"]
    assert found(q="预算") == ["A-1"]
    assert found(q="预算", department=SAFETY) == []
    assert found(department=FINANCE) == ["A-1"]
    assert found(field="安全生产") == ["A-2"]
    assert found(stage="结果") == ["A-2"]
    assert found(status="failed") == ["A-1"]
    assert found(status="failed", channel="board") == []
    assert found(status="person") == ["A-1"]
    assert found(**{"from": "2026-11-24"}) == ["A-2"]
    assert found(to="2026-11-23") == ["A-1"]


def test_one_item_is_told_whole(cms: Cms) -> None:
    approved = json.loads(cms.approved())
    cms.submit()
    found = cms.get("/items/A-1").json()
    assert found["department"] == "辛集市人民政府办公室"
    assert found["five_open_stage"] == "执行"
    assert found["doc_number"] == "辛政办字〔2018〕1号"
    assert found["state"] == "publishing"
    (version,) = found["versions"]
    assert version["content_hash"] == approved["approval"]["content_hash"]
    assert [one["name"] for one in version["approval"]["approvers"]] == ["张敏", "李强", "王芳"]
    assert version["received_by"] == "系统：市政府网站后台"


def test_deliveries_have_their_history(cms: Cms, box: PostboxSimulator) -> None:
    cms.submit()
    box.plan(Fault.CODE, "letters", code="422")
    cms.city.flush("post")
    delivery = cms.delivery("post")
    assert (delivery["status"], delivery["attempts"]) == ("failed", 1)
    assert [(one["kind"], one["by"], one["outcome"]) for one in delivery["history"]] == [
        ("send", "worker", "failed")
    ]


def test_what_went_out_can_be_fetched_byte_by_byte(cms: Cms, box: PostboxSimulator) -> None:
    cms.submit()
    assert cms.get("/items/A-1/renditions").json() == {"item": "A-1", "renditions": []}
    cms.city.flush("post")
    (rendition,) = cms.get("/items/A-1/renditions").json()["renditions"]
    (file,) = rendition["files"]
    bytes_of = cms.get(file["href"].removeprefix("/api/v1"))
    assert bytes_of.headers["Content-Type"] == "application/octet-stream"
    assert bytes_of.headers["Content-Disposition"] == "attachment; filename*=UTF-8''letter.txt"
    assert bytes_of.content.decode() == box.letters[0]["text"]
    assert sha256(bytes_of.content).hexdigest() == file["sha256"]
    cms.submit("A-2")
    of_another = file["href"].removeprefix("/api/v1").replace("A-1", "A-2")
    assert cms.get(of_another).status_code == 404


def test_exposure_empties_as_it_is_withdrawn(cms: Cms) -> None:
    cms.submit()
    assert cms.get("/items/A-1/exposure").json() == {"item": "A-1", "exposed": []}
    cms.city.flush("post", "board")
    exposed = cms.get("/items/A-1/exposure").json()["exposed"]
    assert {(one["channel"], one["seen"]) for one in exposed} == {
        ("post", "seen"),
        ("board", "maybe"),
    }


def test_evidence_is_one_zip_and_is_written_down(cms: Cms) -> None:
    cms.submit()
    cms.city.flush("post")
    asked = cms.call("HEAD", "/items/A-1/evidence.zip")
    assert (asked.status_code, asked.content) == (200, b"")
    taken = cms.get("/items/A-1/evidence.zip")
    assert asked.headers["Content-Disposition"] == taken.headers["Content-Disposition"]
    assert taken.headers["Content-Type"] == "application/zip"
    with ZipFile(io.BytesIO(taken.content)) as package:
        assert package.testzip() is None
        assert package.namelist()
    with cms.city.publisher.store.database.read() as connection:
        actors = connection.exec_driver_sql(
            "SELECT actor FROM audit WHERE act = 'evidence_taken'"
        ).scalars()
        assert list(actors) == ["系统：市政府网站后台"]


def test_the_work_list_says_what_to_do(cms: Cms, box: PostboxSimulator) -> None:
    for number in range(3):
        cms.submit(f"A-{number}")
        cms.city.clock.advance(minutes=1)
    box.plan(Fault.LATE_ERROR, "letters", times=3)
    cms.city.flush("post")
    first = cms.get("/worklist?most=2").json()
    rest = cms.get("/worklist", params={"most": 2, "after": first["next"]}).json()
    matters = first["matters"] + rest["matters"]
    assert first["total"] == 3
    assert [one["item"] for one in matters] == ["A-0", "A-1", "A-2"]
    assert rest["next"] is None
    assert {one["status"] for one in matters} == {"unknown"}
    assert matters[0]["next_step"].startswith("请到渠道后台核实")
    assert not matters[0]["overdue"]
    cms.city.clock.advance(days=20)
    assert cms.get("/worklist").json()["matters"][0]["overdue"]


def test_channels_tell_how_they_do(cms: Cms) -> None:
    cms.submit()
    cms.city.flush("post")
    cms.city.publisher.staff.pause("board", by="张敏", why="换玻璃", now=cms.city.clock())
    post, board, digest = cms.get("/channels").json()["channels"]
    assert (post["name"], post["title"], post["paused"]) == ("post", "邮箱", None)
    assert post["last_success"]["item"] == "A-1"
    assert post["tries"] == {"delivered": 1}
    assert (board["paused"]["by"], board["paused"]["why"]) == ("张敏", "换玻璃")
    assert digest["waiting"] == {"queued": 1}


def test_changes_are_fetched_each_once(cms: Cms) -> None:
    cms.submit()
    cms.city.flush("post")
    seen, after, more = [], 0, True
    while more:
        page = cms.get(f"/changes?after={after}&most=2").json()
        seen += page["changes"]
        after, more = page["next"], page["more"]
    assert [(one["channel"], one["was"], one["status"]) for one in seen] == [
        ("post", None, "queued"),
        ("board", None, "queued"),
        ("digest", None, "queued"),
        ("post", "queued", "sending"),
        ("post", "sending", "delivered"),
    ]
    assert cms.get(f"/changes?after={after}").json() == {
        "changes": [],
        "next": after,
        "more": False,
    }
