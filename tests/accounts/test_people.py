"""Who has an account, and as what; one's own password."""

import pytest
from argon2 import PasswordHasher

from publisher.access import Role
from publisher.accounts import AccountError
from tests.support.accounts import OTHER, PASSWORD, Office, at_once

WRONG: tuple[tuple[dict[str, str], str, str], ...] = (
    ({"login": "a"}, "login", "2 到 64 个"),
    ({"login": "张敏"}, "login", "小写字母"),
    ({"login": "ab\x00"}, "login", "小写字母"),
    ({"login": "a" * 65}, "login", "2 到 64 个"),
    ({"login": "13912345678"}, "login", r"登录名里有手机号码（139\*{4}5678）.*如姓名拼音或工号"),
    ({"login": "zhang_13912345678@xinji"}, "login", "登录名里有手机号码"),
    ({"login": "11010519491231002X"}, "login", "登录名里有身份证号"),
    ({"login": "130181199001011235"}, "login", "登录名里有身份证号"),
    ({"name": "张敏13912345678"}, "name", "姓名里有手机号码"),
    ({"name": " "}, "name", "姓名不能空着"),
    ({"name": "张" * 31}, "name", "最多 30 个字"),
    ({"name": "张\n敏"}, "name", "看不见的字符"),
    ({"name": "张\x00敏"}, "name", "看不见的字符"),
    ({"role": "boss"}, "role", "operator（操作员）"),
    ({"role": "editor"}, "department", "请填写部门"),
    ({"role": "viewer", "department": "市财政局"}, "department", "请留空"),
    ({"role": "editor", "department": "局" * 129}, "department", "最多 128"),
    ({"password": "short"}, "password", "太短"),
    ({"by": ""}, "by", "经办人不能空着"),
    ({"by": "x" * 101}, "by", "最多 100"),
)


def test_adding_somebody_is_told_in_the_audit(office: Office) -> None:
    user = office.add(role="editor", department="市财政局")
    assert (user.role, user.department, user.active) == (Role.EDITOR, "市财政局", True)
    assert user.must_change
    assert PASSWORD not in user.password
    assert user.password not in repr(user)
    detail = "张敏（zhangmin），部门编辑（市财政局）"
    assert office.audited() == [("user_added", "李办", detail)]


def test_a_wrong_field_is_named_with_the_mend(office: Office) -> None:
    for wrong, field, part in WRONG:
        with pytest.raises(AccountError, match=part) as refused:
            office.add(**({"login": "zhangmin"} | wrong))
        assert refused.value.field == field
    assert office.audited() == []


def test_a_login_is_taken_once_even_at_the_same_moment(office: Office) -> None:
    outcomes = at_once(8, lambda _: office.add("ZhangMin"))
    assert sum(one is None for one in outcomes) == 1
    assert {str(one) for one in outcomes if one} == {"登录名「zhangmin」已经有人用了，请换一个"}


def test_a_change_holds_from_the_next_request_on(office: Office) -> None:
    office.add()
    entered = office.enter()
    office.change(role="editor", department="市财政局", name="张小敏")
    person = office.who(entered)
    assert person
    assert (person.role, person.department, person.name) == (Role.EDITOR, "市财政局", "张小敏")
    office.change(role="auditor")
    person = office.who(entered)
    assert person
    assert (person.role, person.department) == (Role.AUDITOR, "")
    told = [detail for act, _, detail in office.audited() if act == "user_changed"]
    assert told == [
        "张小敏（zhangmin）：姓名由张敏改为张小敏，角色由操作员改为部门编辑，部门由无改为市财政局",
        "张小敏（zhangmin）：角色由部门编辑改为审计员，部门由市财政局改为无",
    ]


def test_an_editor_cannot_be_left_without_a_department(office: Office) -> None:
    office.add(role="editor", department="市财政局")
    office.change(name="张小敏")
    for department in ("", " "):
        with pytest.raises(AccountError, match="请填写部门"):
            office.change(department=department)
    assert office.change(department="市教育局").department == "市教育局"


def test_changing_nothing_or_nobody_is_refused(office: Office) -> None:
    office.add()
    with pytest.raises(AccountError, match="没有要改的内容"):
        office.change(name="张敏")
    with pytest.raises(AccountError, match="没有登录名为「nobody」的用户") as refused:
        office.change("nobody", name="张敏")
    assert refused.value.field == "login"
    assert office.acts() == ["user_added"]


def test_who_is_stopped_is_out_at_once_and_comes_back_with_a_new_password(office: Office) -> None:
    office.add()
    entered = [office.enter(), office.enter()]
    office.stop()
    assert [office.who(one) for one in entered] == [None, None]
    with pytest.raises(AccountError):
        office.enter()
    with pytest.raises(AccountError, match="已经是停用的"):
        office.stop()
    people, now = office.accounts.people, office.clock()
    with pytest.raises(AccountError, match="请先恢复"):
        people.set_password("zhangmin", OTHER, by="李办", now=now)
    assert people.resume("zhangmin", password=OTHER, by="李办", now=now).must_change
    with pytest.raises(AccountError, match="没有停用"):
        people.resume("zhangmin", password=OTHER, by="李办", now=now)
    assert [office.who(one) for one in entered] == [None, None], "old sessions stay ended"
    assert office.enter(password=OTHER)
    acts = ["user_added", "login", "login", "user_stopped", "login_refused", "user_resumed"]
    assert office.acts() == [*acts, "login"]


def test_the_last_administrator_stays(office: Office) -> None:
    office.add("root", "administrator")
    office.add("second", "administrator")
    office.stop("second")
    with pytest.raises(AccountError, match="最后一个管理员"):
        office.stop("root")
    with pytest.raises(AccountError, match="最后一个管理员") as refused:
        office.change("root", role="operator")
    assert refused.value.field == "role"
    assert office.change("root", name="李主任").role is Role.ADMINISTRATOR
    assert office.change("second", role="viewer").role is Role.VIEWER, "stopped, so not the last"


def test_two_administrators_cannot_stop_each_other_at_the_same_moment(office: Office) -> None:
    logins = ("root", "second")
    for login in logins:
        office.add(login, "administrator")
    outcomes = at_once(2, lambda at: office.stop(logins[at]))
    assert sorted(str(one)[:4] for one in outcomes) in (["None", "「roo"], ["None", "「sec"])
    assert sum(user.active for user in office.accounts.people.all()) == 1


def test_a_password_from_the_administrator_ends_sessions_and_must_be_changed(
    office: Office,
) -> None:
    office.add()
    entered = office.enter()
    office.accounts.people.set_password("zhangmin", OTHER, by="李办", now=office.clock())
    assert office.who(entered) is None
    with pytest.raises(AccountError):
        office.enter()
    assert office.enter(password=OTHER).person.must_change
    assert "password_set" in office.acts()
    assert OTHER not in str(office.audited())


def test_ones_own_password_ends_all_sessions_but_this_one(office: Office) -> None:
    office.add()
    here, elsewhere = office.enter(), office.enter()
    assert not office.choose(here, PASSWORD, OTHER).must_change
    person = office.who(here)
    assert person
    assert not person.must_change
    assert office.who(elsewhere) is None
    assert office.audited()[-1] == ("password_changed", "张敏（zhangmin）", "张敏（zhangmin）")
    with pytest.raises(AccountError):
        office.enter()
    assert office.enter(password=OTHER)


def test_who_has_found_an_open_browser_cannot_guess_the_password(office: Office) -> None:
    office.add()
    entered = office.enter()
    for _ in range(5):
        with pytest.raises(AccountError, match="原密码不对") as refused:
            office.choose(entered, "a guess", OTHER)
        assert refused.value.field == "current"
    before = office.hasher.count
    with pytest.raises(AccountError, match="失败的次数太多"):
        office.choose(entered, PASSWORD, OTHER)
    assert office.hasher.count == before


def test_the_new_password_must_be_new_and_good(office: Office) -> None:
    office.add()
    entered = office.enter()
    for new, part in ((PASSWORD, "一样"), ("short", "太短"), ("zhangmin-zhangmin", "登录名")):
        with pytest.raises(AccountError, match=part) as refused:
            office.choose(entered, PASSWORD, new)
        assert refused.value.field == "password"
    assert office.who(entered)
    assert office.enter()


def test_a_password_that_was_reset_meanwhile_stays_reset(office: Office) -> None:
    """Choosing one takes its time; what the administrator did by its end counts."""
    office.add()
    entered = office.enter()
    people, now = office.accounts.people, office.clock()

    class ResetsMeanwhile(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            people.set_password("zhangmin", OTHER, by="李办", now=now)
            return super().hash(password, salt=salt)

    office.accounts = office.with_hasher(ResetsMeanwhile(1, 64, 1))
    with pytest.raises(AccountError, match="刚才已被改过") as refused:
        office.choose(entered, PASSWORD, "my own new 44 password")
    assert refused.value.field == "current"
    assert office.who(entered) is None
    assert office.enter(password=OTHER)
