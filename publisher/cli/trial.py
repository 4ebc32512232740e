"""A trial of a configuration: its folders, and one sample item in every channel."""

import os
from datetime import datetime
from pathlib import Path

from publisher.bootstrap import Publisher
from publisher.channel import DeliveryError
from publisher.model import Approval, Item
from publisher.record import to_revision


def find_problems(city: Publisher) -> list[str]:
    """What would go wrong with this configuration, one sentence each; empty if nothing would."""
    return [*_folders(city), *_broker(city), *_renderings(city)]


def find_notes(city: Publisher) -> list[str]:
    """What works as it is, but not as far as one might think."""
    if city.broker and not city.settings.storage.database:
        note = (
            "storage.database：现在用 SQLite 文件，运行 publisher work 的程序都要在这一台机器上；"
            "要用几台机器，请换成 PostgreSQL（见 docs/operations.md）"
        )
        return [note]
    return []


def _broker(city: Publisher) -> list[str]:
    problem = city.broker.problem() if city.broker else ""
    return [f"engine.broker：{problem}"] if problem else []


def _folders(city: Publisher) -> list[str]:
    storage = city.settings.storage
    problems = []
    for key, folder in (("data", storage.data), ("output", storage.output)):
        if not _writable(folder):
            problems.append(f"storage.{key}：{folder} 不能写入，请检查是不是文件夹、有没有权限")
    if not storage.inbox.is_dir():
        problems.append(f"storage.inbox：没有文件夹 {storage.inbox}，附件和图片要放在这里")
    return problems


def _writable(folder: Path) -> bool:
    """Whether the folder, or the nearest one above it that exists, is one and can be written."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _renderings(city: Publisher) -> list[str]:
    problems = []
    for name, route in city.routes.items():
        try:
            route.render([_sample(city, city.clock())])
        except DeliveryError as error:
            problems.append(f"channels.{name}：试排一条信息不成：{error.reason}")
    return problems


def _sample(city: Publisher, now: datetime) -> Item:
    content = {
        "title": "关于试排的通知",
        "body": "各有关单位：\n\n这是检查配置时试排的一条信息，不会发出。",
        "body_format": "text",
        "department": city.house.city,
        "formed_on": now.date().isoformat(),
        "field": city.rules.fields[0],
        "five_open_stage": city.rules.stages[0],
        "kind": "通知",
    }
    return Item(
        id="check-config",
        number=f"{city.settings.city.area_code}/{now.year}-00000",
        url=f"{city.house.site_url}/{now.year}/00000.html",
        published_at=now,
        revision=to_revision(
            content, number=1, approval=Approval(content_hash="0" * 64, approvers=())
        ),
    )
