"""Users: administrators let people in, change what they are, and let them out."""

import re

import requests

from tests.support.console import OURS, Console, field, text_of

NEW = {"login": "zhangmin", "name": "张敏", "role": "editor", "department": OURS}


def secret_in(page: requests.Response) -> str:
    found = re.search(r'<code id="secret">([^<]+)</code>', page.text)
    assert found, page.text
    return found.group(1)


def add(office: Console, **changes: str) -> requests.Response:
    return office.enter("administrator").post("/users/add", NEW | changes)


def test_a_new_user_gets_a_password_that_is_shown_once(office: Console) -> None:
    page = add(office)
    assert page.status_code == 200
    password = secret_in(page)
    assert password not in page.url
    boss = office.enter("administrator")
    listed = boss.get("/users")
    assert "张敏 zhangmin 部门编辑 辛集市人民政府办公室 ☐ 还没有改临时密码" in text_of(listed)
    for address in ("/users", "/users/zhangmin", "/audit"):
        assert password not in boss.get(address).text
    visit = office.visit()
    entered = visit.post("/login", {"login": "zhangmin", "password": password, "next": "/"})
    assert entered.status_code == 303
    assert visit.get("/").headers["location"] == "/password", "before anything else"


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

    page = boss.post("/users/operator/resume")
    form = {"login": "operator", "password": secret_in(page), "next": "/"}
    assert office.visit().post("/login", form).status_code == 303
    assert boss.post("/users/operator/resume").status_code == 422, "and not twice"


def test_a_new_temporary_password_ends_what_the_old_one_began(office: Console) -> None:
    boss, clerk = office.enter("administrator"), office.enter("operator")
    first = secret_in(boss.post("/users/operator/password"))
    second = secret_in(boss.post("/users/operator/password"))
    assert first != second
    assert clerk.get("/").headers["location"].startswith("/login")
    form = {"login": "operator", "next": "/"}
    assert office.visit().post("/login", form | {"password": first}).status_code == 403
    assert office.visit().post("/login", form | {"password": second}).status_code == 303


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
