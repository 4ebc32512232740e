"""Samples: the bodies that are sent, with an example of each, for the contract."""

from collections.abc import Mapping
from typing import Any

from publisher.model import Action

ITEM: Mapping[str, Any] = {
    "id": "XJ-2026-0117",
    "title": "关于印发辛集市政务公开标准化规范化试点工作实施方案的通知",
    "body": "各乡、镇人民政府，市政府各部门：\n\n坚持以公开为常态、不公开为例外。\n",
    "body_format": "text",
    "department": "辛集市人民政府办公室",
    "doc_number": "辛政办字〔2018〕1号",
    "field": "财政预决算",
    "five_open_stage": "执行",
    "kind": "其他文件",
    "disclosure_attr": "主动公开",
    "audience": "全社会",
    "formed_on": "2018-01-20",
}
APPROVAL: Mapping[str, Any] = {
    "content_hash": "92056565106687548882ab223bfc79b10f6759510ed3162baf881255034c2dd1",
    "approvers": [
        {"name": "张敏", "role": "初审", "at": "2026-11-20T15:00:00+08:00"},
        {"name": "李强", "role": "复审", "at": "2026-11-20T16:00:00+08:00"},
        {"name": "王芳", "role": "终审", "at": "2026-11-20T17:00:00+08:00"},
    ],
}
ITEM_SCHEMA = "#/components/schemas/ItemToSubmit"

_By = {
    "type": "string",
    "minLength": 1,
    "maxLength": 50,
    "description": "在贵系统上操作的人，记作「王芳（系统：…）」",
}
_Why = {"type": "string", "minLength": 1, "maxLength": 200}
_Action = {
    "type": "string",
    "enum": [str(one) for one in Action],
    "description": "哪一种发布单的投递；不写则是最新的",
}
_Delivery = {
    "type": "integer",
    "minimum": 0,
    "maximum": 2**31 - 1,
    "description": "投递的编号：指的是哪一件；不写就是最近的一件",
}


def _body(
    media_type: str, schema: Mapping[str, Any], **examples: tuple[str, Mapping[str, Any]]
) -> dict[str, Any]:
    shown = {
        name: {"summary": summary, "value": value} for name, (summary, value) in examples.items()
    }
    content = {"schema": schema} | ({"examples": shown} if shown else {})
    return {"requestBody": {"required": True, "content": {media_type: content}}}


def _object(need: tuple[str, ...], **properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(need),
        "additionalProperties": False,
    }


_JSON, _FORM = "application/json", "multipart/form-data"
_FILE = {"type": "string", "format": "binary"}
_APPROVED = {**ITEM, "approval": APPROVAL}

ITEM_BODY = _body(_JSON, {"$ref": ITEM_SCHEMA}, notice=("一份通知", _APPROVED))
CORRECTION_BODY = _body(
    _JSON,
    _object(
        ("item", "why", "by"),
        item={"$ref": ITEM_SCHEMA},
        why={**_Why, "description": "更正的原因，一句话；市民会看到"},
        by=_By,
        minor={
            "type": "boolean",
            "description": "小更正（如错别字）：只改网页和订阅源，不另行通知",
        },
    ),
    typo=(
        "改一个错字",
        {"item": _APPROVED, "why": "正文第二段有错字", "by": "王芳", "minor": True},
    ),
)
WITHDRAWAL_BODY = _body(
    _JSON,
    _object(("why", "by"), why={**_Why, "description": "撤回的原因，一句话；市民会看到"}, by=_By),
    withdrawal=("撤回", {"why": "文件已被新文件代替", "by": "王芳"}),
)
RESEND_BODY = _body(
    _JSON,
    _object(
        ("why", "by"),
        why={**_Why, "description": "重发的原因"},
        by=_By,
        not_out={
            "type": "boolean",
            "description": "已到渠道上核实，确未发出；结果不明时必须写 true",
        },
        attempts={
            **_Delivery,
            "description": "看到的 attempts；此后又试过就不办。not_out 为 true 时必填",
        },
        action=_Action,
        delivery=_Delivery,
    ),
    failed=("没有发出的", {"why": "公众号额度已恢复", "by": "王芳"}),
    unknown=(
        "结果不明，核实确未发出的",
        {"why": "后台核实没有发出", "by": "王芳", "not_out": True, "attempts": 1},
    ),
)
CONFIRMATION_BODY = _body(
    _FORM,
    _object(
        ("note", "by"),
        note={
            "type": "string",
            "minLength": 1,
            "maxLength": 300,
            "description": "何时、何地播出或张贴",
        },
        by=_By,
        action=_Action,
        delivery=_Delivery,
        evidence={**_FILE, "description": "照片、播出单等证明文件"},
    ),
)
FILE_BODY = _body(_FORM, _object(("file",), file={**_FILE, "description": "附件或图片，一次一个"}))
