"""Alerts through a command of the city's own: the text comes on its standard input."""

import subprocess
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from publisher.alert import Alert, AlertFailed, Hook


class Options(BaseModel):
    """`command` is run as it stands, without a shell; exit code 0 says that it was taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: Annotated[tuple[str, ...], Field(min_length=1)]
    timeout: Annotated[float, Field(gt=0, le=300)] = 30.0


class Command:
    def __init__(self, options: Options) -> None:
        self._options = options

    def tell(self, alert: Alert) -> int:
        name = self._options.command[0]
        try:
            done = subprocess.run(
                self._options.command,
                input=alert.text().encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=self._options.timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            limit = f"{self._options.timeout:g}"
            raise AlertFailed(f"提醒命令 {name} 在 {limit} 秒内没有结束，已停掉") from None
        except OSError as error:
            raise AlertFailed(f"提醒命令 {name} 运行不了：{error.strerror}") from None
        if done.returncode != 0:
            raise AlertFailed(f"提醒命令 {name} 出错，退出码 {done.returncode}")
        return len(alert.lines)


def build(options: Options) -> Hook:
    return Command(options)
