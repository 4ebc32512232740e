"""Characters: what is taken out without a word, and what may not come in at all.

Wording is never touched: no digit changes its width and no quotation mark its shape. What goes is
what nobody can see, because an approver did not see it either and another channel might show it.
"""

import re
from unicodedata import category, normalize

_BLANKS = (0x00A0, *range(0x2000, 0x200B), 0x202F, 0x205F)
_BREAKS = (0x2028, 0x2029)
_UNSEEN = (
    0x00AD,  # soft hyphen
    0x034F,
    0x061C,
    0x115F,  # the Hangul fillers look like nothing and are letters to a program
    0x1160,
    0x17B4,
    0x17B5,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x2060, 0x2065),
    0x3164,
    0xFEFF,
    0xFFA0,
)
_HARMLESS = {
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys(_BREAKS, "\n"),
    **dict.fromkeys(_UNSEEN, None),
}
_LINE_ENDS = re.compile(r"\r\n?")
_NEVER = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})


def clean_text(text: str) -> str:
    """The same words in NFC, without invisible characters, and with one kind of line end."""
    return normalize("NFC", _LINE_ENDS.sub("\n", text).translate(_HARMLESS))


def find_forbidden(text: str) -> list[tuple[int, str]]:
    """Where characters stand that refuse the whole item, as (position, "U+202E").

    Control characters, bidi overrides and isolates, private use, unassigned, and the replacement
    character: each means that the text was damaged, or reads otherwise than it looks.
    """
    return [(at, f"U+{ord(char):04X}") for at, char in enumerate(text) if _forbidden(char)]


def _forbidden(char: str) -> bool:
    if char.isprintable():  # nearly every character of nearly every text ends here
        return char == "\ufffd"
    if char in "\n\t\r" or ord(char) in _HARMLESS or _is_new_ideograph(char):
        return False
    return category(char) in _NEVER


def _is_new_ideograph(char: str) -> bool:
    """A character of somebody's name may be younger than Python's Unicode tables."""
    code = ord(char)
    return 0x20000 <= code < 0x40000 and code & 0xFFFE != 0xFFFE
