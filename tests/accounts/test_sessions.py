"""Who is in, by the cookie of each request."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from publisher.accounts import AccountError
from publisher.accounts.marks import digest_of, new_mark
from tests.support.accounts import Office


def test_a_session_ends_after_idle_time_and_after_its_lifetime(office: Office) -> None:
    office.add()
    idle, busy = office.enter(), office.enter()
    began = office.clock()
    for _ in range(24):
        office.clock.advance(minutes=29)
        assert office.who(busy)
    assert office.who(idle) is None
    assert busy.expires_at == began + timedelta(hours=12)
    office.clock.now = busy.expires_at - timedelta(seconds=1)
    assert office.who(busy)
    office.clock.now = busy.expires_at
    assert office.who(busy) is None


def test_what_a_page_does_by_itself_keeps_nobody_in(office: Office) -> None:
    office.add()
    entered = office.enter()
    sessions = office.accounts.sessions
    for _ in range(29):
        office.clock.advance(minutes=1)
        assert sessions.open(entered.cookie, office.clock(), seen=False)
    office.clock.advance(minutes=1)
    assert sessions.open(entered.cookie, office.clock(), seen=False) is None


def test_being_seen_is_written_at_most_once_a_minute(office: Office) -> None:
    office.add()
    entered = office.enter()
    asked: list[str] = []
    event.listen(
        office.city.publisher.store.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: asked.append(statement),
    )
    for _ in range(12):
        office.clock.advance(seconds=10)
        assert office.who(entered)
    assert sum(one.startswith("UPDATE") for one in asked) == 2


def test_a_forged_cookie_is_nobodys(office: Office) -> None:
    office.add()
    office.enter()
    sessions, now = office.accounts.sessions, office.clock()
    for cookie in ("", "x", "x" * 43, "\x00" * 43, "\ud800" * 43, "x" * 100_000):
        assert sessions.open(cookie, now) is None
        assert sessions.former(cookie, now) is None
        sessions.leave(cookie, now)


def test_whose_session_it_was_is_known_when_it_is_over(office: Office) -> None:
    office.add()
    entered = [office.enter() for _ in range(3)]
    cookies = [one.cookie for one in entered]
    sessions = office.accounts.sessions
    assert sessions.former(cookies[0], office.clock()) is None, "it lasts"
    sessions.leave(cookies[0], office.clock())
    left = sessions.former(cookies[0], office.clock())
    assert left
    assert left.login == "zhangmin"
    office.clock.advance(minutes=30)
    expired = sessions.former(cookies[1], office.clock())
    assert expired == left
    office.stop()
    assert sessions.former(cookies[1], office.clock()) is None, "may not come in again"


def test_old_sessions_are_forgotten(office: Office) -> None:
    office.add()
    old = office.enter()
    office.clock.advance(days=31)
    office.enter_as()
    assert office.accounts.sessions.store.find(digest_of(old.cookie)) is None


def test_sessions_are_listed_and_ended_one_by_one(office: Office) -> None:
    office.add()
    office.add("liqiang", name="李强")
    mine, other, his = office.enter(), office.enter(), office.enter("liqiang")
    sessions, now = office.accounts.sessions, office.clock()
    assert len(sessions.lasting(now)) == 3
    found = {one.digest.hex() for one in sessions.lasting(now, "zhangmin")}
    assert found == {digest_of(one.cookie).hex() for one in (mine, other)}
    actor = mine.person.actor
    with pytest.raises(AccountError, match="已经结束"):
        sessions.end(digest_of(his.cookie).hex(), by=actor, now=now, login="zhangmin")
    assert office.who(his), "somebody else's"
    ref = digest_of(other.cookie).hex()
    sessions.end(ref, by=actor, now=now, login="zhangmin")
    assert office.who(other) is None
    assert office.who(mine)
    with pytest.raises(AccountError, match="已经结束"):
        sessions.end(ref, by=actor, now=now, login="zhangmin")
    for forged in ("", "zz", "\x00", new_mark()):
        with pytest.raises(AccountError, match="已经结束"):
            sessions.end(forged, by=actor, now=now)


def test_all_sessions_of_a_user_are_ended_at_once(office: Office) -> None:
    office.add()
    here, *elsewhere = [office.enter() for _ in range(4)]
    sessions, now = office.accounts.sessions, office.clock()
    assert sessions.end_all("zhangmin", by="李办", now=now, but=here.cookie) == 3
    assert office.who(here)
    assert {office.who(one) for one in elsewhere} == {None}
    assert office.audited()[-1] == ("session_revoked", "李办", "张敏（zhangmin）：3 个")
    assert sessions.end_all("zhangmin", by="李办", now=now) == 1
    assert sessions.end_all("zhangmin", by="李办", now=now) == 0
    assert office.who(here) is None


def test_leaving_is_in_the_audit_once(office: Office) -> None:
    office.add()
    entered = office.enter()
    for _ in range(2):
        office.accounts.sessions.leave(entered.cookie, office.clock())
    assert office.who(entered) is None
    assert office.acts() == ["user_added", "login", "logout"]


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_full_disk_keeps_nobody_from_looking(office: Office) -> None:
    office.add()
    entered = office.enter()
    issued = office.accounts.tokens.issue(
        "门户", scopes=["see"], expires_at=entered.expires_at, by="李办", now=office.clock()
    )
    with office.city.publisher.store.database.write() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$"
        )
        for table in ("sessions", "tokens"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER full_disk BEFORE UPDATE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION full_disk()"
            )
    office.clock.advance(minutes=5)
    with capture_logs() as logged:
        assert office.who(entered) == entered.person
        assert office.accounts.tokens.open(issued.bearer, office.clock())
    assert [one["event"] for one in logged] == ["session_not_seen", "token_not_seen"]
    assert entered.cookie not in str(logged)
