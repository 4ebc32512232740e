"""Typesetting: a template and data in, the bytes of a PDF or a picture out.

Typst runs in long-lived worker processes that all channels share (see _typst_worker for why): one,
and a second where two channels typeset at once. Data goes over as JSON, never read as markup.
"""

import atexit
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from queue import LifoQueue
from typing import Any, Literal

from channels import _typst_worker
from channels._typst_worker import read_frame, write_message
from publisher.channel import House, PermanentError, TemporaryError
from publisher.model import ReasonClass

Data = Mapping[str, Any]
"""Top-level keys are the item's field names: an error names the field a character stands in."""

_SECONDS = 60.0
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\uffff\ud800-\uf8ff\U000e0000-\U0010ffff]"
)
"""Controls, invisible marks, turns of the reading direction, private characters; not "\\n"."""


def typeset(
    template: str,
    data: Data,
    *,
    house: House,
    timestamp: datetime,
    format: Literal["pdf", "png"] = "pdf",  # noqa: A002 - Typst's own word for it
    pictures: Mapping[str, bytes] | None = None,
    seconds: float = _SECONDS,
) -> bytes:
    """Lay out `templates/print/<template>`; the same arguments give the same bytes anywhere.

    `pictures` are SVG files the template may open by name. Raises PermanentError when the data
    cannot be printed, TemporaryError when the worker died or took longer than `seconds`.
    """
    order = {"format": format, "timestamp": timestamp.replace(microsecond=0).isoformat()}
    return _ask(template, data, order, house, pictures, seconds)[1]


def count_pages(
    template: str,
    data: Data,
    *,
    house: House,
    pictures: Mapping[str, bytes] | None = None,
    seconds: float = _SECONDS,
) -> int:
    """How many pages `typeset` would make of it."""
    answer, _ = _ask(template, data, {"format": "pages"}, house, pictures, seconds)
    return int(answer["pages"])


def _ask(
    template: str,
    data: Data,
    order: dict[str, Any],
    house: House,
    pictures: Mapping[str, bytes] | None,
    seconds: float,
) -> tuple[dict[str, Any], bytes]:
    _refuse_unprintable(data)
    folder = house.templates / "print"
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.typ"))}
    files["main.typ"] = files[template]
    order |= {
        "data": json.dumps(data, ensure_ascii=False, sort_keys=True),
        "fonts": str(house.fonts.absolute()),
    }
    answer, document = _workers.ask(order, files | dict(pictures or {}), seconds)
    if "missing" in answer:
        raise PermanentError(
            f"字体未安装（缺少{'、'.join(answer['missing'])}），请运行 make fonts",
            kind=ReasonClass.INTERNAL,
        )
    if "error" in answer:
        raise _refusal(answer["error"], answer["diagnostic"], data)
    return answer, document


# --- what cannot be printed ---------------------------------------------------------------------


def _refuse_unprintable(data: Data) -> None:
    """Characters that show nothing, or turn the reading direction, have no place on paper."""
    for field, value in data.items():
        if found := _UNPRINTABLE.search(_text(value)):
            raise _cannot_print([found.group()], field)


def _refusal(message: str, diagnostic: str, data: Data) -> PermanentError:
    missing = [_unescape(text) for text in _NO_GLYPH.findall(diagnostic or message)]
    if missing:
        return _cannot_print(missing, _field_of(missing[0], data))
    return PermanentError(
        "版式模板无法完成排版，请把信息条目编号告诉系统管理员",
        kind=ReasonClass.INTERNAL,
        raw=message,
    )


def _cannot_print(characters: list[str], field: str) -> PermanentError:
    shown = "、".join(map(_named, dict.fromkeys(characters)))
    return PermanentError(
        f"字段 {field or '（未知）'} 中有无法印出的字符：{shown}；请改用别的写法，"
        "如是生僻字，可把含有该字的字体放进字体文件夹的 site 后重试",
        field=field,
    )


def _named(text: str) -> str:
    points = " ".join(f"U+{ord(char):04X}" for char in text)
    return f"“{text}”（{points}）" if text.isprintable() else f"{points}（不可见符号）"


def _field_of(text: str, data: Data) -> str:
    return next((field for field, value in data.items() if text in _text(value)), "")


def _text(value: object) -> str:
    """All strings of a piece of JSON, one a line."""
    match value:
        case str():
            return value
        case Mapping():
            return "\n".join(map(_text, value.values()))
        case list() | tuple():
            return "\n".join(map(_text, value))
        case _:
            return ""


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)


# --- the worker processes -----------------------------------------------------------------------


class _Workers:
    """Two, as the door tries the cover and the sheet of an item at the same time."""

    def __init__(self) -> None:
        self._all = (_Worker(), _Worker())
        self._lay_out()

    def _lay_out(self) -> None:
        # Last in, first out: who has just worked has all in memory, and another may never start.
        self._free: LifoQueue[_Worker] = LifoQueue()
        for worker in self._all:
            self._free.put(worker)

    def ask(
        self, order: dict[str, Any], files: Mapping[str, bytes], seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        worker = self._free.get()
        try:
            return worker.ask(order, files, seconds)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        for worker in self._all:
            worker.close()

    def forget(self) -> None:
        """In a forked child: all of it is the parent's, and may have been in use there."""
        for worker in self._all:
            worker.forget()
        self._lay_out()

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        """Those that live."""
        return [worker.process for worker in self._all if worker.process]


class _Worker:
    """At most one process at a time, started when needed, used by one thread at a time.

    Typst keeps the fonts (120 MB) and the layout of the last documents (70 MB, far more of large
    tables): a fresh process comes after so many orders or bytes.
    """

    def __init__(self, orders: int = 1000, memory: int = 400 << 20) -> None:
        self._most = (str(orders), str(memory))
        self._lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def ask(
        self, order: dict[str, Any], files: Mapping[str, bytes], seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        with self._lock:
            process = self.process or self._start()
            with _deadline(process, seconds) as late:
                try:
                    answer, document = _exchange(process, order, files)
                except (EOFError, OSError):
                    self._stop()
                    raise _died(late=late.is_set()) from None
                except BaseException:
                    self._stop()  # a half-read answer must not be taken for the next one
                    raise
            if answer.pop("last"):
                self._stop()
            return answer, document

    def _start(self) -> subprocess.Popen[bytes]:
        # By file name and with -P: needs no import path, and no module of ours can get in the way.
        command = [sys.executable, "-P", str(Path(_typst_worker.__file__)), *self._most]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            start_new_session=True,  # Ctrl-C at the terminal is for our parent; we end with it
        )
        return self.process

    def _stop(self) -> None:
        if self.process is not None:
            process, self.process = self.process, None
            process.kill()
            process.communicate()

    def close(self) -> None:
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """In a forked child: the process and its pipes are the parent's, the lock may be held."""
        self._lock = threading.Lock()
        if self.process is not None:
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    pipe.close()  # else the worker would not see the parent's end
            self.process.returncode = 0  # not ours to wait for
            self.process = None


@contextmanager
def _deadline(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """Kill the process when the time is up: Typst itself cannot be told to stop."""
    late = threading.Event()

    def expire() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _exchange(
    process: subprocess.Popen[bytes], order: dict[str, Any], files: Mapping[str, bytes]
) -> tuple[dict[str, Any], bytes]:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    write_message(process.stdin, {**order, "files": list(files)}, files.values())
    return json.loads(read_frame(process.stdout)), read_frame(process.stdout)


def _died(*, late: bool) -> TemporaryError:
    why = "排版超过时限，已中止" if late else "排版进程意外退出"
    return TemporaryError(f"{why}，稍后会自动重试", kind=ReasonClass.INTERNAL)


_workers = _Workers()
atexit.register(_workers.close)
os.register_at_fork(after_in_child=_workers.forget)
