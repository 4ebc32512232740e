"""Commands at the door: approve, submit, preview."""

import getpass
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from publisher.bootstrap import Publisher
from publisher.channel import DeliveryError, Rendition
from publisher.cli.app import (
    AsJson,
    errors,
    print_json,
    publisher,
    say,
    say_error,
    why_not,
    write_whole,
)
from publisher.cli.usage import WrongUse
from publisher.intake import Approved, Problem, Refused, approve, check, missing_roles
from publisher.model import Item
from publisher.submit import Answer, Outcome

_WORDS = {
    Outcome.ACCEPTED: ("已收下", "green"),
    Outcome.KNOWN: ("以前已收下，内容相同，不再重复", "cyan"),
    Outcome.REFUSED: ("退回", "red"),
}


def submit(
    files: Annotated[
        list[str], typer.Argument(metavar="文件", help="信息条目文件（JSON），- 表示标准输入")
    ],
    by: Annotated[
        str, typer.Option("--by", metavar="姓名", help="提交人；不写则是本机用户名")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """提交已审批的信息条目；逐条检查，退回的说明哪个字段、怎样改。"""
    with publisher() as city:
        who = by or getpass.getuser()
        answers = [
            (name, _submit_one(city, name, who))
            for name in track(files, "提交", console=errors, disable=len(files) < 2, transient=True)
        ]
        if any(answer.outcome is Outcome.ACCEPTED for _, answer in answers):
            city.wake()
    if as_json:
        print_json([_answer_json(name, answer) for name, answer in answers])
    else:
        for name, answer in answers:
            _show_answer(name, answer)
    if any(answer.outcome is Outcome.REFUSED for _, answer in answers):
        raise typer.Exit(1)


def approve_file(
    file: Annotated[Path, typer.Argument(metavar="文件", help="信息条目文件（JSON）")],
    by: Annotated[
        list[str],
        typer.Option("--by", metavar="姓名:环节", help="审批人和环节，如 王芳:终审；每个环节一次"),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件", help="写到另一个文件；不写则改原文件")
    ] = None,
) -> None:
    """检查条目并写入审批记录，可分几次补齐；审批与内容绑定，之后改动内容须重新审批。"""
    approvers = []
    for one in by:
        name, colon, role = one.partition(":")
        if not (name and colon and role):
            raise WrongUse(f"--by 后面的「{one}」不对，应写成 姓名:环节，如 王芳:终审")
        approvers.append((name, role))
    with publisher() as city:
        data, now = _read(str(file)), city.clock()
        try:
            draft = check(data, city.rules, now, approved=Approved.NO)
            notes = city.door.trial(draft, now)
            item = json.loads(data.decode("utf-8-sig"))
            item["approval"] = approve(
                item,
                draft.revision.content_hash,
                approvers,
                now.astimezone(city.house.timezone).replace(microsecond=0),
            )
            written = (json.dumps(item, ensure_ascii=False, indent=1) + "\n").encode()
            check(written, city.rules, now, approved=Approved.PARTLY)
        except Refused as refused:
            _show_problems(str(file), refused)
            raise typer.Exit(1) from None
        missing = missing_roles(item["approval"], city.rules)
        known = city.store.standing.items(item["id"])
    write_whole(out or file, written)
    say(f"已写入审批记录：{out or file}")
    say(f"内容指纹（SHA-256）：{draft.revision.content_hash}")
    _show_notes(notes)
    if known and known[0].withdrawn:
        withdrawn = f"「{item['id']}」已经撤回，不能再提交或更正；要重新公开，请换一个新的编号"
        _show_notes([withdrawn])
    if missing:
        say(f"还缺{'、'.join(missing)}，补齐后才能提交", style="yellow")


def preview(
    item: Annotated[str, typer.Argument(metavar="编号", help="信息条目编号，或尚未提交的条目文件")],
    channel: Annotated[str, typer.Option("--channel", metavar="渠道", help="渠道，如 website")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="文件", help="写到文件；写到文件夹则写出全部文件"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """按渠道预览成稿，不发出。"""
    with publisher() as city:
        if channel not in city.routes:
            raise WrongUse(
                f"--channel：没有名为「{channel}」的渠道，现有：{'、'.join(city.routes)}"
            )
        try:
            rendition = city.routes[channel].render([_item(city, item)])
        except DeliveryError as error:
            say_error(error.reason)
            raise typer.Exit(1) from None
    if out:
        _write_out(rendition, out)
    elif as_json:
        print_json(_rendition_json(rendition))
    else:
        _show_rendition(rendition)


def register(app: typer.Typer) -> None:
    app.command("submit")(submit)
    app.command("approve")(approve_file)
    app.command("preview")(preview)


def _submit_one(city: Publisher, name: str, who: str) -> Answer:
    """What became of one file; one that cannot be read does not stop the others."""
    try:
        data = _bytes(name)
    except OSError as error:
        problem = Problem("", f"读不了 {name}：{why_not(error)}")
        return Answer(outcome=Outcome.REFUSED, item_id=None, problems=(problem,))
    return city.door.submit(data, by=who, now=city.clock())


def _bytes(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _read(name: str) -> bytes:
    try:
        return _bytes(name)
    except OSError as error:
        say_error(f"读不了 {name}：{why_not(error)}")
        raise typer.Exit(1) from None


def _item(city: Publisher, name: str) -> Item:
    now = city.clock()
    if found := city.store.items.get(name, now):
        return found
    if not Path(name).is_file():
        say_error(f"没有编号为「{name}」的信息条目，也没有这个文件")
        raise typer.Exit(1)
    try:
        return city.door.provisional(check(_read(name), city.rules, now, approved=Approved.NO), now)
    except Refused as refused:
        _show_problems(name, refused)
        raise typer.Exit(1) from None


def _answer_json(name: str, answer: Answer) -> dict[str, object]:
    return {
        "file": name,
        "item": answer.item_id,
        "outcome": answer.outcome,
        "problems": [{"field": one.field, "sentence": one.sentence} for one in answer.problems],
        "notes": list(answer.notes),
    }


def _show_answer(name: str, answer: Answer) -> None:
    word, style = _WORDS[answer.outcome]
    say(f"{answer.item_id or name}　{word}", style=style)
    for problem in answer.problems:
        say(f"　　{problem}")
    _show_notes(answer.notes)


def _show_problems(name: str, refused: Refused) -> None:
    say_error(f"{name} 有以下问题：")
    for problem in refused.problems:
        say_error(f"　　{problem}")


def _rendition_json(rendition: Rendition) -> dict[str, object]:
    return {
        "sha256": rendition.sha256,
        "files": [
            {
                "name": file.name,
                "media_type": file.media_type,
                "size": len(file.data),
                "sha256": file.sha256,
            }
            for file in rendition.files
        ],
        "notes": list(rendition.notes),
    }


def _show_rendition(rendition: Rendition) -> None:
    first = rendition.files[0]
    if first.media_type.startswith("text/plain"):
        say(first.data.decode())
    else:
        size = f"{len(first.data):,} 字节"
        say(f"{first.name}（{first.media_type}，{size}）：请用 --out 写到文件再打开")
    _show_notes(rendition.notes)


def _show_notes(notes: Sequence[str]) -> None:
    for note in notes:
        say(f"　　注意：{note}", style="yellow")


def _write_out(rendition: Rendition, out: Path) -> None:
    if out.is_dir() or not out.suffix:
        for file in rendition.files:
            write_whole(out / file.name, file.data)
        say(f"已写出 {len(rendition.files)} 个文件到 {out}")
    else:
        write_whole(out, rendition.files[0].data)
        say(f"已写出 {out}")
