"""Commands of the operator: the database; making it, moving it, keeping it, coming back."""

import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from publisher.cli.app import By, publisher, say, why_not
from publisher.cli.help import App
from publisher.store import StoreError
from publisher.store.copying import backup, move, restore
from publisher.store.engine import Database

database_app = App(help="数据库：建立、搬迁、备份、恢复。")


@database_app.command("upgrade")
def upgrade() -> None:
    """建立数据库，或升级到本程序需要的版本。"""
    with publisher(current=False) as city:
        database = city.store.database
        version = database.upgrade()
        say(f"数据库已是版本 {version}：{database.name}")


@database_app.command("copy")
def copy_all(
    by: By,
    to: Annotated[str | None, typer.Argument(metavar="文件", help="新的 SQLite 文件")] = None,
    to_env: Annotated[
        str | None, typer.Option(metavar="变量名", help="新地址 postgresql://… 所在的环境变量")
    ] = None,
    to_file: Annotated[
        Path | None, typer.Option(metavar="文件", help="写有新地址 postgresql://… 的文件")
    ] = None,
) -> None:
    """把整个数据库复制到另一个空的数据库，并在现在的数据库里暂停全部渠道。"""
    address = _target(to, to_env, to_file)
    with publisher() as city, closing(Database(address)) as target:
        source, channels = city.store.database, city.settings.channels
        copied = move(source, target, channels, by=by, now=city.clock())
    _show(copied)
    say(f"已全部复制到 {target.name}。现在的数据库里各渠道都已暂停。")
    say("下一步：把配置里的 storage.database 改成新地址，再启动 publisher work。")


@database_app.command("backup")
def back_up(
    file: Annotated[Path, typer.Argument(metavar="文件", help="备份文件；不会覆盖已有的文件")],
    by: By = "backup",
) -> None:
    """备份整个数据库到一个文件；不必停止发送。"""
    if not file.parent.is_dir():
        raise StoreError(f"没有文件夹 {file.parent}，请先建好，或换一个地方")
    with publisher() as city:
        channels = city.settings.channels
        copied = backup(city.store.database, file, channels, by=by, now=city.clock())
    _show(copied)
    say(f"已备份到 {file}。备份里不含密钥，请另外妥善保存。")
    say("从它恢复后，各渠道先是暂停的。")


@database_app.command("restore")
def bring_back(
    file: Annotated[Path, typer.Argument(help="publisher db backup 做的备份文件")],
    by: By = "restore",
) -> None:
    """从备份恢复到配置的数据库；它必须是空的，或者还没有。"""
    with publisher(current=False) as city:
        target, channels = city.store.database, city.settings.channels
        scratch = city.settings.storage.data
        _show(restore(file, target, scratch, channels, by=by, now=city.clock()))
    say("已恢复。各渠道都已暂停，因为备份之后发出、更正、撤回过什么，恢复的数据库并不知道。")
    say("先核对备份之后发出过什么，把那以后的更正和撤回重新下达，再用 publisher resume 逐个恢复。")


def register(app: typer.Typer) -> None:
    app.add_typer(database_app, name="db")


def _target(to: str | None, to_env: str | None, to_file: Path | None) -> Path | str:
    """The address of the target; one with a password never stands on the command line."""
    match (to, to_env, to_file):
        case (str(), None, None) if "://" not in to:
            return Path(to)
        case (str(), None, None):
            raise StoreError(
                "带密码的地址不要写在命令行上，别人看得到；"
                "请放进环境变量或文件，用 --to-env 或 --to-file 指明"
            )
        case (None, str(), None):
            if address := os.environ.get(to_env):
                return address
            raise StoreError(f"环境变量 {to_env} 没有设置")
        case (None, None, Path()):
            return _read_address(to_file)
        case _:
            raise StoreError("请指明复制到哪里：一个 SQLite 文件，或 --to-env，或 --to-file")


def _read_address(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise StoreError(f"读不了 {file}：{why_not(error)}") from None
    except UnicodeDecodeError:
        raise StoreError(f"{file} 里不是数据库地址") from None


def _show(copied: Mapping[str, int]) -> None:
    for table, rows in copied.items():
        say(f"　　{table}　{rows} 行")
