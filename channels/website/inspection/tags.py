"""The meta tags that harvesters of government sites read (国办发〔2017〕47号)."""

import re
from collections.abc import Iterator
from typing import get_args

from channels.website.inspection.page import Page, text
from channels.website.inspection.scene import Scene
from channels.website.options import ColumnType
from publisher.channel import Breach

SITE = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
CONTENT = ("ArticleTitle", "PubDate", "ContentSource")
_GROUPS = {"站点标签": SITE, "栏目标签": COLUMN, "内容标签": CONTENT}
_COLUMNS = frozenset({"home", "catalogue", "list", "lists", "item"})
"""Kinds of pages that belong to a column. A statement such as 404 belongs to none."""
_TORN = {
    ("withdrawn", "item"): "网页已撤回，但没有撤回标记（.gone），旧附件的网址不会答复“已撤回”",
    ("item", "withdrawn"): "本条信息已撤回，网页上却仍是原文",
}
"""What a page says and what its folder says, where the two are at odds."""
_CODE = re.compile(r"\d{10}|bm\d{8}")


def check(page: Page, scene: Scene) -> Iterator[Breach]:
    yield from _kind(page, scene)
    for rule, names in _GROUPS.items():
        for name in names:
            if name in page.meta or _needs(page.kind, rule):
                yield from _one(page, rule, name)
    for rule, name, sentence in _wrong(page, scene):
        if page.said(name):
            yield Breach(page.name, rule, sentence)


def _kind(page: Page, scene: Scene) -> Iterator[Breach]:
    belongs = scene.tree.kind(page.name)
    if (page.kind, belongs) in _TORN:
        yield Breach(page.name, "撤回", f"{_TORN[page.kind, belongs]}；请重新发送撤回")
    elif page.kind != belongs:
        found = f"是“{page.kind}”" if page.kind else "没有写"
        yield Breach(
            page.name,
            "网页种类",
            f"body 的 class {found}，此处应为“{belongs}”；请用 publisher rebuild 重新生成",
        )


def _needs(kind: str, rule: str) -> bool:
    match rule:
        case "站点标签":
            return True
        case "栏目标签":
            return kind in _COLUMNS
        case _:
            return kind == "item"


def _one(page: Page, rule: str, name: str) -> Iterator[Breach]:
    values = page.meta.get(name, [])
    if not values:
        yield Breach(
            page.name,
            rule,
            f"缺少 meta 标签 {name}；请在网站设置或稿件中补上后用 publisher rebuild 重新生成",
        )
    elif len(values) > 1:
        yield Breach(page.name, rule, f"meta 标签 {name} 写了 {len(values)} 个；请只留一个")
    elif not values[0]:
        yield Breach(page.name, rule, f"meta 标签 {name} 没有内容；请在网站设置或稿件中填上")


def _wrong(page: Page, scene: Scene) -> Iterator[tuple[str, str, str]]:
    """Rule, tag and sentence of every value that cannot be right."""
    site, said = scene.site, page.said
    for name, wanted in (("SiteName", site.name), ("SiteDomain", site.domain)):
        if said(name) != wanted:
            yield "站点标签", name, f"{name} 是“{said(name)}”，应与设置的“{wanted}”一致"
    code, wanted = said("SiteIDCode"), site.options.site_code
    if not _CODE.fullmatch(code):
        yield (
            "站点标签",
            "SiteIDCode",
            f"SiteIDCode“{code}”不合样式；网站标识码应为10位数字，或bm加8位数字",
        )
    elif wanted and code != wanted:
        yield "站点标签", "SiteIDCode", f"SiteIDCode 是“{code}”，应与设置的“{wanted}”一致"
    if said("ColumnType") not in get_args(ColumnType):
        yield (
            "栏目标签",
            "ColumnType",
            f"ColumnType“{said('ColumnType')}”不在规定的栏目类型之内；请改用规定的名称",
        )
    if page.kind == "item" and "".join(said("ArticleTitle").split()) != text(page.first("h1")):
        yield (
            "内容标签",
            "ArticleTitle",
            "ArticleTitle 与网页上的标题不一致；请用 publisher rebuild 重新生成",
        )
    if said("Url") and scene.addresses.target(page.name, said("Url")).name != page.name:
        yield (
            "内容标签",
            "Url",
            f"Url“{said('Url')}”不是本页的地址；请用 publisher rebuild 重新生成",
        )
