"""Users: administrators let people in, change what they are, and let them out."""

import gc
from datetime import timedelta

import requests

from publisher.web.office.secret import Waiting
from tests.support.console import (
    OURS,
    THEIRS,
    Console,
    field,
    secret_in,
    secret_page,
    text_of,
)

NEW = {"login": "zhangmin", "name": "张敏", "role": "editor", "department": OURS}


def add(office: Console, **changes: str) -> requests.Response:
    return office.enter("administrator").post("/users/add", NEW | changes)


def test_a_new_user_gets_a_password_that_is_shown_once(office: Console) -> None:
    office.city.submit("A-1")
    boss = office.enter("administrator")
    page = secret_page(boss, add(office))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    password = secret_in(page)
    assert password not in page.url
    listed = text_of(boss.get("/users"))
    assert "张敏 zhangmin 部门编辑 辛集市人民政府办公室 ☐ 还没有改临时密码" in listed
    assert "没有「" not in listed + text_of(page), "it is a department with items"
    for address in ("/users", "/users/zhangmin", "/audit"):
        assert password not in boss.get(address).text
    visit = office.visit()
    entered = visit.post("/login", {"login": "zhangmin", "password": password, "next": "/"})
    assert entered.status_code == 303
    assert visit.get("/").headers["location"] == "/password", "before anything else"


def test_reloading_makes_nothing_anew_and_only_for_a_while_and_its_maker(office: Console) -> None:
    boss, other = office.enter("administrator"), office.enter("administrator", "second")
    address = add(office).headers["location"]
    shown = {secret_in(boss.get(address)) for _ in range(3)}
    assert len(shown) == 1
    assert len(office.audited("user_added")) == 3, "two of them are administrators"
    strange = other.get(address)
    assert strange.status_code == 404
    assert "已经显示过，不能再看" in text_of(strange)
    office.city.clock.advance(seconds=119)
    assert boss.get(address).status_code == 200
    office.city.clock.advance(seconds=1)
    late = boss.get(address)
    assert late.status_code == 404
    assert "临时密码请在「用户」里重设" in text_of(late)
    assert not shown & set(late.text.split())


def test_a_secret_that_is_over_is_not_kept_in_memory(office: Console) -> None:
    boss = office.enter("administrator")
    mine = secret_in(secret_page(boss, add(office)))
    office.city.clock.advance(minutes=2)
    assert boss.get("/secret/nothing").status_code == 404
    kept = [one for one in gc.get_objects() if isinstance(one, Waiting)]
    assert mine not in [one.secret.secret for one in kept]


def test_a_temporary_password_ends(office: Console) -> None:
    boss = office.enter("administrator")
    page = secret_page(boss, add(office))
    until = f"{office.city.clock() + timedelta(days=7):%Y-%m-%d}"
    assert f"{until} " in text_of(page)
    for address in ("/users", "/users/zhangmin"):
        assert f"{until} " in text_of(boss.get(address))
    office.city.clock.advance(days=7)
    form = {"login": "zhangmin", "password": secret_in(page), "next": "/"}
    late = office.visit().post("/login", form)
    assert late.status_code == 403
    assert "临时密码已过期，请找管理员重设一个新的" in text_of(late)
    boss = office.enter("administrator", "second")
    for address in ("/users", "/users/zhangmin"):
        assert "临时密码已过期" in text_of(boss.get(address))
    again = secret_in(secret_page(boss, boss.post("/users/zhangmin/password")))
    assert office.visit().post("/login", form | {"password": again}).status_code == 303


def test_a_department_without_items_is_asked_about(office: Console) -> None:
    office.city.submit("A-1")
    boss, doubt = office.enter("administrator"), f"没有「{THEIRS}」这个部门的信息条目，请核对写法"
    assert doubt in text_of(secret_page(boss, add(office, department=THEIRS)))
    by_sign_on = add(office, login="liqiang", department=THEIRS, no_password="1")
    assert by_sign_on.headers["location"] == "/users/liqiang?done=added"
    for address in ("/users", "/users/zhangmin", by_sign_on.headers["location"]):
        assert doubt in text_of(boss.get(address))
    boss.post("/users/zhangmin/change", NEW)
    assert doubt not in text_of(boss.get("/users/zhangmin"))


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(office: Console) -> None:
    for changes, wrong in (
        ({"login": "张敏"}, "login"),
        ({"login": "administrator"}, "login"),
        ({"name": ""}, "name"),
        ({"role": "king"}, "role"),
        ({"department": ""}, "department"),
        ({"role": "viewer"}, "department"),
    ):
        page = add(office, **changes)
        assert page.status_code == 422, changes
        assert field(page, wrong)["wrong"], changes
        typed = NEW | changes
        for name in ("login", "name", "department"):
            assert field(page, name)["value"] == typed[name]
        if typed["role"] == "editor":
            assert '<option value="editor" selected>' in page.text
    assert [one.login for one in office.city.publisher.accounts.people.all()] == ["administrator"]


def test_a_change_holds_at_once(office: Console) -> None:
    boss, clerk = office.enter("administrator"), office.enter("operator")
    assert clerk.get("/subscribers").status_code == 200
    form = {"name": "新名字", "role": "viewer", "department": ""}
    done = boss.post("/users/operator/change", form)
    assert (done.status_code, done.headers["location"]) == (303, "/users/operator?done=changed")
    assert clerk.get("/subscribers").status_code == 403
    assert "新名字（operator）" in text_of(boss.get("/users/operator"))

    bad = boss.post("/users/operator/change", form | {"name": "王" * 31})
    assert bad.status_code == 422
    assert field(bad, "name")["value"] == "王" * 31
    assert "最多 30 个字" in field(bad, "name")["wrong"]


def test_the_last_administrator_stays(office: Console) -> None:
    boss = office.enter("administrator")
    stopped = boss.post("/users/administrator/stop")
    changed = boss.post("/users/administrator/change", {"name": "甲", "role": "viewer"})
    for page in (stopped, changed):
        assert page.status_code == 422
        assert "最后一个管理员" in page.text
    assert field(changed, "role")["wrong"]
    assert boss.get("/users").status_code == 200


def test_who_is_stopped_is_out_and_comes_back_with_a_new_password(office: Console) -> None:
    boss, clerk = office.enter("administrator"), office.enter("operator")
    assert boss.post("/users/operator/stop").headers["location"].endswith("done=stopped_user")
    assert clerk.get("/").headers["location"].startswith("/login")
    assert "已停用，不能登录" in text_of(boss.get("/users/operator"))
    assert boss.post("/users/operator/password").status_code == 422

    page = secret_page(boss, boss.post("/users/operator/resume"))
    form = {"login": "operator", "password": secret_in(page), "next": "/"}
    assert office.visit().post("/login", form).status_code == 303
    assert boss.post("/users/operator/resume").status_code == 422, "and not twice"


def test_a_new_temporary_password_ends_what_the_old_one_began(office: Console) -> None:
    boss, clerk = office.enter("administrator"), office.enter("operator")
    first = secret_in(secret_page(boss, boss.post("/users/operator/password")))
    second = secret_in(secret_page(boss, boss.post("/users/operator/password")))
    assert first != second
    assert clerk.get("/").headers["location"].startswith("/login")
    form = {"login": "operator", "next": "/"}
    assert office.visit().post("/login", form | {"password": first}).status_code == 403
    assert office.visit().post("/login", form | {"password": second}).status_code == 303


def test_ones_own_password_is_not_reset(office: Console) -> None:
    boss = office.enter("administrator")
    page = boss.post("/users/Administrator/password")
    assert page.status_code == 422
    assert "自己的密码请在「修改密码」里改" in text_of(page)
    assert boss.get("/").status_code == 200


def test_sessions_are_ended_one_by_one_or_all(office: Console) -> None:
    boss, clerk = office.enter("administrator"), office.enter("operator")
    digest = field(boss.get("/users/operator"), "session")["value"]
    stranger = boss.post("/users/administrator/end", {"session": digest})
    assert stranger.status_code == 422, "it is not one of this user"
    assert clerk.get("/").status_code == 200
    done = boss.post("/users/operator/end", {"session": digest})
    assert done.headers["location"] == "/users/operator?done=ended"
    assert clerk.get("/").status_code == 303
    assert "现在没有登录" in text_of(boss.get("/users/operator"))

    boss.post("/users/administrator/end")
    assert boss.get("/").status_code == 303, "all of them"


def test_a_user_whom_nobody_knows_is_not_found(office: Console) -> None:
    boss = office.enter("administrator")
    assert boss.get("/users/nobody").status_code == 404
    assert boss.post("/users/nobody/stop").status_code == 404
    assert boss.post("/users/nobody/end").status_code == 404
    assert "没有登录名为" in boss.get("/users/nobody").text
