"""The TOML file of the settings, with its secrets put in and its paths resolved.

A value of the form { env = "NAME" } or { file = "/path" } is a secret: it is taken from the
environment or the file and never stands in the TOML. Relative paths are relative to the folder of
the TOML file.
"""

import os
import tomllib
from pathlib import Path
from typing import Any


class ConfigError(Exception):
    """The configuration cannot be used; the sentence names the key. Nothing catches this."""


def read_table(path: Path) -> dict[str, Any]:
    """What the file says. Raises ConfigError if it cannot be read, or a secret is not there."""
    folder = path.resolve().parent
    table = _without_disabled(_read(path))
    table = {key: _with_secrets(value, key, folder) for key, value in table.items()}
    _resolve_paths(table.get("storage"), folder)
    return table


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"找不到配置文件 {path}，请用 --config 或 PUBLISHER_CONFIG 指明"
        ) from None
    except OSError as error:
        raise ConfigError(f"读不了配置文件 {path}：{error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"配置文件 {path} 不是 UTF-8 编码") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"配置文件 {path} 不是正确的 TOML：{error}") from None


def _without_disabled(table: dict[str, Any]) -> dict[str, Any]:
    """A channel that is taken out needs no options, and so no secrets."""
    channels = table.get("channels")
    for stanza in channels.values() if isinstance(channels, dict) else ():
        if isinstance(stanza, dict) and stanza.get("enabled") is False:
            stanza.pop("options", None)
    return table


def _with_secrets(value: Any, key: str, folder: Path) -> Any:
    """The same value with every { env = … } and { file = … } replaced by what it points to."""
    if isinstance(value, list):
        return [_with_secrets(one, f"{key}[{place}]", folder) for place, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    match value:
        case {"env": str(name)} if len(value) == 1:
            if not (found := os.environ.get(name)):
                raise ConfigError(f"{key}：环境变量 {name} 没有设置")
            return found
        case {"file": str(name)} if len(value) == 1:
            try:
                return (folder / name).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise ConfigError(f"{key}：读不了密钥文件 {name}") from None
    return {name: _with_secrets(one, f"{key}.{name}", folder) for name, one in value.items()}


def _resolve_paths(storage: object, folder: Path) -> None:
    if isinstance(storage, dict):
        for name, value in storage.items():
            if isinstance(value, str) and name != "database":  # that one is an address
                storage[name] = (folder / value).resolve()
