"""RSS 2.0."""

from typing import Any

from lxml import etree

from tests.support.feed_rules.parts import (
    html_breaches,
    is_address,
    is_media_type,
    mail_moment,
    parsed,
    twice,
)

_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CHANNEL = {
    "title",
    "link",
    "description",
    "language",
    "copyright",
    "managingEditor",
    "webMaster",
    "pubDate",
    "lastBuildDate",
    "category",
    "generator",
    "docs",
    "ttl",
    "image",
    "item",
}
_ITEM = {
    "title",
    "link",
    "description",
    "author",
    "category",
    "comments",
    "enclosure",
    "guid",
    "pubDate",
    "source",
}
_MANY = {"item", "category"}


def rss_breaches(url: str, data: bytes) -> list[str]:
    try:
        root = parsed(data)
    except etree.XMLSyntaxError as error:
        return [f"not well-formed: {error}"]
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        return ["the root is not rss 2.0 with one channel"]
    (channel,) = channels
    items = channel.findall("item")
    found = [*_counts(channel, "channel", _CHANNEL), *_head(channel, url)]
    found += twice("the guid", [str(item.findtext("guid")) for item in items])
    for item in items:
        found += [f"{item.findtext('guid')}: {one}" for one in _item(item)]
    return found


def _head(channel: Any, url: str) -> list[str]:
    found = [
        f"no {name}"
        for name in ("title", "link", "description", "language", "lastBuildDate")
        if not (channel.findtext(name) or "").strip()
    ]
    links = channel.findall(_ATOM_LINK)
    selves = [link.get("href") for link in links if link.get("rel") == "self"]
    if selves != [url]:
        found.append(f"its own address is given as {selves}")
    found += [
        f"the link {link.get('href')!r}" for link in links if not is_address(link.get("href"))
    ]
    built = mail_moment(channel.findtext("lastBuildDate"))
    dates = [mail_moment(item.findtext("pubDate")) for item in channel.findall("item")]
    if built and any(date > built for date in dates if date):
        found.append("built before one of its items was published")
    return found


def _counts(element: Any, what: str, known: set[str]) -> list[str]:
    names = [str(one.tag) for one in element if isinstance(one.tag, str) and one.tag[0] != "{"]
    found = [f"<{name}> in the {what}" for name in dict.fromkeys(names) if name not in known]
    found += [
        f"{names.count(n)} <{n}>"
        for n in dict.fromkeys(names)
        if names.count(n) > 1 and n not in _MANY
    ]
    if not is_address(element.findtext("link")):
        found.append(f"the link {element.findtext('link')!r} of the {what}")
    for name in ("pubDate", "lastBuildDate"):
        text = element.findtext(name)
        if text is not None and not mail_moment(text):
            found.append(f"{name} {text!r} is no time of RFC 5322")
    return found


def _item(item: Any) -> list[str]:
    found = _counts(item, "item", _ITEM)
    for name in ("title", "guid", "pubDate"):
        if not (item.findtext(name) or "").strip():
            found.append(f"no {name}")
    guid = item.find("guid")
    if guid is not None and guid.get("isPermaLink") not in {"true", "false"}:
        found.append("a guid that does not say whether it is an address")
    if guid is not None and guid.get("isPermaLink") == "true" and not is_address(guid.text):
        found.append("a guid that is called an address and is none")
    author = item.findtext("author")
    if author is not None and "@" not in author:
        found.append("an author without a mail address")
    for one in item.findall("enclosure"):
        if not (is_address(one.get("url")) and is_media_type(one.get("type"))):
            found.append(f"the enclosure {dict(one.attrib)}")
        if not (one.get("length") or "").isdigit():
            found.append("an enclosure without a length")
    for name in ("description", _CONTENT):
        if (text := item.findtext(name)) is not None:
            found += [f"{name}: {one}" for one in html_breaches(text)]
    return found
