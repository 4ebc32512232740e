"""The radio script of one item: opening, lead, body and sign-off within the time there is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from channels._notices import chinese_date
from channels.broadcast.closing import closing, site_of
from channels.broadcast.fitting import Chosen, fit, whole
from channels.broadcast.framing import Frame, frame
from channels.broadcast.lead import headline, lead, slug
from channels.broadcast.lines import Reading, reading
from channels.broadcast.options import Options
from channels.broadcast.passages import Passage, Sentence, Teller
from channels.broadcast.pronounce import Hints, mark_first, take_supplied
from channels.broadcast.spoken import Change
from channels.broadcast.timing import clock, seconds, syllables
from publisher.channel import House, PermanentError
from publisher.content import Document
from publisher.model import Item


@dataclass(frozen=True, slots=True)
class Parts:
    """What is read, in order."""

    opening: tuple[Sentence, ...]
    preface: tuple[Sentence, ...]
    lead: tuple[Sentence, ...]
    chosen: tuple[Chosen, ...]
    closing: tuple[Sentence, ...]

    @property
    def body(self) -> tuple[Sentence, ...]:
        return tuple(sentence for one in self.chosen for sentence in one.sentences)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return (*self.opening, *self.preface, *self.lead, *self.body, *self.closing)

    def seconds(self, speed: int) -> float:
        return sum(seconds(one.spoken.text, speed) for one in self.sentences)


@dataclass(frozen=True, slots=True)
class Script:
    """One script with all that the sheets beside it are made of."""

    item: Item
    slug: str
    parts: Parts
    full_seconds: float
    """How long the whole text would take, read out without leaving anything out."""
    seconds: float
    reading: Reading
    hints: Hints
    paragraphs: dict[str, tuple[str, ...]]
    """What the announcer sees: the spoken text with the readings of hard names marked."""
    frame: Frame
    title_too_long: bool = False

    @property
    def last_day(self) -> str:
        """The last day on which it may be aired; "" if it has none."""
        revision = self.item.revision
        last = revision.posting.last if revision.posting else revision.valid_until
        return chinese_date(last) if last else ""

    @property
    def planned(self) -> str:
        return clock(self.seconds)

    @property
    def syllables(self) -> int:
        return sum(syllables(one.spoken.text) for one in self.parts.sentences)

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(change for one in self.parts.sentences for change in one.spoken.changes)

    @property
    def unread(self) -> tuple[str, ...]:
        found = (source for one in self.parts.sentences for source in one.spoken.unread)
        return tuple(dict.fromkeys(found))


def write(item: Item, house: House, options: Options) -> Script:
    """The script; PermanentError when the item has not one sentence to speak."""
    hints = Hints()
    teller = Teller(options.policy, hints)
    read = reading(item.revision)
    passages = teller.passages(read.lines)
    if not passages or all(line.kind == "table" for line in read.lines):
        raise PermanentError(
            "正文没有可播读的句子（只有表格、图片或附件），请在正文（body）中补写一段文字说明",
            field="body",
        )
    opened = lead(item, options.policy)
    around = frame(item, options, house.timezone)
    _check_supplied(read.for_announcer, hints)
    parts = Parts(
        opening=_told(teller, [around.opening]),
        preface=_told(teller, around.preface),
        lead=_told(teller, [opened.sentence, opened.title]),
        chosen=whole(passages),
        closing=_told(teller, closing(item, house, outline=False)),
    )
    kept = _fitted(
        parts, passages, _told(teller, closing(item, house, outline=True)), item, options
    )
    return Script(
        item=item,
        slug=slug(item),
        parts=kept,
        full_seconds=parts.seconds(options.chars_per_minute),
        seconds=kept.seconds(options.chars_per_minute),
        reading=read,
        hints=hints,
        paragraphs=_paragraphs(kept, hints),
        frame=around,
        title_too_long=bool(opened.title),
    )


def write_withdrawal(item: Item, house: House, options: Options) -> Script:
    """That an item is withdrawn, and nothing of what it said."""
    hints = Hints()
    teller = Teller(options.policy, hints)
    bare = _bare(item)
    around = frame(bare, options, house.timezone)
    parts = Parts(
        opening=_told(teller, [around.opening]),
        preface=(),
        lead=_told(teller, around.preface),
        chosen=(),
        closing=_told(teller, [f"有关情况可登录{site_of(house)}查看。"]),
    )
    length = parts.seconds(options.chars_per_minute)
    return Script(
        item=bare,
        slug=headline(bare.revision.title),
        parts=parts,
        full_seconds=length,
        seconds=length,
        reading=Reading((), (), ()),
        hints=hints,
        paragraphs=_paragraphs(parts, hints),
        frame=around,
    )


def _bare(item: Item) -> Item:
    """The item with the title that it went out under and nothing more: what is not there cannot be
    said by mistake.
    """
    titles = [trace.title for trace in item.traces if trace.title]
    revision = replace(
        item.revision,
        title=titles[-1] if titles else item.revision.title,
        document=Document(()),
        department="",
        doc_number="",
        short_title="",
        summary="",
        contact="",
        attachments=(),
        images=(),
        posting=None,
        valid_until=None,
    )
    return replace(item, revision=revision)


def _fitted(
    parts: Parts,
    passages: tuple[Passage, ...],
    outline_closing: tuple[Sentence, ...],
    item: Item,
    options: Options,
) -> Parts:
    """The parts as they are if they fit; else an outline that says it is one.

    An urgent text is never shortened: what it leaves out might be what saves a life.
    """
    speed = options.chars_per_minute
    if item.revision.urgent or parts.seconds(speed) <= options.max_seconds:
        return parts
    said = _told(Teller(options.policy, Hints()), [options.shortened])
    frame = replace(parts, lead=(*parts.lead, *said), chosen=(), closing=outline_closing)
    room = options.max_seconds - frame.seconds(speed)
    return replace(frame, chosen=fit(passages, room, speed))


def _check_supplied(texts: Iterable[str], hints: Hints) -> None:
    """What is not aired marks nothing in the script, but its readings are checked all the same."""
    apart = Hints(notes=hints.notes)
    for text in texts:
        take_supplied(text, apart)


def _told(teller: Teller, texts: Iterable[str]) -> tuple[Sentence, ...]:
    return tuple(teller.sentence(text) for text in texts if text)


def _paragraphs(parts: Parts, hints: Hints) -> dict[str, tuple[str, ...]]:
    """One paragraph a passage; marks are set in the order in which the announcer meets them."""
    return {
        "opening": _marked([parts.opening], hints),
        "preface": _marked([parts.preface], hints),
        "lead": _marked([parts.lead], hints),
        "body": _marked(_groups(parts.chosen), hints),
        "closing": _marked([parts.closing], hints),
    }


def _groups(chosen: Iterable[Chosen]) -> Iterator[list[Sentence]]:
    """A paragraph ends with a passage that has been told; heads alone run on into the next."""
    group: list[Sentence] = []
    for one in chosen:
        if one.passage.rank == 0 and group:
            yield group
            group = []
        group += one.sentences
        if one.count:
            yield group
            group = []
    yield group


def _marked(groups: Iterable[Iterable[Sentence]], hints: Hints) -> tuple[str, ...]:
    texts = ("".join(one.spoken.text.strip() for one in group) for group in groups)
    return tuple(mark_first(text, hints) for text in texts if text)
