"""What a follower's phone will show, or what staff read of a deletion. Pure."""

from collections.abc import Mapping

from publisher.channel import Page, Pane, Rendition, Width, panes_by_type

ARTICLE = "article.html"
WITHDRAWAL = "withdrawal.html"

_TITLES: Mapping[str, str] = {
    ARTICLE: "关注者手机上的文章",
    WITHDRAWAL: "要删除的文章（只给工作人员看）",
}


def pages(rendition: Rendition) -> tuple[Pane, ...]:
    """The pages of the rendition at the width of a phone: they hold their style, and find their
    pictures among its files.
    """
    shown = tuple(
        Page(title=_TITLES[file.name], file=file.name, width=Width.PHONE)
        for file in rendition.files
        if file.name in _TITLES
    )
    return shown or panes_by_type(rendition.files)
