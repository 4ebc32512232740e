"""The approved record: the item JSON as the issuer wrote it, its content hash, its Revision.

The content hash is SHA-256 over RFC 8785 canonical JSON of the item object without `approval`,
where every entry of `attachments` and `images` carries `sha256` (of the file's bytes) in place of
`file`. Nothing else is added, dropped or defaulted, so that another system can compute it
(docs/content-hash.md). Pure: files are read by intake, rows by the store.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import rfc8785

from publisher.content import AttachmentBlock, Document, clean_text, described, parse_body
from publisher.model import Approval, Approver, Asset, PostingPeriod, Revision


def canonical(content: Mapping[str, Any]) -> bytes:
    """RFC 8785 bytes of a content object (as `content_of` makes it)."""
    return rfc8785.dumps(dict(content))


def content_hash(content: Mapping[str, Any]) -> str:
    return sha256(canonical(content)).hexdigest()


def content_of(item: Mapping[str, Any], hashes: Mapping[str, str]) -> dict[str, Any]:
    """The content fields of an item object; `hashes` gives the SHA-256 of each `file` named."""
    content = {key: value for key, value in item.items() if key != "approval"}
    for role in ("attachments", "images"):
        if role in content:
            content[role] = [_with_hash(entry, hashes) for entry in content[role]]
    return content


def _with_hash(entry: Mapping[str, Any], hashes: Mapping[str, str]) -> dict[str, Any]:
    named = {key: value for key, value in entry.items() if key != "file"}
    if "file" in entry:
        named["sha256"] = hashes[entry["file"]]
    return named


def to_revision(
    content: Mapping[str, Any],
    *,
    number: int,
    approval: Approval,
    attachments: Sequence[Asset] = (),
    images: Sequence[Asset] = (),
) -> Revision:
    """The Revision that a content object stands for. Raises ContentError for a body unfit."""
    posting, valid_until = content.get("posting"), content.get("valid_until")
    pictures = tuple((image.name, _clean(image.title)) for image in images)
    document = _document(content["body"], content["body_format"], pictures)
    shown = tuple(AttachmentBlock(one.name, _clean(one.title)) for one in attachments)

    def word(name: str, default: str = "") -> str:
        return _clean(content.get(name, default))

    return Revision(
        number=number,
        content_hash=approval.content_hash,
        approval=approval,
        title=word("title"),
        document=replace(document, blocks=document.blocks + shown),
        department=word("department"),
        formed_on=date.fromisoformat(content["formed_on"]),
        doc_number=word("doc_number"),
        field=word("field"),
        five_open_stage=word("five_open_stage"),
        kind=word("kind"),
        audience=word("audience"),
        validity=word("validity", "有效"),
        short_title=word("short_title"),
        summary=word("summary"),
        contact=word("contact"),
        topics=tuple(map(_clean, content.get("topics", ()))),
        urgent=content.get("urgent", False),
        attachments=tuple(attachments),
        images=tuple(images),
        related=tuple(map(_clean, content.get("related", ()))),
        posting=_posting(posting) if posting else None,
        valid_until=date.fromisoformat(valid_until) if valid_until else None,
    )


def short_title_of(content: Mapping[str, Any]) -> str:
    """The short title of a content object; "" if it has none."""
    return _clean(content.get("short_title", ""))


def names(content: Mapping[str, Any], channel: str) -> bool:
    """Whether a content object is meant for a channel; one that names none is meant for all."""
    return channel in content.get("channels", (channel,))


def topics_of(content: Mapping[str, Any]) -> frozenset[str]:
    """What a subscriber may have asked for to get this item: its field and its topics."""
    given = (content.get("field", ""), *content.get("topics", ()))
    return frozenset(map(_clean, given)) - {""}


def approval_of(given: Mapping[str, Any]) -> Approval:
    """The approval record of an item object whose shape has been checked."""
    return Approval(
        content_hash=given["content_hash"],
        approvers=tuple(
            Approver(name=one["name"], role=one["role"], at=datetime.fromisoformat(one["at"]))
            for one in given["approvers"]
        ),
    )


def approval_json(approval: Approval) -> dict[str, Any]:
    """The same as it stands in an item file and in the store."""
    return {
        "content_hash": approval.content_hash,
        "approvers": [
            {"name": one.name, "role": one.role, "at": one.at.isoformat()}
            for one in approval.approvers
        ],
    }


def _posting(given: Mapping[str, Any]) -> PostingPeriod:
    return PostingPeriod(
        first=date.fromisoformat(given["from"]),
        last=date.fromisoformat(given["to"]),
        place=_clean(given.get("place", "")),
        contact=_clean(given.get("contact", "")),
    )


def _clean(text: str) -> str:
    return clean_text(text).strip()


@lru_cache(maxsize=256)
def _document(body: str, body_format: str, pictures: tuple[tuple[str, str], ...]) -> Document:
    """Parsed once: the feed shows the same fifty bodies at every publish."""
    words = dict(pictures)
    return described(parse_body(body, body_format, frozenset(words)), words)
