"""The reason of an order, which citizens will read: held to the same rules as an item's text."""

from publisher.content import clean_text
from publisher.intake.fields import Fields
from publisher.intake.problems import Problem, Refused
from publisher.privacy import NAMES, scan

_MOST = 200


def check_reason(why: str) -> str:
    """The reason as it will be shown. Raises Refused with the field `why`."""
    problems: list[Problem] = []
    Fields({"why": why}, problems).text("why", need=True, most=_MOST)
    problems += [
        Problem("why", f"有{NAMES[one.kind]}（{one.masked}），市民会看到这句话，请删去或隐去")
        for one in scan(clean_text(why))
        if one.severity == "block"
    ]
    if problems:
        raise Refused(problems)
    return clean_text(why).strip()
