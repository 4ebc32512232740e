"""What a page should never do: lead citizens elsewhere behind their backs, or hide from searches.

Where a page does, someone has most likely broken into the site.
"""

from collections.abc import Iterator

from channels.website.inspection.page import Page
from channels.website.inspection.scene import Scene
from publisher.channel import Breach

RULE, UNSEEN = "引向别处", "拒绝收录"
_MEND = "请查明是否被改动，并用 publisher rebuild 重新生成"
_HARMLESS = frozenset({"content-language", "x-ua-compatible"})
_UNSOUGHT = frozenset({"withdrawn", "lost", "search"})
"""Kinds of pages that no search engine should show."""


def check(page: Page, scene: Scene) -> Iterator[Breach]:
    for sentence in (*_orders(page), *_canonical(page, scene), *_forms(page, scene)):
        yield Breach(page.name, RULE, f"{sentence}；{_MEND}")
    if page.kind not in _UNSOUGHT and any(map(_refuses, page.meta.items())):
        yield Breach(page.name, UNSEEN, f"网页不让搜索引擎收录（noindex）；{_MEND}")


def _orders(page: Page) -> Iterator[str]:
    """What the browser is told to do by itself."""
    for element in page.all("meta"):
        order = str(element.get("http-equiv", "")).strip().lower()
        if order and order not in _HARMLESS:
            yield f"网页中有 http-equiv 为 {order} 的 meta 标签，可以把群众带到别处"
    if page.all("base"):
        yield "网页中有 base 标签，会改变所有链接的去向"


def _canonical(page: Page, scene: Scene) -> Iterator[str]:
    for link in page.all("link"):
        href = str(link.get("href", ""))
        of_itself = "canonical" in str(link.get("rel", "")).lower().split()
        if of_itself and scene.addresses.target(page.name, href).name != page.name:
            yield f"网页说自己的正式地址（canonical）是“{href[:80]}”，搜索引擎会改收那里"


def _forms(page: Page, scene: Scene) -> Iterator[str]:
    for element in page.everything:
        for name in ("action", "formaction"):
            target = element.get(name)
            if target is not None and scene.addresses.target(page.name, target).name is None:
                yield f"表单会把群众填写的内容送到“{target[:80]}”"


def _refuses(meta: tuple[str, list[str]]) -> bool:
    """Whether a tag for search engines, or for one of them, says that they shall pass by."""
    name, values = meta
    told = {word.strip() for value in values for word in value.lower().split(",")}
    return name.lower().endswith(("robots", "bot", "spider")) and bool(told & {"noindex", "none"})
