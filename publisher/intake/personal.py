"""Personal data in an item: every string of its content is read before it is published."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from publisher.content import AttachmentBlock, clean_text, every_word
from publisher.intake.fields import Fields
from publisher.model import Revision
from publisher.privacy import NAMES, scan, scan_fields

_NOT_READ = frozenset({"id", "related", "body", "sha256"})
"""Names of items, which may look like anything; the body is read as it is shown."""


def find_personal(
    content: Mapping[str, Any], revision: Revision, fields: Fields
) -> tuple[str, ...]:
    """Personal numbers stop an item unless a named person overrode it for a stated reason.

    What only may be one does not: the notes for staff are returned.
    """
    if content.get("privacy_override"):
        return ()
    notes = []
    for finding in scan_fields(dict(_texts(content, revision))):
        if finding.severity == "warn":
            notes.append(finding.sentence)
            continue
        fields.wrong(
            finding.field,
            f"第 {finding.start + 1} 字处有{NAMES[finding.kind]}（{finding.masked}），"
            "请删去或隐去；依法应当公开的，在 privacy_override 写明批准人和理由",
        )
    return tuple(notes)


def is_personal(item_id: str) -> bool:
    """Whether somebody's ID number is used as a name; a serial may look like a telephone."""
    return any(
        finding.kind == "id_number" and finding.severity == "block"
        for finding in scan(clean_text(item_id))
    )


def _texts(content: Mapping[str, Any], revision: Revision) -> Iterator[tuple[str, str]]:
    """Every text with the field it stands in; the body as it is shown, not as it is marked up."""
    blocks = tuple(
        block for block in revision.document.blocks if not isinstance(block, AttachmentBlock)
    )
    yield "body", every_word(replace(revision.document, blocks=blocks))
    for role, files in (("attachments", revision.attachments), ("images", revision.images)):
        for place, file in enumerate(files, 1):
            yield f"{role}[{place}].name", file.name
    yield from _strings(content)


def _strings(part: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield path, clean_text(part).strip()
    elif isinstance(part, Mapping):
        for name, value in part.items():
            if name not in _NOT_READ:
                yield from _strings(value, f"{path}.{name}" if path else name)
    elif isinstance(part, list):
        for place, value in enumerate(part, 1):
            yield from _strings(value, f"{path}[{place}]")
