"""A plain list of what lies in a folder, for who looks at what was made."""

from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from publisher.figures import size_of

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main id="main" class="frame">
<h1>{title}</h1>
<p>{up}</p>
<table>
<thead><tr><th scope="col">名称</th><th scope="col">大小</th><th scope="col">时间</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>
"""


def listing(folder: Path, names: str) -> str:
    """The page of a folder; `names` is the way to it from the one at the top, "" for that."""
    shown = sorted(
        (path for path in folder.iterdir() if not path.name.startswith(".")),
        key=lambda path: (path.is_file(), path.name),
    )
    if not names:  # beside the folders of the channels lies what is no one's to see
        shown = [path for path in shown if path.is_dir()]
    return _PAGE.format(
        title=escape(f"输出文件夹　{names}".strip("　")),
        up='<a href="../">上一级</a>' if names else "各渠道写出的文件",
        rows="\n".join(map(_row, shown)),
    )


def _row(path: Path) -> str:
    name = path.name + ("/" if path.is_dir() else "")
    facts = path.stat()
    at = datetime.fromtimestamp(facts.st_mtime).astimezone()
    size = size_of(facts.st_size) if path.is_file() else "文件夹"
    link = f'<a href="./{quote(name)}">{escape(name)}</a>'
    return f"<tr><td>{link}</td><td>{size}</td><td>{at:%Y-%m-%d %H:%M}</td></tr>"
