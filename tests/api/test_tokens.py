"""Who may ask what: every address against every token."""

import pytest
import requests

from publisher.access import SCOPE_WORDS, Right
from tests.support.cms import Cms, a_token

ANY = None
ADDRESSES: dict[tuple[str, str], Right | None] = {
    ("POST", "/items"): Right.SUBMIT,
    ("POST", "/items/check"): Right.SUBMIT,
    ("POST", "/files"): Right.SUBMIT,
    ("GET", "/items"): Right.SEE,
    ("GET", "/items/{item_id}"): Right.SEE,
    ("GET", "/items/{item_id}/deliveries"): Right.SEE,
    ("GET", "/items/{item_id}/exposure"): Right.SEE,
    ("GET", "/items/{item_id}/renditions"): Right.SEE,
    ("GET", "/items/{item_id}/renditions/{key}/{position}"): Right.SEE,
    ("GET", "/items/{item_id}/evidence.zip"): Right.EVIDENCE,
    ("GET", "/worklist"): Right.SEE,
    ("GET", "/channels"): Right.SEE,
    ("GET", "/changes"): Right.SEE,
    ("POST", "/items/{item_id}/deliveries/{channel}/resend"): Right.ACT,
    ("POST", "/items/{item_id}/deliveries/{channel}/confirmation"): Right.ACT,
    ("POST", "/items/{item_id}/correction"): Right.AMEND,
    ("POST", "/items/{item_id}/withdrawal"): Right.AMEND,
    ("GET", "/openapi.json"): ANY,
}
"""Every address of the API with the scope that it wants."""


def test_the_table_has_every_address(shared: Cms) -> None:
    paths = shared.get("/openapi.json").json()["paths"]
    told = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in paths.items()
        for method in methods
    }
    assert told == set(ADDRESSES)


@pytest.mark.parametrize(("method", "path"), list(ADDRESSES))
def test_without_a_token_nothing_is_told(shared: Cms, method: str, path: str) -> None:
    answer = requests.request(method, f"{shared.root}/api/v1{_filled(path)}", timeout=20)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["sentence"] == "请求没有带令牌，应有 Authorization: Bearer …"


@pytest.mark.parametrize(("method", "path"), list(ADDRESSES))
def test_a_token_does_what_its_scope_is_for(shared: Cms, method: str, path: str) -> None:
    wanted = ADDRESSES[method, path]
    for scope in SCOPE_WORDS:
        by_token = shared.with_token(_token(shared, scope))
        code = by_token.call(method, _filled(path)).status_code
        assert (code == 403) == (wanted is not None and scope is not wanted), (scope, code)
        assert code != 401


def test_what_a_token_lacks_is_named(shared: Cms) -> None:
    seeing = shared.with_token(_token(shared, Right.SEE))
    refused = seeing.submit()
    assert refused.status_code == 403
    assert refused.json()["sentence"] == "这个令牌没有「提交信息和附件」的权限"


def test_an_expired_token_opens_nothing(cms: Cms) -> None:
    old = cms.with_token(a_token(cms.city, "see", days=1))
    assert old.get("/items").status_code == 200
    cms.city.clock.advance(days=1)
    refused = old.get("/items")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert refused.json()["sentence"] == "令牌不对、已到期或已作废"


def test_a_revoked_token_opens_nothing_from_the_next_request_on(cms: Cms) -> None:
    tokens = cms.city.publisher.accounts.tokens
    (mine,) = tokens.all()
    assert cms.get("/items").status_code == 200
    tokens.revoke(mine.id, by="测试", now=cms.city.clock())
    assert cms.get("/items").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Bearer ",
        "Bearer xjp_forged",
        "Bearer {0}x",
        "Basic {0}",
        "{0}",
        "Bearer {0} {0}",
        "Bearer \xff\xfe",
    ],
)
def test_a_forged_token_opens_nothing(shared: Cms, header: str) -> None:
    given = header.format(shared.bearer).encode("latin-1")
    answer = requests.get(
        f"{shared.root}/api/v1/items", headers={"Authorization": given}, timeout=20
    )
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_nobody_reads_a_body_before_the_token(shared: Cms) -> None:
    answer = requests.post(
        f"{shared.root}/api/v1/items",
        data=b"not even json",
        headers={"Content-Type": "text/plain", "Idempotency-Key": "a b"},
        timeout=20,
    )
    assert answer.status_code == 401


def test_only_health_is_open_to_all(shared: Cms) -> None:
    assert requests.get(f"{shared.root}/healthz", timeout=20).status_code == 200
    assert requests.get(f"{shared.root}/readyz", timeout=20).status_code == 200
    assert requests.get(f"{shared.root}/metrics", timeout=20).status_code == 401
    assert requests.get(f"{shared.root}/openapi.json", timeout=20).status_code == 404
    assert requests.get(f"{shared.root}/docs", timeout=20).status_code == 404


def test_the_log_has_no_token(shared: Cms, capsys: pytest.CaptureFixture[str]) -> None:
    shared.get(f"/items?q={shared.bearer}")
    said = capsys.readouterr()
    assert shared.bearer not in said.out + said.err


def _filled(path: str) -> str:
    return (
        path.replace("{item_id}", "A-1")
        .replace("{channel}", "post")
        .replace("{key}", "k")
        .replace("{position}", "0")
    )


def _token(cms: Cms, scope: Right) -> str:
    return a_token(cms.city, scope, name=f"只有 {scope}")
