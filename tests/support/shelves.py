"""A shelf for tests of rendering alone: everything stands, in the order of its publication."""

from collections.abc import Sequence

from publisher.channel import Block, Card, HasLists, ListPage, Near, Rendition, Shelf
from publisher.model import Item


def rendered(channel: HasLists, items: Sequence[Item], recent: Sequence[Item] = ()) -> Rendition:
    """What goes out with `items` where `recent` stand already: all pages of all lists."""
    return channel.render(items, shelf_of(channel, items, recent))


def shelf_of(channel: HasLists, items: Sequence[Item], recent: Sequence[Item] = ()) -> Shelf:
    newest = {item.id: item for item in (*recent, *items)}
    ordered = sorted(newest.values(), key=lambda item: (item.published_at, item.url))
    cards = [channel.card(item) for item in ordered]
    lists = list(dict.fromkeys(name for card in cards for name in card.lists))
    in_list = {name: [card for card in cards if name in card.lists] for name in lists}
    listed = [card for card in cards if card.listed]
    return Shelf(
        lists=tuple(lists),
        grown=True,
        pages=tuple(page for name in lists for page in _pages(name, in_list[name], channel)),
        fronts={
            name: tuple([card for card in in_list.get(name, ()) if card.listed][: -most - 1 : -1])
            for name, most in channel.fronts.items()
        },
        near={item.id: _near(item, ordered, listed) for item in items},
        blocks=(Block(number=1, entries=tuple((card.url, card.changed_at) for card in listed)),),
        block_count=1,
        first=cards[0] if cards else None,
    )


def _pages(name: str, cards: Sequence[Card], channel: HasLists) -> list[ListPage]:
    size = channel.per_page
    sealed = len(cards) // size
    told = [(card.news_at, card.url, card) for card in cards if card.news_at]
    changed = [card for *_, card in sorted(told, key=lambda one: one[:2], reverse=True)]
    pages = [
        ListPage(
            list=name,
            number=one,
            cards=tuple(reversed(cards[(one - 1) * size : one * size])),
            sealed=sealed,
        )
        for one in range(1, sealed + 1)
    ]
    head = cards[max(sealed - 1, 0) * size :]
    pages.append(
        ListPage(
            list=name,
            number=None,
            cards=tuple(reversed(head)),
            sealed=sealed,
            changed=tuple(changed),
        )
    )
    return pages


def _near(item: Item, ordered: Sequence[Item], listed: Sequence[Card]) -> Near:
    place = [one.id for one in ordered].index(item.id)
    before = {one.id for one in ordered[:place]}
    after = {one.id for one in ordered[place + 1 :]}
    related = {card.item_id for card in listed if item.id in card.related}
    related |= set(item.revision.related)
    return Near(
        older=next((card for card in reversed(listed) if card.item_id in before), None),
        newer=next((card for card in listed if card.item_id in after), None),
        partners=tuple(card for card in listed if card.item_id in related),
    )
