"""What a shelf is asked; each statement is built once."""

from sqlalchemy import Integer, and_, bindparam, exists, func, literal, or_, select

from publisher.store.shelf_tables import cards, lists, places, relations

NAMES = select(lists.c.name).where(lists.c.channel == bindparam("channel")).order_by(lists.c.id)
OLDEST = NAMES.limit(1)
_LINE = literal("\n")
_LINES = _LINE + cards.c.lists + _LINE
_SHOWN = and_(
    places.c.list_id == lists.c.id,
    cards.c.channel == lists.c.channel,
    cards.c.item_id == places.c.item_id,
    cards.c.listed,
    func.replace(_LINES, _LINE + lists.c.name + _LINE, "") != _LINES,  # it has not left the list
    places.c.item_id.not_in(bindparam("without", expanding=True)),
)
NAMES_SHOWN = NAMES.where(exists().where(_SHOWN).correlate(lists))
OTHERS_SHOWN = select(lists.c.id).where(lists.c.id == bindparam("list"), _SHOWN).limit(1)
LISTS = select(lists.c.id, lists.c.name, lists.c.length).where(
    lists.c.channel == bindparam("channel"), lists.c.name.in_(bindparam("names", expanding=True))
)
PLACES_OF = (
    select(lists.c.name, places.c.position, places.c.item_id)
    .join(lists, lists.c.id == places.c.list_id)
    .where(
        lists.c.channel == bindparam("channel"),
        places.c.item_id.in_(bindparam("items", expanding=True)),
    )
)
STRETCH = (
    select(places.c.position, places.c.item_id)
    .where(
        places.c.list_id == bindparam("list"),
        places.c.position >= bindparam("start"),
        places.c.position < bindparam("end"),
    )
    .order_by(places.c.position)
)
BLOCK = (
    select(places.c.position, cards.c.item_id, cards.c.url, cards.c.changed_at, cards.c.listed)
    .join(cards, and_(cards.c.channel == bindparam("channel"), cards.c.item_id == places.c.item_id))
    .where(
        places.c.list_id == bindparam("list"),
        places.c.position >= bindparam("start"),
        places.c.position < bindparam("end"),
    )
)
CHANGED = (
    select(places.c.item_id, places.c.news_at)
    .where(places.c.list_id == bindparam("list"), places.c.news_at.is_not(None))
    .order_by(places.c.news_at.desc(), places.c.item_id.desc())
    .limit(bindparam("most", type_=Integer))
)
CARDS = select(cards).where(
    cards.c.channel == bindparam("channel"), cards.c.item_id.in_(bindparam("items", expanding=True))
)
_LISTED = (
    select(places.c.position, places.c.item_id)
    .join(cards, and_(cards.c.channel == bindparam("channel"), cards.c.item_id == places.c.item_id))
    .where(
        places.c.list_id == bindparam("list"),
        places.c.item_id.not_in(bindparam("without", expanding=True)),
        cards.c.listed,
    )
    .limit(bindparam("most", type_=Integer))
)
BEFORE = _LISTED.where(places.c.position < bindparam("place")).order_by(places.c.position.desc())
AFTER = _LISTED.where(places.c.position > bindparam("place")).order_by(places.c.position)
RELATIONS = select(relations.c.item_id, relations.c.other_id).where(
    relations.c.channel == bindparam("channel"),
    or_(
        relations.c.item_id.in_(bindparam("items", expanding=True)),
        relations.c.other_id.in_(bindparam("items", expanding=True)),
    ),
)
