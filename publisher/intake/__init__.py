"""Intake: bytes in, a checked draft out, or a refusal that names every field and its mend."""

from publisher.intake.approval import approve, missing_roles
from publisher.intake.check import Approved, Draft, check
from publisher.intake.problems import Problem, Refused, shown
from publisher.intake.reason import check_reason
from publisher.intake.rules import Rules

__all__ = [
    "Approved",
    "Draft",
    "Problem",
    "Refused",
    "Rules",
    "approve",
    "check",
    "check_reason",
    "missing_roles",
    "shown",
]
