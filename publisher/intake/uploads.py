"""Files that a person or a system hands over: checked before anything is done with them.

check_evidence      what proves that something was aired or posted
check_attachment    what an item to come will name: exactly what the intake will take then
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath

from publisher.intake.files import LONGEST_NAME, media_type_for_citizens
from publisher.intake.media import ATTACHMENTS, EVIDENCE, KINDS, PICTURES, ending_of, judged
from publisher.intake.problems import Problem, Refused
from publisher.intake.unfit import Unfit

_DISALLOWED = re.compile(r"[^\w（）()〔〕【】《》“”—,，、.+ -]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ANY = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that has passed, under a name that is fit to be kept and shown."""

    name: str
    media_type: str
    sha256: str
    data: bytes = field(repr=False)


def check_evidence(name: str, data: bytes, most: int, wrong: str = "evidence") -> Upload:
    """A photo, an as-run log, a recording. Raises Refused naming the field `wrong`."""
    return _checked(name, data, most, wrong, _evidence_type)


def check_attachment(name: str, data: bytes, most: int, wrong: str = "file") -> Upload:
    """An attachment or a picture of an item to come. Raises Refused naming the field `wrong`."""
    return _checked(name, data, most, wrong, _attachment_type)


def media_type_of(name: str) -> str:
    """The media type of a file that was taken as evidence."""
    kind = KINDS.get(ending_of(name))
    return kind.media_type if kind else _ANY


def clean_name(name: str) -> str:
    """The name without the folders that some browsers send along, and fit for any system."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(char for char in last if unicodedata.category(char) not in _UNSEEN)
    plain = _DISALLOWED.sub("_", seen).strip(" .")
    suffix = PurePosixPath(plain).suffix
    stem = plain.removesuffix(suffix)[: LONGEST_NAME - len(suffix)].rstrip(" .")
    return (stem or "文件") + suffix


def _checked(
    name: str, data: bytes, most: int, wrong: str, type_of: Callable[[str, bytes], str]
) -> Upload:
    try:
        if not data:
            raise Unfit("文件是空的，请检查是不是选错了文件")
        if len(data) > most:
            raise Unfit(f"有 {len(data):,} 字节，超过上限 {most:,} 字节，请换小一些的")
        cleaned = clean_name(name)
        media_type = type_of(cleaned, data)
    except Unfit as unfit:
        raise Refused([Problem(wrong, str(unfit))]) from None
    return Upload(name=cleaned, media_type=media_type, sha256=sha256(data).hexdigest(), data=data)


def _evidence_type(name: str, data: bytes) -> str:
    return judged(name, data, EVIDENCE)


def _attachment_type(name: str, data: bytes) -> str:
    return media_type_for_citizens(name, data, tuple(dict.fromkeys((*ATTACHMENTS, *PICTURES))))
