"""Commands of the administrator: which other systems may come in, by their tokens."""

import getpass
from datetime import datetime, timedelta
from typing import Annotated

import typer

from publisher.access import SCOPE_WORDS
from publisher.accounts.tokens import LONGEST
from publisher.bootstrap import Publisher
from publisher.cli.app import AsJson, print_json, publisher, say
from publisher.cli.help import App
from publisher.cli.people import By
from publisher.cli.usage import whole_number
from publisher.store.tokens import Token

tokens_app = App(help="对接系统的令牌：发放、查看、吊销。")

_SCOPES = "、".join(f"{right}（{word}）" for right, word in SCOPE_WORDS.items())
_MOST = LONGEST.days


@tokens_app.command("issue")
def issue(
    name: Annotated[str, typer.Argument(metavar="系统名称", help="哪个系统用，如 市政府网站后台")],
    scope: Annotated[list[str], typer.Option("--scope", metavar="权限", help=_SCOPES)],
    days: Annotated[
        int,
        typer.Option(
            "--days",
            metavar="天数",
            parser=whole_number("--days", 1, _MOST),
            help=f"有效多少天，最多 {_MOST}",
        ),
    ] = 365,
    by: By = "",
) -> None:
    """发放令牌；只显示一次，请马上存到对方系统里。"""
    with publisher() as city:
        now = city.clock()
        issued = city.accounts.tokens.issue(
            name,
            scopes=scope,
            expires_at=now + timedelta(days=days),
            by=by or getpass.getuser(),
            now=now,
        )
    say(f"已发放：{_told(city, issued.token)}")
    say(f"令牌：{issued.bearer}")
    say("只显示这一次；请马上存到对方系统里，不要用微信、邮件转发。")


@tokens_app.command("list")
def list_tokens(as_json: AsJson = False) -> None:
    """列出全部令牌：权限、到期时间、最近一次使用；不含令牌本身。"""
    with publisher() as city:
        found, now = city.accounts.tokens.all(), city.clock()
    if as_json:
        print_json([_token_json(token, now) for token in found])
        return
    for token in found:
        say(f"　　{_told(city, token)}{_since(city, token, now)}")
    if not found:
        say("还没有发放过令牌")


@tokens_app.command("revoke")
def revoke(
    token: Annotated[
        int,
        typer.Argument(
            metavar="编号",
            parser=whole_number("编号", 1, 2**31 - 1),
            help="令牌的编号，见 publisher tokens list",
        ),
    ],
    by: By = "",
) -> None:
    """吊销令牌：马上失效，不能恢复。"""
    with publisher() as city:
        revoked = city.accounts.tokens.revoke(token, by=by or getpass.getuser(), now=city.clock())
    say(f"已吊销：{_told(city, revoked)}")


def register(app: typer.Typer) -> None:
    app.add_typer(tokens_app, name="tokens")


def _told(city: Publisher, token: Token) -> str:
    words = "、".join(word for right, word in SCOPE_WORDS.items() if right in token.scopes)
    until = _day(city, token.expires_at)
    return f"{token.id} 号　{token.name}　{words}　有效到 {until}"


def _since(city: Publisher, token: Token, now: datetime) -> str:
    """What has become of it."""
    used = f"最近使用 {_day(city, token.used_at)}" if token.used_at else "没有用过"
    if token.revoked_at:
        return f"　{used}　{_day(city, token.revoked_at)} 由 {token.revoked_by} 吊销"
    return f"　{used}" + ("" if token.lasts(now) else "　已到期")


def _day(city: Publisher, at: datetime) -> str:
    return at.astimezone(city.house.timezone).strftime("%Y-%m-%d %H:%M")


def _token_json(token: Token, now: datetime) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "lasts": token.lasts(now),
        "created_at": token.created_at.isoformat(),
        "created_by": token.created_by,
        "expires_at": token.expires_at.isoformat(),
        "used_at": token.used_at.isoformat() if token.used_at else None,
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
        "revoked_by": token.revoked_by,
    }
