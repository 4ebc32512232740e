"""Commands about what is on record: the audit, and the evidence of one item."""

import getpass
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from publisher.audit_file import audit_csv
from publisher.cli.app import AsJson, print_json, publisher, say, say_error, why_not
from publisher.cli.usage import WrongUse
from publisher.report import ACT_WORDS
from publisher.spreadsheet import local
from publisher.store.audit import Entry, Filter
from publisher.store.paging import Asked

_SHOWN = 50
_WHO = "经办人；不写则是本机用户名"


def _day(option: str) -> Callable[[Any], date]:
    def read(given: Any) -> date:
        try:
            return given if isinstance(given, date) else date.fromisoformat(str(given).strip())
        except ValueError:
            raise WrongUse(f"{option} 后面的「{given}」不对，应为日期，如 2026-11-23") from None

    return read


Day = date | None
By = Annotated[str, typer.Option("--by", metavar="姓名", help=_WHO)]


def audit(
    since: Annotated[
        Day, typer.Option("--from", metavar="日期", parser=_day("--from"), help="从这一天起")
    ] = None,
    until: Annotated[
        Day, typer.Option("--to", metavar="日期", parser=_day("--to"), help="到这一天止，含当天")
    ] = None,
    item: Annotated[str, typer.Option("--item", metavar="编号", help="只看这个信息条目")] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="文件", help="全部写入 CSV 文件，可用 Excel 打开"),
    ] = None,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """查看操作记录：谁在何时、从哪里、做了什么；只增不改。"""
    with publisher() as city:
        zone, records = city.house.timezone, city.store.audit
        wanted = Filter(
            item_id=item,
            since=_midnight(since, zone) if since else None,
            until=_midnight(until + timedelta(days=1), zone) if until else None,
        )
        if as_json:
            print_json([_json(one, zone) for one in records.every(wanted)])
        elif out:
            with _whole(out) as file:
                for part in audit_csv(records.every(wanted), zone):
                    file.write(part)
            who = by or getpass.getuser()
            records.add(at=city.clock(), actor=who, act="audit_exported", item_id=item)
            say(f"操作记录已写入 {out}")
        else:
            _show(records.page(wanted, Asked(most=_SHOWN)).rows, zone)


def evidence(
    item: Annotated[str, typer.Argument(metavar="编号", help="信息条目编号")],
    out: Annotated[Path, typer.Option("--out", metavar="文件", help="写入哪个文件（ZIP）")],
    by: By = "",
) -> None:
    """取出一个信息条目的证据包：批准的内容、各渠道成稿、发布经过、回执、证明文件，可核对。"""
    with publisher() as city:
        taken = city.evidence.take(item, by=by or getpass.getuser(), now=city.clock())
        with taken, _whole(out) as file:
            shutil.copyfileobj(taken, file)
    say(f"证据包已写入 {out}")


def register(app: typer.Typer) -> None:
    for command in (audit, evidence):
        app.command(command.__name__)(command)


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A file for the person who asked: there whole, or not at all."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            yield file
        beside.replace(path)
    except OSError as error:
        say_error(f"写不了 {path}：{why_not(error)}")
        raise typer.Exit(1) from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def _show(entries: list[Entry], zone: tzinfo) -> None:
    if not entries:
        say("没有操作记录")
    for one in reversed(entries):
        act = ACT_WORDS.get(one.act, one.act)
        parts = (local(one.at, zone), one.actor, f"（{one.origin}）", act, one.item_id, one.channel)
        say("　".join(part for part in (*parts, one.detail) if part))


def _json(one: Entry, zone: tzinfo) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": one.at.astimezone(zone).isoformat(),
        "actor": one.actor,
        "origin": one.origin,
        "act": one.act,
        "item": one.item_id,
        "channel": one.channel,
        "detail": one.detail,
    }
