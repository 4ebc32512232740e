"""What a citizen will see of an item: its page as a browser shows it, and what it offers. Pure."""

from collections.abc import Iterator, Sequence

from channels.website.fixed import worn
from channels.website.places import asset_name, own_pages, page_name
from channels.website.templates import Templates
from publisher.channel import Download, Page, Pane, Rendition
from publisher.model import Item


def panes(items: Sequence[Item], rendition: Rendition, templates: Templates) -> tuple[Pane, ...]:
    """A page for each item, in their order, then the attachments."""
    beside = tuple(worn(templates))
    titles = {page_name(item): item.revision.title for item in items}
    pages = tuple(
        Page(title=titles.get(page.name, page.name), file=page.name, beside=beside)
        for page in own_pages(rendition)
    )
    return (*pages, *_downloads(items, rendition))


def _downloads(items: Sequence[Item], rendition: Rendition) -> Iterator[Pane]:
    """Only what the rendition holds: of a withdrawn item nothing is offered any more."""
    held = {file.name for file in rendition.files}
    for item in items:
        for asset in item.revision.attachments:
            name = asset_name(page_name(item), asset, "attachments")
            if name in held:
                yield Download(title=asset.title, file=name)
