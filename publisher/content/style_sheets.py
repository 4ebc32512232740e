"""Style sheets in a body: what holds only on some screens is read as if it held always.

An editor's screen is not the approver's; what a rule hides from one of them is hidden text.
"""

import re

_SHEET = re.compile(r"(<style\b[^<>]*>)(.*?)(</style|\Z)", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_TOKEN = re.compile(
    r'"(?:\\.|[^"\\\n])*"|' + r"'(?:\\.|[^'\\\n])*'|\\."
    r"|(?P<group>@(?:media|supports|layer|container|scope)\b[^{};@]*\{)|(?P<brace>[{}])",
    re.DOTALL | re.IGNORECASE,
)
"""Strings and escapes are passed over: what looks like a brace in them is none."""


def with_all_rules(source: str) -> str:
    """The HTML with its groups of rules (@media and the like) dissolved."""
    return _SHEET.sub(lambda sheet: sheet[1] + _dissolved(sheet[2]) + sheet[3], source)


def _dissolved(css: str) -> str:
    css = _COMMENT.sub(" ", css)
    kept, at = [], 0
    are_groups: list[bool] = []
    for token in _TOKEN.finditer(css):
        if not token.lastgroup:
            continue
        if token["brace"] == "}":
            is_group = bool(are_groups) and are_groups.pop()
        else:
            is_group = bool(token["group"])
            are_groups.append(is_group)
        if is_group:
            kept.append(css[at : token.start()])
            at = token.end()
    return " ".join([*kept, css[at:]])
