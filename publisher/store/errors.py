"""What can be wrong with a database, as one Chinese sentence for the operator.

Nothing of what the driver says goes into it: that carries addresses, statements and values.
"""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

FULL = "磁盘已满，请清出空间"
READ_ONLY = "只读，请检查文件和文件夹的权限"
BUSY = "被别的程序占用，请稍候再试"
CUT_OFF = "连接中断，稍后会重新连接"
NO_TABLES = "里面的表不对，请先运行 publisher db upgrade"
DAMAGED = "文件已损坏，请从备份恢复"
NOT_REACHED = "连不上，请检查数据库服务是否在运行，地址和端口是否正确"


class StoreError(Exception):
    """The database cannot be used; one Chinese sentence for the operator."""


@contextmanager
def plain_errors(name: str, cause: Callable[[DBAPIError], str]) -> Iterator[None]:
    """Let only one plain sentence out; `cause` is "" for an error that is a bug of ours."""
    try:
        yield
    except PoolTimeout:
        raise StoreError(f"数据库 {name}：连接都在使用中，请稍候再试") from None
    except DBAPIError as error:
        why = cause(error)
        if not why and error.connection_invalidated:
            why = CUT_OFF
        if not why:
            raise
        raise StoreError(f"数据库 {name}：{why}") from None


def of_sqlite(error: DBAPIError) -> str:
    """Why SQLite refuses."""
    return of_sqlite_driver(error.orig)


def of_sqlite_driver(error: BaseException | None) -> str:
    """Why SQLite refuses: by its result code, whose low byte is the kind."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    known = {
        sqlite3.SQLITE_BUSY: BUSY,
        sqlite3.SQLITE_LOCKED: BUSY,
        sqlite3.SQLITE_CANTOPEN: "打不开文件，请检查文件夹是否存在、可写",
        sqlite3.SQLITE_READONLY: READ_ONLY,
        sqlite3.SQLITE_PERM: READ_ONLY,
        sqlite3.SQLITE_FULL: FULL,
        sqlite3.SQLITE_IOERR: "读写磁盘出错，请检查磁盘",
        sqlite3.SQLITE_NOTADB: "这个文件不是数据库",
        sqlite3.SQLITE_CORRUPT: DAMAGED,
    }
    if code == sqlite3.SQLITE_ERROR and "no such" in str(error):
        return NO_TABLES
    return known.get(code, "")


def of_postgres(error: DBAPIError) -> str:
    """Why PostgreSQL refuses: by SQLSTATE, and by its words where it did not let us in."""
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return _STATES.get(state) or _STATE_CLASSES.get(state[:2], "")
    if error.connection_invalidated:
        return CUT_OFF
    if type(error.orig).__name__ == "DataError":  # found by the driver before it asks the server
        return "内容里有数据库不能保存的字符"
    if type(error.orig).__name__ not in {"OperationalError", "ConnectionTimeout"}:
        return ""
    said = str(error.orig).lower()
    return next((why for word, why in _AT_THE_DOOR if word in said), NOT_REACHED)


_STATES = {
    "25006": READ_ONLY,
    "25P03": CUT_OFF,
    "22001": "有一项内容太长，超过了规定的长度",
    "28000": "账号不对，或服务器不许从这里连接",
    "28P01": "账号或密码不对",
    "3D000": "服务器上没有这个数据库，请先建库",
    "40001": BUSY,
    "40P01": BUSY,
    "42501": "账号的权限不够",
    "42P01": NO_TABLES,
    "42703": NO_TABLES,
    "53100": FULL,
    "53300": "服务器的连接数已满，请稍候再试",
    "55P03": BUSY,
    "57014": "操作被服务器取消，请稍候再试",
}
_STATE_CLASSES = {
    "08": CUT_OFF,
    "53": "服务器资源不足",
    "57": "服务器正在停止或启动，稍后会重新连接",
    "58": "服务器读写磁盘出错，请检查磁盘",
}
# Before it lets us in, the driver gives no state. A server that speaks another language than
# English is met with the sentence that fits all of these.
_AT_THE_DOOR = (
    ("password", "账号或密码不对"),
    ("pg_hba.conf", "账号不对，或服务器不许从这里连接"),
    ("role ", "账号或密码不对"),
    ("database system is", "服务器正在停止或启动，稍后会重新连接"),
    ("does not exist", "服务器上没有这个数据库，请先建库"),
    ("too many", "服务器的连接数已满，请稍候再试"),
    ("connection slots", "服务器的连接数已满，请稍候再试"),
)


def of_files(error: OSError) -> str:
    """Why a file or folder beside the database cannot be made."""
    known = {
        errno.ENOSPC: FULL,
        errno.EDQUOT: FULL,
        errno.EROFS: READ_ONLY,
        errno.EACCES: READ_ONLY,
        errno.EPERM: READ_ONLY,
        errno.ENOTDIR: "路径里有一段是文件，不是文件夹",
        errno.EEXIST: "应为文件夹的地方有一个文件",
        errno.EISDIR: "应为文件的地方有一个文件夹",
        errno.ENOENT: "没有这个文件夹",
    }
    return known.get(error.errno or 0, "读写磁盘出错，请检查磁盘")
