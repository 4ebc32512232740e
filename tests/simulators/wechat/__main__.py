"""Run in the foreground until SIGTERM or the end of standard input.

    python -m tests.simulators.wechat --port 18820

Prints one line of JSON with the address once it answers; a browser finds the account there.
"""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from tests.simulators.wechat import Account, WeChatSimulator


def main() -> None:
    parser = argparse.ArgumentParser(description="模拟微信公众号接口")
    parser.add_argument("--port", type=int, default=0, help="端口；0 为任意空闲端口")
    parser.add_argument("--polls", type=int, default=1, help="查询几次后发布结束")
    parser.add_argument("--verdict", type=int, default=0, help="发布结束时的 publish_status")
    parser.add_argument("--remember", type=Path, default=None, help="把收到的存在这个文件里")
    parser.add_argument("--app-id", default=Account().app_id)
    parser.add_argument("--app-secret", default=Account().app_secret)
    chosen = parser.parse_args()
    account = Account(
        app_id=chosen.app_id,
        app_secret=chosen.app_secret,
        polls=chosen.polls,
        verdict=chosen.verdict,
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    simulator = WeChatSimulator(chosen.port, account)
    if chosen.remember:
        simulator.remember(chosen.remember)
    with simulator:
        print(json.dumps({"url": simulator.url}), flush=True)  # noqa: T201 - the caller waits for it
        threading.Thread(target=_when_input_ends, args=(stop,), daemon=True).start()
        stop.wait()


def _when_input_ends(stop: threading.Event) -> None:
    """Read past Python's buffer: its lock must not be held when the process ends."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop.set()


if __name__ == "__main__":
    main()
