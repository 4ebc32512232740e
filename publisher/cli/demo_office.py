"""The demo's console: one person of each role, all with the one password that is shown."""

from pathlib import Path

from publisher.access import ROLE_WORDS, Role
from publisher.accounts import AccountError
from publisher.accounts.passwords import a_temporary_password
from publisher.bootstrap import Publisher

PEOPLE = (
    ("admin", "王芳", Role.ADMINISTRATOR, ""),
    ("operator", "赵值", Role.OPERATOR, ""),
    ("editor", "李强", Role.EDITOR, "辛集市财政局"),
    ("viewer", "张敏", Role.VIEWER, ""),
    ("auditor", "陈审", Role.AUDITOR, ""),
)


def open_office(city: Publisher, given: Path) -> list[tuple[str, str]]:
    """Give them accounts, once; what to tell the person before the screen, as title and text."""
    file = given / "console_password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(a_temporary_password())
    password = file.read_text().strip()
    for login, name, role, department in PEOPLE:
        _add(city, login, name, role, department, password)
    logins = "、".join(f"{login}（{ROLE_WORDS[role]}）" for login, _, role, _ in PEOPLE)
    return [("控制台登录名", logins), ("控制台密码", password)]


def _add(
    city: Publisher, login: str, name: str, role: Role, department: str, password: str
) -> None:
    """As an administrator and then the person itself would: the first password is temporary."""
    first = a_temporary_password()
    people, entrance = city.accounts.people, city.accounts.entrance
    try:
        user = people.add(
            login,
            name=name,
            role=role,
            department=department,
            password=first,
            by="演示",
            now=city.clock(),
        )
    except AccountError:  # has been here before
        return
    entrance.change_password(
        user.person, first, password, cookie="", address="127.0.0.1", now=city.clock()
    )
