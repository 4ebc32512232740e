"""From bytes to one JSON object, or a sentence that says where it is broken."""

import json
from collections.abc import Sequence
from typing import Any

from publisher.intake.problems import Problem, Refused, shown


def read_object(data: bytes, max_bytes: int) -> dict[str, Any]:
    """Parse strictly: UTF-8, no key twice, no NaN, within the size limit. Raises Refused."""
    if len(data) > max_bytes:
        raise _refused(
            f"文件有 {len(data):,} 字节，超过上限 {max_bytes:,} 字节，请把大文件改作附件"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(
            f"第 {error.start + 1} 个字节起不是 UTF-8 编码，请用 UTF-8 另存后再提交"
        ) from None
    if not text.strip():
        raise _refused("文件是空的，请检查是不是选错了文件")
    try:
        found = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _refused(
            f"不是正确的 JSON：第 {error.lineno} 行第 {error.colno} 列附近有错，"
            "常见的是少了逗号、引号或括号"
        ) from None
    except ValueError:  # Python reads no integer of more than some thousand digits
        raise _refused("有一个数字太长，不像是真的，请检查文件是否损坏") from None
    except RecursionError:
        raise _refused("JSON 的层次太深，请检查文件是否损坏") from None
    if not isinstance(found, dict):
        raise _refused("文件里应当是一个 JSON 对象，以 { 开头")
    return found


def _no_key_twice(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refused([Problem(shown(key), "这个字段写了两次，请只留一个")])
        found[key] = value
    return found


def _no_constant(name: str) -> None:
    raise _refused(f"JSON 里不能写 {name}")


def _refused(sentence: str) -> Refused:
    return Refused([Problem("", sentence)])
