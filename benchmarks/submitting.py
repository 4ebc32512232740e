"""Submit through the API, with the demo's five channels: each renders the item at the door.

The console, the simulators and who asks share one process and so two cores; nothing is sent.
"""

import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console

from tests.simulators.wechat import WeChatSimulator
from tests.simulators.yunmas import YunMasSimulator
from tests.support.cms import office_of
from tests.support.demo_city import demo_city, demo_item

_ITEMS = 60
_WARM = 5
"""Of them, not counted: typesetters start with the first."""


def show(screen: Console) -> None:
    """Print how long an item takes: one with a picture and a table of five channels' renditions."""
    with (
        tempfile.TemporaryDirectory() as folder,
        WeChatSimulator() as wechat,
        YunMasSimulator() as sms,
        demo_city(Path(folder), wechat, sms) as city,
        office_of(city) as cms,
    ):
        city.clock.now = datetime.now(UTC)
        given = {**json.loads(demo_item("T06")), "approval": None}
        taken = []
        for number in range(_ITEMS):
            item = {**given, "id": f"BENCH-{number}", "title": f"{given['title'][:20]}{number}"}
            body = city.approved({name: value for name, value in item.items() if value is not None})
            begun = time.monotonic()
            answer = cms.post("/items", body)
            taken.append(time.monotonic() - begun)
            assert answer.status_code == 201, answer.text
    taken = taken[_WARM:]
    screen.print(
        f"{len(taken)} items submitted through the API, rendered by five channels: "
        f"median {median(taken) * 1000:.0f} ms, 95% {quantiles(taken, n=20)[-1] * 1000:.0f} ms\n"
    )
