"""Alerts into the log: for a city that watches its logs; it needs no settings."""

import structlog
from pydantic import BaseModel, ConfigDict

from publisher.alert import Alert, Hook

log = structlog.get_logger(__name__)


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Log:
    def tell(self, alert: Alert) -> int:
        log.warning("alert", headline=alert.headline, lines=alert.lines, more=alert.more)
        return len(alert.lines)


def build(options: Options) -> Hook:
    del options
    return Log()
