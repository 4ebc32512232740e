"""The stand-in keeps WeChat's rules, so that what passes here has met them."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.channels.wechat_items import a_picture
from tests.factories import ROOT
from tests.simulators.wechat import Account, WeChatSimulator

PNG = a_picture(90, 38)


class Phone:
    """Calls the stand-in by hand, without any of our adapter."""

    def __init__(self, simulator: WeChatSimulator) -> None:
        self.simulator = simulator
        self.token = self.new_token()["access_token"]

    def new_token(self, **more: Any) -> dict[str, Any]:
        account = self.simulator.account
        wanted = {
            "grant_type": "client_credential",
            "appid": account.app_id,
            "secret": account.app_secret,
        }
        return self.call("stable_token", {**wanted, **more}, token=None)

    def call(self, path: str, body: object, token: str | None = "") -> dict[str, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return self._read(path, token, data=data)

    def upload(self, path: str, data: bytes, **query: str) -> dict[str, Any]:
        files = {"media": ("a.png", data, "image/png")}
        return self._read(path, "", files=files, query=query)

    def _read(self, path: str, token: str | None, **sent: Any) -> dict[str, Any]:
        query = dict(sent.pop("query", {}))
        if token is not None:
            query["access_token"] = token or self.token
        url = f"{self.simulator.url}/cgi-bin/{path}"
        answer = requests.post(url, params=query, timeout=3, **sent)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain")
        return dict(json.loads(answer.content))

    def article(self, **changes: Any) -> dict[str, Any]:
        media = self.upload("material/add_material", PNG, type="image")
        usual = {"title": "标题", "content": "<p>正文</p>", "thumb_media_id": media["media_id"]}
        return usual | changes

    def draft(self, **changes: Any) -> dict[str, Any]:
        return self.call("draft/add", {"articles": [self.article(**changes)]})

    def published(self, articles: int) -> dict[str, Any]:
        """What WeChat says of a publication of so many articles when it is out."""
        draft = self.call("draft/add", {"articles": [self.article() for _ in range(articles)]})
        submitted = self.call("freepublish/submit", {"media_id": draft["media_id"]})
        self.simulator.finish()
        return self.call("freepublish/get", {"publish_id": submitted["publish_id"]})


@pytest.fixture
def phone() -> Iterator[Phone]:
    with WeChatSimulator() as simulator:
        yield Phone(simulator)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "题" * 32}, 0),
        ({"title": "题" * 33}, 45003),
        ({"title": ""}, 40227),
        ({"author": "者" * 17}, 45110),
        ({"digest": "摘" * 129}, 45004),
        ({"content": ""}, 44003),
        ({"content": "文" * 19_999}, 0),
        ({"content": "文" * 20_000}, 45002),
        ({"content": '<a href="#x">上</a>'}, 45166),
        ({"content_source_url": "x"}, 41039),
        ({"thumb_media_id": "nobody"}, 40007),
        ({"need_open_comment": 1}, 88000),
        ({"pic_crop_1_1": "0_0_2_1"}, 47001),
    ],
)
def test_limits_of_a_draft(phone: Phone, changes: dict[str, Any], code: int) -> None:
    assert phone.draft(**changes).get("errcode", 0) == code


def test_number_of_articles(phone: Phone) -> None:
    articles = [phone.article()] * 9
    assert phone.call("draft/add", {"articles": articles})["errcode"] == 45008
    assert "media_id" in phone.call("draft/add", {"articles": articles[:8]})
    assert phone.call("draft/count", {})["total_count"] == 1


def test_escaped_characters_are_refused_but_a_backslash_is_not(phone: Phone) -> None:
    escaped = json.dumps({"articles": [phone.article()]}).encode()
    assert phone.call("draft/add", escaped)["errcode"] == 40033
    assert "media_id" in phone.draft(content="<p>C:\\u4e2d</p>")


def test_what_is_dropped_from_content(phone: Phone) -> None:
    own = phone.upload("media/uploadimg", PNG)["url"]
    media_id = phone.draft(
        content=f'<p id="a" class="b" onclick="c" style="color:red">文<script>x</script>'
        f'<img src="{own}"><img src="https://elsewhere.example/1.png"></p><iframe></iframe>'
    )["media_id"]
    (stored,) = phone.call("draft/get", {"media_id": media_id})["news_item"]
    assert stored["content"] == f'<p style="color:red">文<img src="{own}"></p>'
    assert requests.get(own, timeout=3).content == PNG


@pytest.mark.parametrize(
    ("data", "code"), [(b"%PDF", 40005), (b"GIF89a", 40005), (PNG + b"\0" * 1_000_000, 40009)]
)
def test_pictures(phone: Phone, data: bytes, code: int) -> None:
    assert phone.upload("media/uploadimg", data)["errcode"] == code


def test_tokens(phone: Phone) -> None:
    count = {"offset": 0, "count": 1}
    assert phone.call("draft/batchget", count, token=None)["errcode"] == 41001
    assert phone.call("draft/batchget", count, token="made-up")["errcode"] == 40001
    assert phone.new_token()["access_token"] == phone.token
    phone.simulator.advance(7_200)
    assert phone.call("draft/batchget", count)["errcode"] == 42001
    phone.token = phone.new_token()["access_token"]
    assert phone.call("draft/batchget", count)["total_count"] == 0
    forced = phone.new_token(force_refresh=True)["access_token"]
    assert forced != phone.token
    assert phone.call("draft/batchget", count)["errcode"] == 40001
    assert phone.new_token(force_refresh=True)["errcode"] == 45011


def test_twenty_forced_tokens_a_day(phone: Phone) -> None:
    for _ in range(20):
        phone.simulator.advance(31)
        assert "access_token" in phone.new_token(force_refresh=True)
    phone.simulator.advance(31)
    assert phone.new_token(force_refresh=True)["errcode"] == 45009


def test_plain_tokens_replace_each_other_only(phone: Phone) -> None:
    account = phone.simulator.account
    query = {
        "grant_type": "client_credential",
        "appid": account.app_id,
        "secret": account.app_secret,
    }
    url = f"{phone.simulator.url}/cgi-bin/token"
    first, second = (
        requests.get(url, params=query, timeout=3).json()["access_token"] for _ in range(2)
    )
    assert phone.call("draft/count", {}, token=first)["errcode"] == 40001
    assert phone.call("draft/count", {}, token=second) == {"total_count": 0}
    assert phone.call("draft/count", {}) == {"total_count": 0}


def test_publishing_uses_the_draft_up_and_can_be_undone(phone: Phone) -> None:
    media = {"media_id": phone.draft()["media_id"]}
    publish_id = phone.call("freepublish/submit", media)["publish_id"]
    assert phone.call("freepublish/submit", media)["errcode"] == 40007, "one at a time"
    asked = {"publish_id": publish_id}
    waiting = phone.call("freepublish/get", asked)
    assert (waiting["publish_status"], "article_id" in waiting) == (1, False)
    done = phone.call("freepublish/get", asked)
    article, (item,) = {"article_id": done["article_id"]}, done["article_detail"]["item"]
    assert phone.call("draft/get", media)["errcode"] == 40007
    assert phone.call("freepublish/getarticle", article)["news_item"][0]["is_deleted"] is False
    assert "正文" in requests.get(item["article_url"], timeout=3).text
    assert phone.call("freepublish/delete", article)["errcode"] == 0
    assert phone.call("freepublish/getarticle", article)["news_item"][0]["is_deleted"] is True
    assert phone.call("freepublish/get", asked)["publish_status"] == 5
    assert "已被发布者删除" in requests.get(item["article_url"], timeout=3).text
    (entry,) = phone.simulator.ledger()
    assert entry["deleted"], "it was out once; that stays in the ledger"
    assert "已删除（1）" in requests.get(phone.simulator.url, timeout=3).text


def test_one_article_of_several_can_be_deleted(phone: Phone) -> None:
    published = phone.published(3)
    article = {"article_id": published["article_id"]}
    assert phone.call("freepublish/delete", {**article, "index": 4})["errcode"] == 40097
    for _ in range(2):
        assert phone.call("freepublish/delete", {**article, "index": 2})["errcode"] == 0
    listed = phone.call("freepublish/batchget", {"offset": 0, "count": 20})["item"][0]
    for found in (phone.call("freepublish/getarticle", article), listed["content"]):
        assert [one["is_deleted"] for one in found["news_item"]] == [False, True, False]
    assert [one["deleted"] for one in phone.simulator.ledger()] == [False, True, False]
    urls = [one["article_url"] for one in published["article_detail"]["item"]]
    pages = [requests.get(url, timeout=3).text for url in urls]
    assert ["已被发布者删除" in page for page in pages] == [False, True, False]


def test_ten_deletes_a_day(phone: Phone) -> None:
    published = phone.published(1)
    article = {"article_id": published["article_id"]}
    codes = [phone.call("freepublish/delete", article)["errcode"] for _ in range(11)]
    assert codes == [0] * 10 + [45009]


def test_a_failed_publication_leaves_the_draft(phone: Phone) -> None:
    media = {"media_id": phone.draft()["media_id"]}
    publish_id = phone.call("freepublish/submit", media)["publish_id"]
    phone.simulator.finish(verdict=4)
    answer = phone.call("freepublish/get", {"publish_id": publish_id})
    assert (answer["publish_status"], answer["fail_idx"]) == (4, [1])
    assert "news_item" in phone.call("draft/get", media)


def test_account_page_lists_what_there_is(phone: Phone) -> None:
    for title in ("已经发表的", "正在发布的", "还是草稿的"):
        media = {"media_id": phone.draft(title=title)["media_id"]}
        if title != "还是草稿的":
            phone.call("freepublish/submit", media)
        if title == "已经发表的":
            phone.simulator.finish()
    page = requests.get(phone.simulator.url, timeout=3).text
    heads = ["已发表（1）", "已经发表的", "发布中（1）", "正在发布的", "草稿箱（1）", "还是草稿的"]
    assert [page.find(head) for head in heads] == sorted(page.find(head) for head in heads)
    assert page.find(heads[0]) > 0
    assert "/_sim/" not in "".join(phone.simulator.api_calls())


def start(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.simulators.wechat", *arguments],
        cwd=Path(ROOT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    return running, json.loads(running.stdout.readline())["url"]


@pytest.mark.parametrize("way", ["signal", "input"])
def test_runs_in_the_foreground_until_told(way: str) -> None:
    running, url = start("--app-secret", "other")
    with running:
        assert "辛集发布" in requests.get(url, timeout=3).text
        if way == "signal":
            running.send_signal(signal.SIGTERM)
        else:
            assert running.stdin is not None
            running.stdin.close()
        assert running.wait(5) == 0


def test_secret_is_not_in_the_accounts_repr() -> None:
    assert Account().app_secret not in repr(Account())
