"""What the site cannot carry, said at the door with the field and the mend."""

import re
from collections.abc import Sequence
from hashlib import sha256

from channels.website.history import is_withdrawn
from publisher.channel import File, PermanentError
from publisher.model import Asset, Item

# XML 1.0 has no way to write these, and a feed that held one could be read by nobody.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def check_texts(item: Item) -> None:
    """Refuse a text with characters that cannot stand in a page or feed."""
    texts = {"title": item.revision.title, "why": "".join(one.reason for one in item.notices)}
    if not is_withdrawn(item):
        texts |= _text_of(item)
    for field, text in texts.items():
        if _UNWRITABLE.search(text):
            raise PermanentError(
                f"{field} 中有不可见的控制字符（多半是从 Word 粘贴来的），请删除后重新提交",
                field=field,
            )


def _text_of(item: Item) -> dict[str, str]:
    revision = item.revision
    return {
        "summary": revision.summary,
        "department": revision.department,
        "doc_number": revision.doc_number,
        "field": revision.field,
        "topics": "".join(revision.topics),
        "attachments": "".join(asset.title for asset in revision.attachments),
        "body": revision.document.text,
    }


def check_bytes(asset: Asset, field: str) -> None:
    """Refuse an attachment or picture whose bytes are not those that were approved."""
    if sha256(asset.data).hexdigest() != asset.sha256:
        raise PermanentError(
            f"“{asset.title}”的文件内容缺失或与审核时不一致，请重新上传并重新审核", field=field
        )


def check_places(items: Sequence[Item], files: Sequence[File]) -> None:
    """Refuse two files in one place, which would overwrite each other."""
    seen: set[str] = set()
    for file in files:
        if file.name in seen:
            titles = "、".join(f"《{item.revision.title}》" for item in items)
            raise PermanentError(
                f"网页地址（url）与已有文件“{file.name}”重复，请核对：{titles}", field="url"
            )
        seen.add(file.name)
