"""Which programs may come in, and what with."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from publisher.access import Right
from publisher.accounts import AccountError
from publisher.accounts.tokens import Issued
from publisher.store.office_tables import tokens
from tests.support.accounts import Office


def issue(
    office: Office, name: str = "门户", scopes: Sequence[str] = ("submit", "see"), days: float = 30
) -> Issued:
    now = office.clock()
    until = now + timedelta(days=days)
    return office.accounts.tokens.issue(name, scopes=scopes, expires_at=until, by="李办", now=now)


def test_a_token_lets_its_system_in_with_its_scopes(office: Office) -> None:
    issued = issue(office)
    system = office.accounts.tokens.open(issued.bearer, office.clock())
    assert system == issued.token.system
    assert system.scopes == {Right.SUBMIT, Right.SEE}
    assert system.actor == "系统：门户"
    assert office.audited() == [("token_issued", "李办", "门户（1 号）：提交信息和附件、查询状态")]


def test_only_its_hash_is_kept_and_a_scanner_knows_it(office: Office) -> None:
    issued = issue(office)
    assert re.fullmatch(r"xjp_[A-Za-z0-9_-]{43}[0-9a-f]{8}", issued.bearer)
    assert issued.bearer not in repr(issued)
    with office.city.publisher.store.database.read() as connection:
        kept = connection.execute(select(tokens)).all()
    assert issued.bearer[4:47] not in str([*kept, *office.audited()])


def test_a_forged_token_is_nobodys_and_costs_no_question(office: Office) -> None:
    good = issue(office).bearer
    asked: list[object] = []
    engine = office.city.publisher.store.database.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given))
    typo = good[:10] + ("a" if good[10] != "a" else "b") + good[11:]
    for forged in ("", "xjp_", typo, good.upper(), good + "\n", "\ud800" * 55, "x" * 100_000):
        assert office.accounts.tokens.open(forged, office.clock()) is None
    assert asked == []


def test_a_token_expires(office: Office) -> None:
    issued = issue(office)
    office.clock.now = issued.token.expires_at - timedelta(seconds=1)
    assert office.accounts.tokens.open(issued.bearer, office.clock())
    office.clock.now = issued.token.expires_at
    assert office.accounts.tokens.open(issued.bearer, office.clock()) is None


def test_a_revoked_token_opens_nothing_from_the_next_request_on(office: Office) -> None:
    kept = office.accounts.tokens
    one, other = issue(office), issue(office)
    revoked = kept.revoke(one.token.id, by="王芳", now=office.clock())
    assert (revoked.revoked_by, revoked.revoked_at) == ("王芳", office.clock())
    assert kept.open(one.bearer, office.clock()) is None
    assert kept.open(other.bearer, office.clock()), "the other of the same system"
    for gone in (one.token.id, 4711):
        with pytest.raises(AccountError, match=f"没有编号为 {gone} 的令牌") as refused:
            kept.revoke(gone, by="王芳", now=office.clock())
        assert refused.value.field == "token"
    assert office.audited()[-1] == ("token_revoked", "王芳", "门户（1 号）")
    assert [one.revoked_by for one in kept.all()] == ["王芳", ""]


def test_its_use_is_written_at_most_once_a_minute(office: Office) -> None:
    issued = issue(office)
    used = []
    for _ in range(12):
        assert office.accounts.tokens.open(issued.bearer, office.clock())
        used.append(office.accounts.tokens.all()[0].used_at)
        office.clock.advance(seconds=10)
    assert len(set(used)) == 2
    assert used[0]


def test_a_wrong_wish_is_named_with_the_mend(office: Office) -> None:
    for wrong, field, part in (
        ({"name": " "}, "name", "系统名称不能空着"),
        ({"name": "a\x00"}, "name", "看不见的字符"),
        ({"scopes": []}, "scopes", "请至少选一个权限：submit（提交信息和附件）"),
        ({"scopes": ["see", "manage"]}, "scopes", "没有「manage」这个权限"),
        ({"days": 0}, "expires_at", "1096 天之内"),
        ({"days": 1096.1}, "expires_at", "1096 天之内"),
    ):
        with pytest.raises(AccountError, match=part) as refused:
            issue(office, **wrong)
        assert refused.value.field == field
    assert office.accounts.tokens.all() == []
