"""Coming in: by password, by single sign-on; and what keeps others out."""

from datetime import timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from publisher.accounts import AccountError, Busy, Limits, Passwords, Throttled
from publisher.accounts.passwords import HASHER, room
from publisher.store.office_tables import logins, sessions, users
from tests.support.accounts import ADDRESS, OTHER, PASSWORD, CountingHasher, Office, at_once

WRONG = "登录名或密码不对"


def test_the_right_password_opens_and_nothing_secret_is_kept(office: Office) -> None:
    office.add()
    entered = office.enter(" ZhangMin ")
    assert office.who(entered) == entered.person
    assert (entered.person.login, entered.person.must_change) == ("zhangmin", True)
    assert entered.cookie not in repr(entered)
    with office.city.publisher.store.database.read() as connection:
        kept = [connection.execute(select(one)).all() for one in (users, sessions, logins)]
    assert PASSWORD not in str(kept)
    assert entered.cookie not in str(kept)
    assert office.audited()[-1] == ("login", "张敏（zhangmin）", "用密码登录")


def test_who_does_not_exist_or_is_stopped_is_told_the_same_for_the_same_work(
    office: Office,
) -> None:
    office.add()
    office.add("liqiang")
    office.stop("liqiang")
    office.add("sso-only", password=None)
    told, work = set(), set()
    for login, password in (
        ("zhangmin", "a wrong password"),
        ("nobody", PASSWORD),
        ("liqiang", PASSWORD),
        ("liqiang", "a wrong password"),
        ("sso-only", PASSWORD),
        ("sso-only", ""),
        ("not a login name", PASSWORD),
        ("\x00\ud800", "\x00\ud800"),
        ("x" * 100_000, "y" * 100_000),
    ):
        before = office.hasher.count
        with pytest.raises(AccountError, match=WRONG) as refused:
            office.enter(login, password)
        told.add((str(refused.value), refused.value.field))
        work.add(office.hasher.count - before)
    assert len(told) == 1
    assert work == {1}


def test_a_temporary_password_is_good_for_a_week(office: Office) -> None:
    office.add()
    office.clock.advance(days=7, seconds=-1)
    entered = office.enter()
    office.clock.advance(seconds=1)
    with pytest.raises(AccountError, match=WRONG):
        office.enter(password="wrong")
    before = office.hasher.count
    with pytest.raises(AccountError, match="临时密码已过期，请找管理员重设") as refused:
        office.enter()
    assert refused.value.field == "password"
    assert office.hasher.count == before + 1, "it is told to nobody who does not know it"
    detail = "张敏（zhangmin）：临时密码已过期"
    assert office.audited()[-1] == ("login_refused", "（未登录）", detail)
    with pytest.raises(AccountError, match="临时密码已过期"):
        office.choose(entered, PASSWORD, OTHER)
    for _ in range(2):
        with pytest.raises(AccountError, match="临时密码已过期"):
            office.enter()
    with pytest.raises(Throttled):
        office.enter()


def test_ones_own_password_lasts(office: Office) -> None:
    office.add()
    office.choose(office.enter(), PASSWORD, OTHER)
    office.clock.advance(days=400)
    assert office.enter(password=OTHER)
    office.accounts.people.set_password("zhangmin", PASSWORD, by="李办", now=office.clock())
    assert office.enter(), "the week begins with each new one"


def test_what_nobody_fits_costs_what_a_real_hash_costs() -> None:
    nobodys = Passwords()._nobodys
    assert not HASHER.check_needs_rehash(nobodys), "the same parameters"
    assert len(nobodys) == len(Passwords().hash(PASSWORD))
    assert nobodys.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_what_was_typed_into_the_wrong_field_is_not_kept(office: Office) -> None:
    for typed in ("mein-geheimnis-1", "Mein Geheimnis 1!"):
        with pytest.raises(AccountError):
            office.enter(typed, "")
    with office.city.publisher.store.database.read() as connection:
        tried = connection.execute(select(logins)).all()
    assert len(tried) == 2
    assert "eheimnis" not in str([*tried, *office.audited()])
    assert office.audited()[-1] == ("login_refused", "（未登录）", "没有这个登录名")


def test_after_five_failures_not_even_the_right_password_is_looked_at(office: Office) -> None:
    office.add()
    for at in range(5):
        with pytest.raises(AccountError, match=WRONG):
            office.enter(password="wrong", address=f"192.0.2.{at}")
        office.clock.advance(minutes=1)
    before = office.hasher.count
    with pytest.raises(Throttled, match="请 10 分钟后再试") as barred:
        office.enter(address="198.51.100.1")
    assert barred.value.until == office.clock() + timedelta(minutes=10)
    assert office.hasher.count == before
    office.clock.now = barred.value.until - timedelta(seconds=1)
    with pytest.raises(Throttled, match="请 1 分钟后再试"):
        office.enter()
    office.clock.now = barred.value.until
    assert office.who(office.enter())


def test_a_new_temporary_password_lets_in_whom_too_many_wrong_ones_had_barred(
    office: Office,
) -> None:
    office.add()
    for at in range(5):
        with pytest.raises(AccountError, match=WRONG):
            office.enter(password="wrong", address=f"192.0.2.{at}")
    office.clock.advance(minutes=1)
    with pytest.raises(Throttled):
        office.enter()
    new, now = "four plain words anew", office.clock()
    office.accounts.people.set_password("zhangmin", new, by="王芳", now=now)
    assert office.who(office.enter(password=new))


def test_who_does_not_exist_is_throttled_like_anybody(office: Office) -> None:
    for _ in range(5):
        with pytest.raises(AccountError, match=WRONG):
            office.enter("nobody")
    with pytest.raises(Throttled):
        office.enter("NOBODY")


def test_one_address_may_not_try_many_accounts_and_others_still_come_in(office: Office) -> None:
    office.add()
    for at in range(20):
        with pytest.raises(AccountError, match=WRONG):
            office.enter(f"login{at}", address=f"2001:db8::{at:x}")
    with pytest.raises(Throttled):
        office.enter(address="2001:db8::ffff:1")
    assert office.who(office.enter(address="2001:db8:0:1::1"))
    assert office.acts().count("login_throttled") == 1


def test_success_forgives_the_account_but_not_the_address(office: Office) -> None:
    office.add()
    for _ in range(4):
        for _ in range(4):
            with pytest.raises(AccountError, match=WRONG):
                office.enter(password="wrong")
        office.enter()
    for _ in range(4):
        with pytest.raises(AccountError, match=WRONG):
            office.enter(password="wrong")
    with pytest.raises(Throttled):
        office.enter()


def test_who_is_turned_away_fills_neither_the_audit_nor_the_table(office: Office) -> None:
    for _ in range(30):
        with pytest.raises(AccountError):
            office.enter("nobody")
    assert office.acts() == ["login_refused"] * 5 + ["login_throttled"]
    office.clock.advance(minutes=15)
    with pytest.raises(AccountError, match=WRONG):
        office.enter("nobody")
    with office.city.publisher.store.database.read() as connection:
        assert len(connection.execute(select(logins)).all()) == 1


def test_twenty_tries_at_the_same_moment_are_no_more_than_the_limit(office: Office) -> None:
    office.add()
    outcomes = at_once(20, lambda at: office.enter(password="wrong", address=f"192.0.2.{at}"))
    kinds = {type(one) for one in outcomes}
    assert AccountError in kinds
    assert kinds <= {AccountError, Throttled, Busy}
    assert sum(type(one) is AccountError for one in outcomes) == 5
    assert office.hasher.count == 1 + 5, "the new account's, and five tries"
    assert office.hasher.most_at_work <= 2


def test_a_flood_has_two_hashes_at_once_and_is_sent_away_beyond_some(office: Office) -> None:
    hasher = CountingHasher(time_cost=500)
    accounts = office.with_hasher(hasher, Limits(per_account=1000, per_address=1000))
    outcomes = at_once(
        40,
        lambda at: accounts.entrance.login(
            f"login{at}", "wrong", address=ADDRESS, now=office.clock()
        ),
    )
    assert hasher.most_at_work == 2
    assert {type(one) for one in outcomes} == {AccountError, Busy}
    with room():
        """Everybody has left it again."""
    assert hasher.at_work == 0


def test_a_weak_hash_is_made_again_when_its_person_comes_in(office: Office) -> None:
    office.add()
    stronger = office.with_hasher(CountingHasher(time_cost=2))
    stronger.entrance.login("zhangmin", PASSWORD, address=ADDRESS, now=office.clock())
    kept = stronger.people.find("zhangmin").password
    assert ",t=2," in kept
    stronger.entrance.login("zhangmin", PASSWORD, address=ADDRESS, now=office.clock())
    assert stronger.people.find("zhangmin").password == kept, "once is enough"


def test_full_width_letters_are_the_same_password(office: Office) -> None:
    office.add()
    assert office.enter(password=PASSWORD.replace("42", "４２"))


def test_single_sign_on_lets_in_whom_we_know(office: Office) -> None:
    office.add(password=None)
    entered = office.enter_as("ZHANGMIN")
    assert office.who(entered) == entered.person
    assert not entered.person.must_change
    assert office.audited()[-1] == ("login", "张敏（zhangmin）", "单点登录")


def test_single_sign_on_lets_in_nobody_else(office: Office) -> None:
    office.add()
    office.stop()
    for login in ("zhangmin", "nobody", ""):
        with pytest.raises(AccountError, match="请找管理员") as refused:
            office.enter_as(login)
        assert refused.value.field == "login"
    assert office.acts()[-3:] == ["login_refused"] * 3


def test_single_sign_on_that_sends_mobile_numbers_is_told_what_to_send(office: Office) -> None:
    with pytest.raises(AccountError, match=r"是手机号码（139\*{4}5678）.*改用工号") as refused:
        office.enter_as("13912345678")
    assert "13912345678" not in f"{refused.value}{office.audited()}"


def test_who_is_stopped_while_the_password_is_looked_at_stays_out(office: Office) -> None:
    """The hash takes its time; what has changed by its end counts."""
    office.add()

    class StopsMeanwhile(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            office.stop()
            return super().verify(hash, password)

    accounts = office.with_hasher(StopsMeanwhile(1, 64, 1))
    with pytest.raises(AccountError, match=WRONG):
        accounts.entrance.login("zhangmin", PASSWORD, address=ADDRESS, now=office.clock())
    assert accounts.sessions.lasting(office.clock()) == []
