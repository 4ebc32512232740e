"""Command: put out anew all that stands in a channel with lists."""

from typing import Annotated

import typer
from rich.progress import MofNCompleteColumn, Progress, TextColumn

from publisher.channel import DeliveryError
from publisher.cli.app import errors, publisher, say, say_error
from publisher.cli.help import App
from publisher.operations import NotPossible
from publisher.rebuild import rebuild


def rebuild_channel(
    channel: Annotated[str, typer.Argument(metavar="渠道", help="配置里的渠道名，如 website")],
) -> None:
    """重建：改过模板、页脚等设置，或换过磁盘后，把已公开的内容全部重新生成；不改变任何内容。"""
    with publisher() as city, _progress() as bar:
        if channel not in city.routes:
            raise NotPossible(f"没有名为「{channel}」的渠道，现有：{'、'.join(city.routes)}")
        bars = {what: bar.add_task(what, total=None) for what in ("网页", "列表")}
        try:
            done = rebuild(
                city.courier(),
                city.routes[channel],
                lambda what, many: bar.advance(bars[what], many),
            )
        except DeliveryError as error:
            raise NotPossible(f"没有做完：{error.reason}；排除后请重新运行") from None
    say(f"已重建，共 {done.many} 条信息")
    for item, reason in done.left.items():
        say_error(f"{item}：网页没有重建，{reason}")
    if done.left:
        raise typer.Exit(1)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), MofNCompleteColumn())
    return Progress(*columns, console=errors, transient=True)


def register(app: App) -> None:
    app.command("rebuild")(rebuild_channel)
