"""Many items that stand on the website, entered at once instead of one after the other.

Whether each could have come in by the door is not what is measured; the store cannot tell.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table, insert

from benchmarks.articles import Article
from publisher.model import Action, Status
from publisher.record import canonical, content_hash
from publisher.store import Store
from publisher.store.tables import deliveries, items, orders, revisions
from tests.support.city import an_item_object


def enter(store: Store, channel: str, site_url: str, articles: Iterable[Article]) -> None:
    """Each article as an item that was published at its time and delivered in this channel."""
    rows: dict[Table, list[Mapping[str, Any]]] = {
        table: [] for table in (items, revisions, orders, deliveries)
    }
    for one in articles:
        for table, row in _rows(one, channel, site_url).items():
            rows[table].append(row)
    with store.database.write() as connection:
        for table, mine in rows.items():
            connection.execute(insert(table), mine)


def content_of(article: Article) -> dict[str, Any]:
    return an_item_object(
        f"R-{article.serial}",
        title=article.title,
        summary=article.summary,
        body=article.body,
        body_format="markdown",
        doc_number=article.doc_number,
        field=article.field,
        five_open_stage=article.stage,
        department=article.department,
        topics=list(article.topics),
        formed_on=article.published_at.date().isoformat(),
    )


def _rows(article: Article, channel: str, site_url: str) -> dict[Table, dict[str, Any]]:
    content, at, year = content_of(article), article.published_at, article.published_at.year
    key, digest = article.serial, content_hash(content)
    item = {"item_id": content["id"]}
    return {
        items: {
            "id": content["id"],
            "year": year,
            "serial": key,
            "number": f"130181/{year}-{key:05d}",
            "url": f"{site_url}/{year}/{key:05d}.html",
            "first_published_at": at,
            "created_at": at,
        },
        revisions: item
        | {
            "id": key,
            "number": 1,
            "title": article.title,
            "content": canonical(content).decode(),
            "content_hash": digest,
            "approval": {"content_hash": digest, "approvers": []},
            "received_at": at,
            "received_by": "李办",
        },
        orders: item
        | {
            "id": key,
            "revision_id": key,
            "action": Action.PUBLISH,
            "reason": "",
            "ordered_by": "李办",
            "created_at": at,
        },
        deliveries: {
            "id": key,
            "order_id": key,
            "channel": channel,
            "status": Status.DELIVERED,
            "urgent": False,
            "due_at": at,
            "attempts": 1,
            "tries": 0,
            "reference": "",
            "url": "",
            "reason": "",
            "reason_class": "",
            "updated_at": at,
            "stands_since": at,
        },
    }
