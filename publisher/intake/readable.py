"""What people with a screen reader would miss: said while it can still be mended in the draft.

The check of the site finds it too, but by then it takes a correction with all its approvals.
"""

from collections.abc import Iterator

from publisher.content import Document, ImageBlock, Table, says_something
from publisher.intake.problems import shown


def find_unreadable(document: Document) -> Iterator[str]:
    """Notes for staff; none of it stops an item."""
    tables = (block for block in document.blocks if isinstance(block, Table))
    for number, table in enumerate(tables, 1):
        if not any(cell.header for row in table.rows for cell in row):
            yield (
                f"正文第 {number} 张表没有表头，读屏软件读不出各格是什么；"
                "请在稿件中把第一行或第一列设为表头（th），或把第一行全部加粗"
            )
    for block in document.blocks:
        if isinstance(block, ImageBlock) and not says_something(block.alt, block.name):
            yield (
                f"图片「{shown(block.name)}」的说明只是文件名，看不见图的人不知道图里是什么；"
                "请在 alt 写明"
            )
