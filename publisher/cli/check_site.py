"""The command check-site: what on the site breaks the rules for government websites."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from publisher.bootstrap import Publisher
from publisher.channel import Breach, HasInspection
from publisher.cli.app import AsJson, errors, print_json, publisher, say, say_error, screen
from publisher.cli.usage import whole_number

Most = Annotated[
    int,
    typer.Option(
        "--most",
        metavar="处数",
        parser=whole_number("--most", 1, 1_000_000),
        help="每类问题最多列出多少处",
    ),
]
_MOST = 20


@dataclass
class Broken:
    """A rule with how often it is broken; the breaches themselves only up to a number."""

    count: int = 0
    first: list[Breach] = field(default_factory=list)


def check_site(most: Most = _MOST, as_json: AsJson = False) -> None:
    """检查整个网站是否合乎政府网站的规定，逐条列出问题和改法；有问题则退出码为 1。"""
    with publisher(current=False) as city:
        broken = _inspect(city, most)
    if as_json:
        print_json([_json(rule, one) for rule, one in broken.items()])
    elif broken:
        _show(broken, most)
    else:
        say("没有发现问题")
    if broken:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    app.command("check-site")(check_site)


def _inspect(city: Publisher, most: int) -> dict[str, Broken]:
    """The rules broken in every channel that can be inspected, the most frequent first."""
    found = [one.channel for one in city.routes.values() if isinstance(one.channel, HasInspection)]
    if not found:
        say_error("没有启用可以检查的渠道；请在配置中启用网站")
        raise typer.Exit(1)
    now = city.clock()
    with _progress() as progress:
        breaches = (breach for one in found for breach in one.inspect(now, progress))
        return _grouped(breaches, most)


def _grouped(breaches: Iterable[Breach], most: int) -> dict[str, Broken]:
    broken: dict[str, Broken] = {}
    for one in breaches:
        rule = broken.setdefault(one.rule, Broken())
        rule.count += 1
        if len(rule.first) < most:
            rule.first.append(one)
    return dict(sorted(broken.items(), key=lambda pair: -pair[1].count))


@contextmanager
def _progress() -> Iterator["_Steps"]:
    """A bar for a person who waits, beside what is printed for others."""
    columns = (
        TextColumn("正在检查网页"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("还要"),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)
    with bar:
        yield _Steps(bar)


class _Steps:
    """Hears from the inspection how far it is."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("")

    def __call__(self, done: int, of: int) -> None:
        self._bar.update(self._task, completed=done, total=of)


def _show(broken: dict[str, Broken], most: int) -> None:
    for rule, one in broken.items():
        table = Table(box=SIMPLE, pad_edge=False, show_header=False)
        table.add_column(overflow="fold", ratio=1)
        table.add_column(overflow="fold", ratio=2)
        for breach in one.first:
            table.add_row(Text(breach.place or "整个网站"), Text(breach.sentence))
        say(f"{rule}：{one.count} 处", style="bold red")
        screen.print(table)
    total = sum(one.count for one in broken.values())
    say(f"共 {len(broken)} 类、{total} 处问题")
    if any(one.count > len(one.first) for one in broken.values()):
        say(f"每类只列出 {most} 处；加 --most 可多列")


def _json(rule: str, one: Broken) -> dict[str, object]:
    breaches = [{"place": each.place, "sentence": each.sentence} for each in one.first]
    return {"rule": rule, "count": one.count, "breaches": breaches}
