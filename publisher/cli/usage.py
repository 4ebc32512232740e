"""Wrong use of the command line, as one Chinese sentence that names the option and the mend."""

from collections.abc import Callable
from typing import Any

import typer


class WrongUse(typer.TyperException):
    """A command that cannot be understood; the sentence says how it is to be written."""

    exit_code = 2


def whole_number(option: str, least: int, most: int) -> Callable[[Any], int]:
    """What reads a number on the command line."""

    def read(given: Any) -> int:
        text = str(given).strip()
        if text.isdecimal() and least <= int(text) <= most:
            return int(text)
        raise WrongUse(f"{option} 后面的「{text}」不对，应为 {least} 到 {most} 的整数")

    return read


def in_chinese(error: typer.TyperException) -> str:
    """The sentence for an error of ours or of the library's.

    The library's errors have no public names but this one's, so they are told apart by what they
    carry.
    """
    if isinstance(error, WrongUse):
        return error.message
    context = getattr(error, "ctx", None)
    where = f"；写法见 {context.command_path if context else 'publisher'} --help"
    option, param = getattr(error, "option_name", None), getattr(error, "param", None)
    if param is not None and hasattr(error, "param_type"):
        return f"缺少 {_named(param)}{where}"
    if hasattr(error, "possibilities"):
        near = "、".join(sorted(error.possibilities or ()))
        return f"没有 {option} 这个选项{f'，是不是 {near}' if near else ''}{where}"
    if option:
        flag = "does not take" in error.message
        return f"选项 {option} {'后面不带值' if flag else '后面少了要写的值'}{where}"
    if param is not None:
        return f"{names_of(param)} 的值不对{where}"
    return f"命令的写法不对{where}"


def names_of(param: Any) -> str:
    """How a person writes a parameter: --why, or what stands for an argument."""
    return str(param.opts[-1] if param.param_type_name == "option" else param.metavar or param.name)


def _named(param: Any) -> str:
    of = f" {param.metavar}" if param.param_type_name == "option" and param.metavar else ""
    return f"{names_of(param)}{of}（{param.help}）"
