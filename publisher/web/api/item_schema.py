"""The JSON of an item as the contract describes it, with this city's own choices.

The intake is the judge; what stands here is what a program can know beforehand.
"""

from collections.abc import Mapping
from typing import Any

from publisher.intake import Rules
from publisher.web.api.samples import APPROVAL, ITEM

_DAY = {"type": "string", "format": "date"}
_REQUIRED = (
    "id",
    "title",
    "body",
    "body_format",
    "department",
    "field",
    "five_open_stage",
    "kind",
    "disclosure_attr",
    "audience",
    "formed_on",
)


def item_schema(rules: Rules) -> dict[str, Any]:
    properties = {**_words(rules), **_parts(rules)}
    return {
        "title": "ItemToSubmit",
        "description": "一条信息；没有的项不要写，不能写 null。各项的规定见 docs/item.md。",
        "type": "object",
        "properties": properties,
        "required": list(_REQUIRED),
        "additionalProperties": False,
        "examples": [{**ITEM, "approval": APPROVAL}],
    }


def _words(rules: Rules) -> dict[str, Any]:
    return {
        "id": {
            **_text("贵系统里的编号，唯一", 64),
            "pattern": r"^[\w][\w.()（）〔〕-]{0,63}$",
        },
        "title": _text("完整的标题，一行", 300),
        "body": _text("正文", rules.max_item_bytes),
        "body_format": _choice("正文的格式", ("html", "markdown", "text")),
        "department": _text("发布机构", 60),
        "doc_number": _text("发文字号，如 辛政办字〔2018〕1号；没有就不要写", 60),
        "field": _choice("领域", rules.fields),
        "five_open_stage": _choice("五公开环节", rules.stages),
        "kind": _text("文件种类", 30),
        "disclosure_attr": _choice("公开属性；只收主动公开", ("主动公开",)),
        "audience": _text(f"公开对象；面向公众的写{'、'.join(rules.public_audiences)}", 60),
        "formed_on": {**_DAY, "description": "成文日期，不能在将来"},
        "short_title": _text("短标题，供放不下长标题的渠道用", 64),
        "summary": _text("一两句话的摘要", 300),
        "contact": _text("联系单位和电话", 100),
        "validity": _choice("有效性", rules.validities),
        "valid_until": {**_DAY, "description": "有效期的最后一天"},
        "urgent": {"type": "boolean", "description": "紧急：短信马上发"},
        "topics": _list({"type": "string"}, "市民可以订阅的主题", 20),
        "related": _list({"type": "string"}, "相关条目的编号", 100),
        "channels": _list(
            {"type": "string", "enum": list(rules.channels)},
            "发往哪些渠道；不写则是全部公众渠道",
            100,
        ),
    }


def _parts(rules: Rules) -> dict[str, Any]:
    return {
        "posting": _object(
            "公示期，首尾两天都算",
            ("from", "to"),
            {
                "from": _DAY,
                "to": _DAY,
                "place": _text("公示地点", 100),
                "contact": _text("意见反馈", 100),
            },
        ),
        "attachments": _list(_file("title", "显示给读者的名字"), "附件", 100),
        "images": _list(_file("alt", "图片的文字说明"), "正文里的图片", 100),
        "privacy_override": _object(
            "依法应当公开个人信息的，写明批准人和理由",
            ("by", "reason"),
            {"by": _text("批准人", 50), "reason": _text("理由", 300)},
        ),
        "approval": _approval(rules),
    }


def _approval(rules: Rules) -> dict[str, Any]:
    approver = _object(
        "一道审批",
        ("name", "role", "at"),
        {
            "name": _text("姓名", 50),
            "role": _choice("环节", rules.roles),
            "at": {"type": "string", "format": "date-time", "description": "带时区的时间"},
        },
    )
    return _object(
        f"审批记录：{'、'.join(rules.roles)}各一次，由不同的人依次完成",
        ("content_hash", "approvers"),
        {
            "content_hash": {
                "type": "string",
                "pattern": "^[0-9a-f]{64}$",
                "description": "内容指纹，从 POST /api/v1/items/check 取得",
            },
            "approvers": _list(approver, "各道审批", 100),
        },
    )


def _file(words: str, description: str) -> dict[str, Any]:
    return _object(
        "一个文件",
        ("file", words),
        {
            "file": _text("POST /api/v1/files 回答里的 file，或收件文件夹里的相对路径", 300),
            words: _text(description, 300),
            "name": _text("另起的文件名", 120),
        },
    )


def _text(description: str, most: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": most, "description": description}


def _choice(description: str, known: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(known), "description": description}


def _list(of: Mapping[str, Any], description: str, most: int) -> dict[str, Any]:
    return {"type": "array", "items": of, "maxItems": most, "description": description}


def _object(
    description: str, need: tuple[str, ...], properties: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(need),
        "additionalProperties": False,
        "description": description,
    }
