"""What every command shares: the configuration, the screen, the log."""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer
from rich.console import Console
from rich.text import Text
from structlog.processors import JSONRenderer

from config.settings import Settings
from publisher.bootstrap import Publisher, build
from publisher.cli.help import App
from publisher.cli.log import sentence

app = App(help="政务公开多渠道发布：提交、发布、查看、重发、确认。")
screen = Console()
errors = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出，供程序读取")]
By = Annotated[str, typer.Option("--by", metavar="姓名", help="经办人")]

_DEFAULT = Path("config/publisher.toml")


class _Choice:
    """Where the configuration is; set once by the callback below."""

    path: Path = _DEFAULT


@app.callback()
def choose(
    config: Annotated[
        Path,
        typer.Option(
            "--config", metavar="文件", envvar="PUBLISHER_CONFIG", help="配置文件（TOML）"
        ),
    ] = _DEFAULT,
) -> None:
    _Choice.path = config
    log_to_stderr()


def load_settings() -> Settings:
    return Settings.load(_Choice.path)


@contextmanager
def publisher(*, current: bool = True) -> Iterator[Publisher]:
    """The publisher of the chosen configuration, its database at the version we need."""
    found = build(load_settings())
    try:
        if current:
            found.store.database.require_current()
        yield found
    finally:
        found.close()


def say(sentence: str, style: str = "") -> None:
    """As it is: no mark-up in it, and no line of it broken, for what is copied from there."""
    screen.print(Text(sentence, style=style), soft_wrap=True)


def say_error(sentence: str) -> None:
    errors.print(sentence, style="red", markup=False, highlight=False, soft_wrap=True)


def why_not(error: OSError) -> str:
    """Why a file cannot be had, in the words of staff."""
    match error:
        case FileNotFoundError():
            return "没有这个文件"
        case IsADirectoryError():
            return "这是文件夹，不是文件"
        case PermissionError():
            return "没有权限"
        case _:
            return error.strerror or type(error).__name__


def read_file(path: Path) -> bytes:
    """A file that a person named; ends the command with one sentence where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        say_error(f"读不了 {path}：{why_not(error)}")
        raise typer.Exit(1) from None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file for the person who asked: whole, or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        say_error(f"写不了 {path}：{why_not(error)}")
        raise typer.Exit(1) from None


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def log_to_stderr() -> None:
    """One line an event on standard error: a sentence for a person who watches, JSON for the rest.

    With ids and without content.
    """
    rendered = sentence if sys.stderr.isatty() else JSONRenderer(ensure_ascii=False)
    level = logging.getLevelNamesMapping().get(os.environ.get("PUBLISHER_LOG", "WARNING"), 30)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            rendered,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
