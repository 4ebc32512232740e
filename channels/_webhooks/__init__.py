"""Calls to addresses that people typed: guarded, pinned to what was checked, bounded in time."""

from channels._webhooks.line import Line
from channels._webhooks.options import Options
from publisher.postman import Postman

__all__ = ["Options", "build"]


def build(options: Options) -> Postman:
    return Line(options)
