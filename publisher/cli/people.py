"""Commands of the administrator: who of the staff may come into the console."""

import getpass
import sys
from datetime import datetime
from typing import Annotated

import typer

from publisher.access import ROLE_WORDS
from publisher.accounts.passwords import a_temporary_password
from publisher.bootstrap import Publisher
from publisher.cli.app import AsJson, print_json, publisher, say
from publisher.cli.help import App
from publisher.cli.usage import WrongUse
from publisher.store.accounts import User
from publisher.store.sessions import Session

users_app = App(help="控制台的用户：添加、修改、停用、重设密码、查看和结束登录。")

_ROLES = "、".join(f"{role}（{word}）" for role, word in ROLE_WORDS.items())

Login = Annotated[str, typer.Argument(metavar="登录名", help="登录名，如 zhangmin")]
By = Annotated[str, typer.Option("--by", metavar="姓名", help="经办人；不写则是本机用户名")]
Department = Annotated[
    str | None, typer.Option("--department", metavar="部门", help="部门编辑所在的部门")
]
Password = Annotated[
    str,
    typer.Option("--password", metavar="-", help="写 - 则运行后输入临时密码；不写则由程序生成"),
]
NoPassword = Annotated[bool, typer.Option("--no-password", help="没有密码，只能用单点登录")]


@users_app.command("add")
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", metavar="姓名", help="姓名")],
    role: Annotated[str, typer.Option("--role", metavar="角色", help=_ROLES)],
    department: Department = None,
    password: Password = "",
    no_password: NoPassword = False,
    by: By = "",
) -> None:
    """添加用户；临时密码只显示一次，第一次登录时必须改掉。"""
    with publisher() as city:
        given = _given(password, none=no_password)
        user = city.accounts.people.add(
            login,
            name=name,
            role=role,
            department=department or "",
            password=given,
            by=by or getpass.getuser(),
            now=city.clock(),
        )
        say(f"已添加：{_told(city, user)}")
        _show_doubt(city, user)
        _show_password(city, user, password, given)


@users_app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """列出全部用户。"""
    with publisher() as city:
        found = city.accounts.people.all()
        told = [_user_json(city, user) if as_json else _told(city, user) for user in found]
    if as_json:
        print_json(told)
        return
    for one in told:
        say(f"　　{one}")
    if not found:
        say("还没有用户，请用 publisher users add 添加第一个管理员")


@users_app.command("change")
def change(
    login: Login,
    name: Annotated[str | None, typer.Option("--name", metavar="姓名", help="新的姓名")] = None,
    role: Annotated[str | None, typer.Option("--role", metavar="角色", help=_ROLES)] = None,
    department: Department = None,
    by: By = "",
) -> None:
    """修改姓名、角色、部门；马上生效，不用重新登录。"""
    with publisher() as city:
        user = city.accounts.people.change(
            login,
            name=name,
            role=role,
            department=department,
            by=by or getpass.getuser(),
            now=city.clock(),
        )
        say(f"已修改：{_told(city, user)}")
        _show_doubt(city, user)


@users_app.command("stop")
def stop(login: Login, by: By = "") -> None:
    """停用：马上退出登录，不能再进来；做过的事仍有记录。"""
    with publisher() as city:
        user = city.accounts.people.stop(login, by=by or getpass.getuser(), now=city.clock())
        say(f"已停用：{_told(city, user)}")


@users_app.command("resume")
def resume(
    login: Login, password: Password = "", no_password: NoPassword = False, by: By = ""
) -> None:
    """恢复停用的用户，给一个新的临时密码。"""
    with publisher() as city:
        given = _given(password, none=no_password)
        user = city.accounts.people.resume(
            login, password=given, by=by or getpass.getuser(), now=city.clock()
        )
        say(f"已恢复：{_told(city, user)}")
        _show_password(city, user, password, given)


@users_app.command("password")
def set_password(login: Login, password: Password = "", by: By = "") -> None:
    """重设为新的临时密码；原来的登录全部退出。"""
    with publisher() as city:
        given = _given(password) or ""
        user = city.accounts.people.set_password(
            login, given, by=by or getpass.getuser(), now=city.clock()
        )
        say(f"已重设密码：{_told(city, user)}")
        _show_password(city, user, password, given)


@users_app.command("sessions")
def sessions(
    login: Annotated[str, typer.Argument(metavar="登录名", help="只看一个用户；不写则是全部")] = "",
    end: Annotated[bool, typer.Option("--end", help="结束这个用户的全部登录")] = False,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """查看谁正在登录；加 --end 结束一个用户的全部登录。"""
    if end and not login:
        raise WrongUse("--end 要写明是哪个用户：publisher users sessions 登录名 --end")
    with publisher() as city:
        known = city.accounts.people.find(login).login if login else ""
        if end:
            ended = city.accounts.sessions.end_all(
                known, by=by or getpass.getuser(), now=city.clock()
            )
            say(f"已结束 {ended} 个登录")
            return
        found = city.accounts.sessions.lasting(city.clock(), known)
    if as_json:
        print_json([_session_json(one) for one in found])
    else:
        _show_sessions(city, found)


def register(app: typer.Typer) -> None:
    app.add_typer(users_app, name="users")


def _given(word: str, *, none: bool = False) -> str | None:
    """The temporary password: made, or typed; None where there is to be none."""
    if none and word:
        raise WrongUse("--password 和 --no-password 只能写一个")
    if none:
        return None
    if not word:
        return a_temporary_password()
    if word != "-":
        raise WrongUse("--password 后面只能写 -：密码写在命令行上，别人看得到")
    if sys.stdin.isatty():
        return getpass.getpass("请输入临时密码：")
    return sys.stdin.readline().rstrip("\r\n")


def _show_password(city: Publisher, user: User, word: str, made: str | None) -> None:
    if made and not word:
        until = _at(city, city.accounts.people.temporary_until(user))
        say(f"临时密码：{made}")
        say(f"只显示这一次，{until} 前有效；请当面交给本人，第一次登录时必须改掉。")


def _show_doubt(city: Publisher, user: User) -> None:
    people = city.accounts.people
    if doubt := people.doubt(user, people.departments()):
        say(f"注意：{doubt}")


def _told(city: Publisher, user: User) -> str:
    until = city.accounts.people.temporary_until(user)
    parts = [f"{user.name}（{user.login}）", ROLE_WORDS[user.role], user.department]
    if not user.active:
        parts.append("已停用")
    elif not user.password:
        parts.append("只用单点登录")
    elif until and until <= city.clock():
        parts.append("临时密码已过期")
    elif until:
        parts.append(f"还没有改临时密码（{_at(city, until)} 前有效）")
    return "　".join(filter(None, parts))


def _user_json(city: Publisher, user: User) -> dict[str, object]:
    until = city.accounts.people.temporary_until(user)
    return {
        "login": user.login,
        "name": user.name,
        "role": user.role,
        "department": user.department,
        "active": user.active,
        "must_change": user.must_change,
        "temporary_until": until.isoformat() if until else None,
        "has_password": bool(user.password),
        "created_at": user.created_at.isoformat(),
        "created_by": user.created_by,
    }


def _session_json(one: Session) -> dict[str, object]:
    return {
        "login": one.person.login,
        "created_at": one.created_at.isoformat(),
        "seen_at": one.seen_at.isoformat(),
        "expires_at": one.expires_at.isoformat(),
        "address": one.address,
        "agent": one.agent,
    }


def _show_sessions(city: Publisher, found: list[Session]) -> None:
    for one in found:
        since, seen = (
            at.astimezone(city.house.timezone).strftime("%m-%d %H:%M")
            for at in (one.created_at, one.seen_at)
        )
        say(f"　　{one.person.actor}　{since} 登录，{seen} 还在用　{one.address}　{one.agent}")
    if not found:
        say("现在没有人登录")


def _at(city: Publisher, at: datetime | None) -> str:
    return f"{at.astimezone(city.house.timezone):%Y-%m-%d %H:%M}" if at else "—"
