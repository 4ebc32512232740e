"""A clerk's desk: a folder with a configuration, and the command line run in it for real."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.city import KEYS, an_item_object
from tests.support.postbox import PostboxSimulator
from tests.support.quick_cli import quickly

CONFIG = """
[city]
name = "辛集市"
area_code = "130181"
[site]
name = "辛集市人民政府"
base_url = "https://www.xinji.example"
[storage]
data = "data"
inbox = "inbox"
output = "output"
fonts = "fonts"
[intake]
fields = ["财政预决算"]
[subscribers]
topics = ["财政预决算"]
encryption_key = { env = "KEY_ONE" }
index_key = { env = "KEY_TWO" }
[channels.post]
adapter = "tests.support.postbox"
title = "邮箱"
retry = { attempts = 2, base = 1, ceiling = 1 }
[channels.post.options]
base_url = { env = "BOX" }
timeout = 1.0
"""


class Desk:
    """A folder with a configuration, and the command line run in it."""

    def __init__(self, folder: Path, box: PostboxSimulator) -> None:
        self.folder = folder
        (folder / "publisher.toml").write_text(CONFIG, "utf-8")
        self.environment = {
            **os.environ,
            "PUBLISHER_CONFIG": str(folder / "publisher.toml"),
            "KEY_ONE": KEYS["encryption_key"],
            "KEY_TWO": KEYS["index_key"],
            "BOX": box.url,
            "COLUMNS": "100",
        }

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        done = quickly(words, self.environment, given)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "publisher", *words]

    def json(self, *words: str) -> Any:
        done = self.run(*words, "--json")
        return json.loads(done.stdout)

    def item(self, item_id: str = "A-1", **changes: Any) -> str:
        file = self.folder / f"{item_id}.json"
        file.write_text(json.dumps(an_item_object(item_id, **changes)), "utf-8")
        return str(file)

    def approved(self, item_id: str = "A-1") -> str:
        return self.approve(self.item(item_id))

    def approve(self, file: str) -> str:
        done = self.run(
            "approve", file, "--by", "张敏:初审", "--by", "李强:复审", "--by", "王芳:终审"
        )
        assert done.returncode == 0, done.stderr
        return file
