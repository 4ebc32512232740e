"""Approval: who saw which bytes. Bound to the content hash, so any edit afterwards voids it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from unicodedata import category, normalize

from publisher.content import clean_text
from publisher.intake.fields import Fields
from publisher.intake.rules import Rules
from publisher.model import Approval, Approver
from publisher.record import approval_json

_HASH = re.compile(r"[0-9a-f]{64}")
_CLOCKS_DIFFER = timedelta(minutes=5)


def approve(
    item: Mapping[str, Any],
    content_hash: str,
    approvers: Sequence[tuple[str, str]],
    now: datetime,
) -> dict[str, Any]:
    """The item's approval record with these (name, role) pairs added, as of now.

    Approvals of this very content stay; those of any other content are void and fall away.
    """
    earlier = _earlier(item.get("approval"), content_hash)
    roles = {role for _, role in approvers}
    kept = [one for one in earlier if one["role"] not in roles]
    added = Approval(
        content_hash=content_hash,
        approvers=tuple(Approver(name=name, role=role, at=now) for name, role in approvers),
    )
    fresh = approval_json(added)
    return {**fresh, "approvers": [*kept, *fresh["approvers"]]}


def _earlier(record: object, content_hash: str) -> list[Mapping[str, Any]]:
    """The approvals in a record over this content; a misshapen one approves nothing."""
    if not isinstance(record, dict) or record.get("content_hash") != content_hash:
        return []
    steps = record.get("approvers")
    return [one for one in steps if _is_step(one)] if isinstance(steps, list) else []


def _is_step(given: object) -> bool:
    return isinstance(given, dict) and all(
        isinstance(given.get(key), str) for key in ("name", "role", "at")
    )


def missing_roles(record: Mapping[str, Any], rules: Rules) -> list[str]:
    """The roles that have not approved yet."""
    given = {one["role"] for one in record["approvers"]}
    return [role for role in rules.roles if role not in given]


def check_approval(
    item: Mapping[str, Any],
    fields: Fields,
    rules: Rules,
    content_hash: str,
    now: datetime,
    *,
    complete: bool = True,
) -> None:
    """Every role once, each by another person, in order, none in the future, over this content.

    With `complete=False` roles may still be missing; what is there must be right.
    """
    record = fields.part("approval")
    if record is None:
        if "approval" not in item:
            fields.wrong("approval", "没有审批记录，请先用 publisher approve 完成审批")
        return
    record.only({"content_hash", "approvers"})
    given = record.text("content_hash", need=True)
    if given and not _HASH.fullmatch(given):
        record.wrong("content_hash", "不是 64 位的内容指纹，请用 publisher approve 重新审批")
    elif given and given != content_hash:
        record.wrong(
            "content_hash",
            f"与内容不符：审批的是 {given[:12]}…，现在的内容是 {content_hash[:12]}…，"
            "说明审批后内容改过，请重新审批",
        )
    steps = [_step(one, rules, now) for one in record.parts("approvers")]
    if all(steps):
        _check_steps([step for step in steps if step], record, rules, complete=complete)


def _step(fields: Fields, rules: Rules, now: datetime) -> Approver | None:
    fields.only({"name", "role", "at"})
    name = fields.text("name", need=True, most=50)
    role = fields.choice("role", rules.roles)
    at = fields.moment("at")
    if at and at > now + _CLOCKS_DIFFER:
        fields.wrong("at", "审批时间在将来，请检查时钟或改正")
        return None
    return Approver(name=name, role=role, at=at) if name and role and at else None


def _check_steps(
    steps: Sequence[Approver], record: Fields, rules: Rules, *, complete: bool
) -> None:
    by_role = {step.role: step for step in steps}
    missing = [role for role in rules.roles if role not in by_role]
    if missing and complete:
        record.wrong("approvers", f"缺少{'、'.join(missing)}，请补齐")
        return
    if len(steps) > len(by_role):
        record.wrong("approvers", f"应当是{'、'.join(rules.roles)}各一次，请删去多余的")
        return
    if len({_person(step.name) for step in steps}) < len(steps):
        record.wrong("approvers", "各道审批必须由不同的人完成，请换人审批")
    times = [by_role[role].at for role in rules.roles if role in by_role]
    if times != sorted(times):
        record.wrong("approvers", f"审批时间应当依{'、'.join(rules.roles)}的次序，请核对")


def _person(name: str) -> str:
    """A name for comparing: no blank, mark or width makes another person of the same one."""
    letters = clean_text(normalize("NFKC", name)).casefold()
    return "".join(char for char in letters if category(char)[0] not in "ZMP")
