"""The commands and their help in Chinese: every text whole, whatever the width of the screen."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from publisher.cli.usage import WrongUse, names_of

_HELP = "显示本说明"


class Command(TyperCommand):
    """A command whose help is ours."""

    allow_extra_args = True  # refused below, in Chinese

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise WrongUse(
                f"多写了「{' '.join(map(str, rest))}」；写法见 {ctx.command_path} --help"
            )
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_help(self, ctx))


class Group(TyperGroup):
    """A group of commands whose help is ours; alone, it shows its help as wrong use."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help(), err=True)
            raise typer.Exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        if args[0] not in self.commands:
            near = get_close_matches(args[0], self.commands)
            hint = f"，是不是 {near[0]}" if near else ""
            raise WrongUse(
                f"没有「{args[0]}」这个命令{hint}；有哪些命令见 {ctx.command_path} --help"
            )
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_help(self, ctx))


class App(typer.Typer):
    """A Typer app whose commands explain themselves in Chinese."""

    def __init__(self, help: str) -> None:  # noqa: A002 - the library's name
        super().__init__(cls=Group, help=help, pretty_exceptions_enable=False, add_completion=False)

    def command(self, name: str | None = None, **more: Any) -> Callable[..., Any]:
        return super().command(name, cls=Command, **more)


def _help(command: Any, ctx: Any) -> str:
    console = Console(highlight=False)
    params = [one for one in command.get_params(ctx) if not getattr(one, "hidden", False)]
    arguments = [one for one in params if one.param_type_name == "argument"]
    options = [one for one in params if one.param_type_name == "option"]
    commands = getattr(command, "commands", {})
    with console.capture() as capture:
        console.print(Text(_usage(ctx, arguments, commands=bool(commands))))
        console.print(Text(f"\n{command.help or ''}"))
        _section(console, "参数", [(_written(one), _about(one)) for one in arguments])
        _section(console, "选项", [(_written(one), _about(one)) for one in options])
        _section(console, "命令", [(name, one.help or "") for name, one in commands.items()])
    return capture.get()


def _usage(ctx: Any, arguments: Sequence[Any], *, commands: bool) -> str:
    parts = [f"用法：{ctx.command_path} [选项]"]
    for one in arguments:
        name = names_of(one) + ("…" if one.nargs < 0 else "")
        parts.append(name if one.required else f"[{name}]")
    return " ".join([*parts, "命令 …"] if commands else parts)


def _section(console: Console, title: str, rows: Sequence[tuple[str, str]]) -> None:
    if not rows:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, about in rows:
        table.add_row(Text(f"  {name}", style="bold"), Text(about))
    console.print(Text(f"\n{title}："))
    console.print(table)


def _written(param: Any) -> str:
    if param.param_type_name == "argument":
        return names_of(param)
    names = "/".join([*param.opts, *param.secondary_opts])
    return names if param.is_flag else f"{names} {param.metavar or '值'}"


def _about(param: Any) -> str:
    if param.name == "help":
        return _HELP
    notes = []
    if param.required:
        notes.append("必填")
    if param.envvar:
        notes.append(f"也可用环境变量 {param.envvar}")
    if param.default not in (None, "", ()) and not getattr(param, "is_flag", False):
        notes.append(f"默认 {param.default}")
    if getattr(param, "multiple", False):
        notes.append("可写几次")
    return f"{param.help}（{'，'.join(notes)}）" if notes else str(param.help)
