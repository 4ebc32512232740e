"""Access: who may do what. Pure.

A person has one role; a system (the city's CMS) has the scopes of its token. What is asked of both
is a right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """Something that not everybody may do."""

    SEE = "see"
    """Items, deliveries, channels, the calendar."""
    ACT = "act"
    """Resend and confirm."""
    AMEND = "amend"
    """Correct and withdraw."""
    STEER = "steer"
    """Pause and resume channels, send to the test recipient."""
    SUBSCRIBERS = "subscribers"
    """Import, stop and look up subscribers."""
    EVIDENCE = "evidence"
    """Take the evidence of an item along."""
    AUDIT = "audit"
    """Read who did what."""
    MANAGE = "manage"
    """Users, tokens, webhooks."""
    SUBMIT = "submit"
    """Hand over approved items and their files."""
    METRICS = "metrics"
    """Read the figures of operation."""


class Role(StrEnum):
    """What somebody of the city's staff is here."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    EDITOR = "editor"
    """Of one department: sees and amends nothing but its items."""
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ROLE_WORDS: Mapping[Role, str] = {
    Role.VIEWER: "查看员",
    Role.OPERATOR: "操作员",
    Role.EDITOR: "部门编辑",
    Role.ADMINISTRATOR: "管理员",
    Role.AUDITOR: "审计员",
}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.SEE}),
    Role.OPERATOR: frozenset(
        {
            Right.SEE,
            Right.ACT,
            Right.AMEND,
            Right.STEER,
            Right.SUBSCRIBERS,
            Right.EVIDENCE,
        }
    ),
    Role.EDITOR: frozenset({Right.SEE, Right.ACT, Right.AMEND, Right.EVIDENCE}),
    Role.ADMINISTRATOR: frozenset(set(Right) - {Right.SUBMIT, Right.METRICS}),
    Role.AUDITOR: frozenset({Right.SEE, Right.EVIDENCE, Right.AUDIT}),
}

SCOPE_WORDS: Mapping[Right, str] = {
    Right.SUBMIT: "提交信息和附件",
    Right.SEE: "查询状态",
    Right.ACT: "重发和确认",
    Right.AMEND: "更正和撤回",
    Right.EVIDENCE: "取出证据包",
    Right.METRICS: "读取运行指标",
}
"""What a token can be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the staff who has come in."""

    id: int
    login: str
    name: str
    role: Role
    department: str = ""
    """Of a department editor: the only one whose items exist for this person."""
    must_change: bool = False
    """Has to choose a password of their own before anything else."""

    @property
    def actor(self) -> str:
        """How the records name this person: names can be the same, logins cannot."""
        return f"{self.name}（{self.login}）"

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A program that has come in by its token."""

    token_id: int
    name: str
    scopes: frozenset[Right]

    @property
    def actor(self) -> str:
        return f"系统：{self.name}"

    def may(self, right: Right) -> bool:
        return right in self.scopes
