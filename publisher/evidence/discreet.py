"""What others said or typed, without anybody's number in it. Pure."""

import re

from publisher.privacy import scan

_OPENID = re.compile(r"(?<![\w-])o[\w-]{27}(?![\w-])", re.ASCII)


def discreet(text: str) -> str:
    """The text with personal numbers and openids masked."""
    shown = _OPENID.sub("****", text)
    for finding in reversed(scan(shown)):
        if finding.severity == "block":
            shown = shown[: finding.start] + finding.masked + shown[finding.end :]
    return shown
