"""What a reader with a screen reader needs of every page, and what the security policy forbids."""

from collections.abc import Iterator
from urllib.parse import unquote

from channels.website.inspection.page import Page, in_body, text
from channels.website.inspection.scene import Scene
from publisher.channel import Breach
from publisher.content import says_something

_DATA = frozenset({"application/ld+json", "application/json"})


def check(page: Page, scene: Scene) -> Iterator[Breach]:
    del scene
    for rule, sentence in (
        *_frame(page),
        *_letters(page),
        *_pictures(page),
        *_tables(page),
        *_inline(page),
    ):
        yield Breach(page.name, rule, sentence)


def _frame(page: Page) -> Iterator[tuple[str, str]]:
    if not str(page.first("html").get("lang", "")).lower().startswith("zh"):
        yield "网页结构", "html 标签没有写明语言是中文；lang 应为 zh-CN"
    if not text(page.first("title")):
        yield "网页结构", "网页没有 title；请补上标题"
    heads = [head for head in page.all("h1") if text(head)]
    if len(heads) != 1:
        yield "网页结构", f"网页应有且只有一个 h1 标题，现有 {len(heads)} 个"
    if not any(one.get("id") == "main" for one in page.all("main")):
        yield (
            "网页结构",
            "没有 id 为 main 的正文区，读屏软件无法跳到正文；请用 publisher rebuild 重新生成",
        )


def _letters(page: Page) -> Iterator[tuple[str, str]]:
    """Whether all of it can be read, on a phone too."""
    charsets = {str(one.get("charset", "")).lower() for one in page.all("meta")} - {""}
    if charsets != {"utf-8"} or not page.is_utf8:
        yield (
            "网页结构",
            "网页的编码不是 UTF-8，或没有写明，文字会是乱码；请用 publisher rebuild 重新生成",
        )
    if "width=device-width" not in page.said("viewport"):
        yield (
            "网页结构",
            "网页没有适应手机屏幕的 viewport 标签；请用 publisher rebuild 重新生成",
        )
    if any(element.get("hidden") is not None for element in page.everything):
        yield "网页结构", "网页中有隐藏起来（hidden）的内容；请查明是否被改动"


def _pictures(page: Page) -> Iterator[tuple[str, str]]:
    for picture in page.all("img"):
        alt, source = picture.get("alt"), unquote(picture.get("src", ""))
        if alt is None or (in_body(picture) and not says_something(alt, source.split("/")[-1])):
            yield "图片说明", f"图片“{source}”没有 alt 说明文字，或只写了文件名；请在稿件中补上"
    for link in page.all("a"):
        named = text(link) or link.get("aria-label")
        pictures = list(link.iter("img")) if not named else []
        if pictures and not any(str(one.get("alt", "")).strip() for one in pictures):
            yield "图片说明", "只有图片的链接没有说明文字；请给图片写上 alt"


def _tables(page: Page) -> Iterator[tuple[str, str]]:
    for table in page.all("table"):
        heads = list(table.iter("th"))
        if not heads:
            yield "表头", "表格没有表头（th）；请在稿件中把第一行或第一列设为表头"
        elif any(not head.get("scope") for head in heads):
            yield (
                "表头",
                "表头（th）没有写 scope，读屏软件读不出行列关系；请用 publisher rebuild 重新生成",
            )


def _inline(page: Page) -> Iterator[tuple[str, str]]:
    if page.all("style"):
        yield "内嵌代码", "网页中有 style 标签，会被安全策略拦下；请移到样式文件"
    for script in page.all("script"):
        if script.get("src") is None and script.get("type") not in _DATA:
            yield "内嵌代码", "网页中有内嵌脚本，会被安全策略拦下；请移到脚本文件"
    for element in page.everything:
        for name in element.keys():  # noqa: SIM118 - an element yields its children
            if name == "style" or name.startswith("on"):
                yield (
                    "内嵌代码",
                    f"{element.tag} 标签带有 {name} 属性，会被安全策略拦下；请去掉",
                )
