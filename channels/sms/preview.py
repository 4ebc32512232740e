"""What a citizen's phone will show, with what it costs and who gets it. Pure."""

from collections.abc import Iterator, Sequence

from channels.sms.characters import parts, units
from channels.sms.notices import TOLD
from publisher.channel import Bubble, Bubbles
from publisher.model import Item

_EVERYTHING = "全部信息"
_GOT_IT = "收到过原短信的订户"


def bubbles(text: str, items: Sequence[Item]) -> Bubbles:
    """The message as it stands on the phone; counted anew, since that is all that is charged."""
    length = units(text)
    bubble = Bubble(text=text, parts=parts(length), characters=length, to=tuple(_to(items)))
    return Bubbles(title="市民手机上的短信", bubbles=(bubble,))


def _to(items: Sequence[Item]) -> Iterator[str]:
    if any(item.action in TOLD for item in items):
        yield _GOT_IT
        return
    topics = (topic for item in items for topic in (item.revision.field, *item.revision.topics))
    yield from dict.fromkeys(topic for topic in topics if topic)
    yield _EVERYTHING
