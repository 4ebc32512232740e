"""The approved text as a person reads it, beside the bytes that were hashed. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from html import escape
from typing import Any
from urllib.parse import quote

from publisher.content import ContentError, to_html
from publisher.model import Asset, Revision
from publisher.record import approval_of, to_revision
from publisher.spreadsheet import local

_STYLE = (
    "body{max-width:46rem;margin:2rem auto;padding:0 1rem;line-height:1.8;font-family:serif}"
    "table{border-collapse:collapse}td,th{border:1px solid #888;padding:.2rem .5rem}"
    "img{max-width:100%}dt{font-weight:bold}"
)
_POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"


def readable(
    version: Mapping[str, Any],
    assets: Sequence[Mapping[str, Any]],
    paths: Mapping[str, str],
    zone: tzinfo,
) -> tuple[str, str]:
    """One version as HTML and as plain text; `paths`: where its pictures lie, by name."""
    content = json.loads(version["content"])
    try:
        revision = _revision(version, content, assets)
    except ContentError:  # its rules have changed since: then as it was written
        body = content["body"]
        return _page(version, f"<pre>{escape(body)}</pre>", zone), _text(version, body, zone)
    html = to_html(revision.document.blocks, image_src=lambda name: quote(paths.get(name, "")))
    return _page(version, html, zone), _text(version, revision.document.text, zone)


def _revision(
    version: Mapping[str, Any], content: Mapping[str, Any], assets: Sequence[Mapping[str, Any]]
) -> Revision:
    files: dict[str, list[Asset]] = {"attachment": [], "image": []}
    for one in assets:
        files[one["role"]].append(
            Asset(
                name=one["name"],
                title=one["title"],
                media_type=one["media_type"],
                sha256=one["sha256"],
                size=one["size"],
            )
        )
    return to_revision(
        content,
        number=version["number"],
        approval=approval_of(version["approval"]),
        attachments=files["attachment"],
        images=files["image"],
    )


def _facts(version: Mapping[str, Any], zone: tzinfo) -> Iterator[tuple[str, str]]:
    approval = approval_of(version["approval"])
    yield "编号", version["item_id"]
    yield "版本", str(version["number"])
    yield "收到", f"{local(version['received_at'], zone)}　{version['received_by']}"
    for one in approval.approvers:
        yield one.role, f"{one.name}　{local(one.at, zone)}"
    yield "内容哈希", approval.content_hash


def _page(version: Mapping[str, Any], body: str, zone: tzinfo) -> str:
    title = escape(version["title"])
    facts = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _facts(version, zone)
    )
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>{title}</h1>\n<dl>{facts}</dl>\n<hr>\n{body}\n</body></html>\n"
    )


def _text(version: Mapping[str, Any], body: str, zone: tzinfo) -> str:
    facts = [f"{name}：{value}" for name, value in _facts(version, zone)]
    return "\n".join([version["title"], "", *facts, "", body, ""])
