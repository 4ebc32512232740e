"""A running worker does not know that the settings have changed; a new city has a site at once."""

from pathlib import Path

import pytest

from config.settings import ConfigError, Settings
from publisher.model import Status
from tests.support.shelf_city import SITE, shelf_city


def test_a_worker_with_other_pages_than_the_last_rebuild_puts_nothing_out(tmp_path: Path) -> None:
    """It would write pages that no list leads to, and leave those that stand as they are."""
    folder = tmp_path / "city"
    with shelf_city(folder, per_page=2) as running:
        running.publish_each("A-1", "A-2", "A-3")
        with shelf_city(folder, per_page=3) as later:
            later.rebuild()
            before = later.files()
            running.city.publisher.amendments.withdraw(
                "A-1", why="不宜公开", by="李办", now=running.clock()
            )
            running.city.flush(SITE)
            assert running.city.status("A-1", SITE) is Status.QUEUED
            delivery = running.city.publisher.store.standing.delivery("A-1", SITE)
            assert delivery
            assert "每页 3 条，设置是每页 2 条" in delivery.reason
            assert "重新启动 publisher work" in delivery.reason
            assert later.files() == before
            later.clock.now = running.clock.now
            later.clock.advance(hours=1)
            later.city.flush(SITE)
            assert later.city.status("A-1", SITE) is Status.DELIVERED


def test_a_city_without_items_has_a_site_after_a_rebuild(tmp_path: Path) -> None:
    with shelf_city(tmp_path / "city") as city:
        assert city.rebuild().many == 0
        names = set(city.files())
        assert {"index.html", "404.html", "subscribe.html", "catalogue/index.html"} <= names
        assert "list/field/安全生产/index.html" in names
        assert "还没有公开的信息" in city.read("index.html")


def test_a_channel_taken_out_needs_no_secrets(tmp_path: Path) -> None:
    example = Path("config/publisher.example.toml").read_text("utf-8")
    taken_out = example.replace('title = "微信"', 'title = "微信"\nenabled = false').replace(
        'title = "短信"', 'title = "短信"\nenabled = false'
    )
    file = tmp_path / "publisher.toml"
    for key in ("PUBLISHER_PHONE_KEY", "PUBLISHER_PHONE_INDEX_KEY"):
        taken_out = taken_out.replace(f'{{ env = "{key}" }}', '"a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5"')
    file.write_text(taken_out)
    settings = Settings.load(file)
    assert not settings.channels["wechat"].enabled
    file.write_text(taken_out.replace("enabled = false", "", 1))
    with pytest.raises(ConfigError, match="WECHAT_APP_SECRET"):
        Settings.load(file)


def test_who_explains_a_withdrawn_document_says_so(tmp_path: Path) -> None:
    with shelf_city(tmp_path / "city") as city:
        city.publish_each("A-1")
        city.publish("A-2", title="一问一答", kind="政策解读", related=["A-1"])
        assert "政策解读" in city.text("A-1")
        city.withdraw("A-1", "已被上级废止")
        assert "［已撤回］关于A-1的通知" in city.text("A-2")
        assert "一问一答" not in city.text("A-1")
        assert "关于A-1的通知" not in city.read("catalogue/index.html")


def test_what_is_not_valid_is_marked_in_lists_and_said_above(tmp_path: Path) -> None:
    with shelf_city(tmp_path / "city") as city:
        city.publish("A-1", title="关于A-1的通知", validity="废止")
        assert '<span class="mark">废止</span>' in city.read("catalogue/index.html")
        assert "本文件已废止" in city.text("A-1")
