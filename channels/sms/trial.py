"""The text of a test message. Pure."""

from channels.sms.characters import parts, units

MARK = "（测试）"
"""Not in 【】: those are kept for the signature, and a second pair gets the message refused."""


def marked(text: str, visible: str) -> str:
    """The text with the mark in front; `visible` is the same with the signature.

    Without the mark where that would make one message more of it: the account may not be allowed
    so many, and the test is to tell whether the real one will pass.
    """
    longer = units(visible) + units(MARK)
    return f"{MARK}{text}" if parts(longer) == parts(units(visible)) else text
