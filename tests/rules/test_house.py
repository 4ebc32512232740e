"""Is the house in order? What no linter sees."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import channels
import config
from config.settings import ChannelRules, ConfigError, Settings
from publisher.bootstrap import build
from publisher.cli import app
from publisher.model import Status
from publisher.report import SIGNS, STATUS_WORDS
from tests.factories import ROOT

PYTHON = sorted(
    path
    for folder in ("publisher", "channels", "config", "tests", "scripts", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations/versions" not in path.as_posix()
)
SECRETS = {
    "PUBLISHER_PHONE_KEY": "ZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWU=",
    "PUBLISHER_PHONE_INDEX_KEY": "aWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWk=",
    "WECHAT_APP_SECRET": "a-secret",
    "YUNMAS_SECRET_KEY": "another-secret",
}


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300, "when a file grows, the room is wrong"


def test_the_state_machine_page_is_the_code() -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "state_machine.py"), "--check"], check=True
    )


def test_every_status_has_a_sign_and_words() -> None:
    assert set(SIGNS) == set(STATUS_WORDS) == set(Status)


def example(folder: Path) -> Path:
    """A copy of the example configuration in another folder, as an installation has it."""
    (folder / "config").mkdir()
    copy = folder / "config" / "publisher.toml"
    copy.write_bytes((ROOT / "config" / "publisher.example.toml").read_bytes())
    return copy


def test_the_example_configuration_works(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    city = build(Settings.load(example(tmp_path)))
    assert list(city.routes) == ["website", "wechat", "sms", "broadcast", "noticeboard"]
    city.close()


def test_the_example_configuration_shows_every_setting() -> None:
    text = (ROOT / "config" / "publisher.example.toml").read_text("utf-8")
    shown = tomllib.loads(re.sub(r"^# (?=\w+ = )", "", text, flags=re.MULTILINE))
    for section, info in Settings.model_fields.items():
        assert section in shown, f"[{section}] is missing"
        fields = getattr(info.annotation, "model_fields", {})
        for name in fields:
            assert name in shown[section], f"{section}.{name} is missing"


def test_the_example_configuration_shows_every_setting_of_the_channels() -> None:
    text = (ROOT / "config" / "publisher.example.toml").read_text("utf-8")
    stanzas = tomllib.loads(re.sub(r"^# (?=\w+ = )", "", text, flags=re.MULTILINE))["channels"]
    used = {name for stanza in stanzas.values() for name in stanza}
    assert set(ChannelRules.model_fields) - used == set()
    for stanza in stanzas.values():
        options = import_module(stanza["adapter"]).Options
        assert missing(options, stanza["options"]) == []


def missing(options: type[BaseModel], shown: Mapping[str, Any]) -> list[str]:
    """The settings that are not shown, also of their parts."""
    found = [name for name in options.model_fields if name not in shown]
    for name, info in options.model_fields.items():
        part = info.annotation
        if name in shown and isinstance(part, type) and issubclass(part, BaseModel):
            found += [f"{name}.{one}" for one in missing(part, shown[name])]
    return found


def test_every_command_is_told_in_the_readme() -> None:
    readme = (ROOT / "README.zh-CN.md").read_text("utf-8")
    names = {command.name for command in app.registered_commands}
    names |= {f"{group.name} " for group in app.registered_groups}
    for name in names:
        assert f"publisher {name}" in readme, f"publisher {name} is not explained"


def test_every_template_is_used() -> None:
    rooms = (ROOT / "channels", ROOT / "publisher" / "web")
    code = "\n".join(path.read_text("utf-8") for room in rooms for path in room.rglob("*.py"))
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    inside = "\n".join(path.read_text("utf-8") for path in templates)
    for path in templates:
        stem = path.name.split(".")[0]
        named = path.name in inside or re.search(rf"[\"']{stem}\b", code)
        assert named, f"{path} is never used"


def test_nothing_leaves_the_house_by_a_fixed_address() -> None:
    """Every outside address is a setting; names of XML namespaces lead nowhere."""
    address = re.compile(
        r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org|purl\.org|www\.sitemaps\.org)[\w.-]+\.\w+"
    )
    allowed = {"http://example", "https://jsonfeed.org"}
    for path in PYTHON:
        if path.is_relative_to(ROOT / "tests"):
            continue
        for found in address.findall(path.read_text("utf-8")):
            assert any(found.startswith(one) for one in allowed), f"{path}: {found}"


def test_every_room_of_the_core_has_its_place() -> None:
    """What no layer names, no rule of imports would hold."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = next(one["layers"] for one in settings["contracts"] if one["type"] == "layers")
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    rooms = {
        f"publisher.{path.stem}"
        for path in (ROOT / "publisher").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()
    }
    assert placed == rooms


def test_our_packages_are_ours() -> None:
    """Both names exist elsewhere as other people's packages."""
    for package in (channels, config):
        assert package.__file__
        assert Path(package.__file__).is_relative_to(ROOT)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (('title = "网站"', 'titel = "网站"'), "channels.website.titel"),
        (("most = 50", 'most = "viele"'), "channels.website.grouping.most"),
        (('area_code = "130181"', ""), "city.area_code"),
        (('\naccount = "辛集发布"', '\nacount = "辛集发布"'), "channels.wechat.options.acount"),
        (('"WECHAT_APP_SECRET"', '"NOT_SET"'), "channels.wechat.options.app_secret"),
        (('adapter = "channels.sms"', 'adapter = "channels.smoke"'), "channels.sms.adapter"),
        (('first = "website"', 'first = "webseite"'), "engine.first"),
        (("[city]", "[city"), "TOML"),
        (('kind = "window", most = 50', 'kind = "each"'), "channels.website.grouping.kind"),
        (("recipients_per_batch = 1000", "recipients_per_batch = 2000"), "recipients_per_batch"),
        (("checks = [60, 300, 1800, 7200]", "checks = []"), "channels.sms.checks"),
        (("base = 5", "base = 0"), "channels.website.retry.base"),
        (('["初审", "复审", "终审"]', '["初审", "初审"]'), "approval.roles"),
    ],
)
def test_a_wrong_configuration_stops_the_start_with_the_path_of_the_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: tuple[str, str], path: str
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    copy = example(tmp_path)
    text = copy.read_text("utf-8")
    assert change[0] in text
    copy.write_text(text.replace(*change, 1), "utf-8")
    with pytest.raises(ConfigError, match=re.escape(path)):
        build(Settings.load(copy))
