"""What staff are told about a script: left out, changed, doubtful, hard to say."""

from collections.abc import Iterator

from channels.broadcast.options import Options
from channels.broadcast.pronounce import has_reading, rare
from channels.broadcast.script import Script
from channels.broadcast.spoken import Change
from channels.broadcast.timing import clock, syllables

_LONG_SENTENCE = 90
_NAMED = 12
"""So many left-out passages are named one by one; a longer list helps nobody."""


def notes(script: Script, options: Options) -> tuple[str, ...]:
    order = script.frame.order
    found = (
        *((order,) if order else ()),
        *_length(script, options),
        *_left_out(script),
        *_doubtful(script),
        *script.hints.notes,
        *_characters(script),
    )
    return tuple(dict.fromkeys(found))


def _length(script: Script, options: Options) -> Iterator[str]:
    limit = clock(options.max_seconds)
    if script.seconds > options.max_seconds:
        why = "紧急信息不删节" if script.item.revision.urgent else "导语和结束语已占满时间"
        yield f"播读约需{script.planned}，超过设定的{limit}：{why}，请与电台商定时长"
    missing = [one for one in script.parts.chosen if not one.whole]
    if not missing:
        return
    yield f"全文播读约需{clock(script.full_seconds)}，超过设定的{limit}，本稿只播要点"
    only_head = [f"“{one.passage.name}”" for one in missing if one.head and not one.count]
    part = [f"“{one.passage.name}”" for one in missing if one.count]
    nothing = [f"“{one.passage.name}”" for one in missing if not one.sentences]
    for label, names in (
        ("只播标题未播内容", only_head),
        ("只播开头部分", part),
        ("整段未播", nothing),
    ):
        if names:
            more = f"等{len(names)}段" if len(names) > _NAMED else ""
            yield f"{label}：{'、'.join(names[:_NAMED])}{more}"


def _left_out(script: Script) -> Iterator[str]:
    if script.title_too_long:
        yield "题目过长，导语没有写全，请补短标题（short_title）"
    if script.reading.left_out:
        yield f"按广播惯例未读：{'、'.join(script.reading.left_out)}"
    for text in script.reading.for_announcer:
        yield f"作者写给播音员的话，不播出：{text}"


def _doubtful(script: Script) -> Iterator[str]:
    if script.unread:
        yield f"稿中标出请核读{len(script.unread)}处：{'、'.join(script.unread)}"
    long = [one for one in script.parts.body if syllables(one.spoken.text) > _LONG_SENTENCE]
    if long:
        first = long[0].written[:14]
        yield f"有{len(long)}个句子超过{_LONG_SENTENCE}字，请酌情断句，第一处：“{first}……”"


def _characters(script: Script) -> Iterator[str]:
    revision = script.item.revision
    for char in rare((revision.title, revision.document.text)):
        known = "" if has_reading(char) else "，读音表也未收"
        yield f"“{char}”（U+{ord(char):04X}）不在常用字集内{known}，请核对字形和读音"


def counted(changes: tuple[Change, ...]) -> dict[tuple[str, str, str], int]:
    """Changes of words as (written, spoken, rule) with how often, in order of first use."""
    found: dict[tuple[str, str, str], int] = {}
    for change in changes:
        key = (change.source.strip(), change.spoken.strip(), change.rule)
        found[key] = found.get(key, 0) + 1
    return found
