"""The sign-off: who issued it, where the whole can be read, whom to call (said twice)."""

import re
from collections.abc import Iterator

from publisher.channel import House
from publisher.model import Item, PostingPeriod

_PHONE = re.compile(
    r"(?<![0-9A-Za-z])(?:0[0-9]{2,3}[-—－ ]?[0-9]{7,8}|1[3-9][0-9]{9}"
    r"|[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}|[2-9][0-9]{6,7}|1[0-9]{4})(?:转[0-9]{1,5})?(?![0-9A-Za-z])"
)


def closing(item: Item, house: House, *, outline: bool) -> Iterator[str]:
    """Written sentences of the sign-off. The website is named, never spelt."""
    revision = item.revision
    site = site_of(house)
    if revision.posting and "公示期" not in revision.document.text:
        yield _posting(revision.posting)
    if revision.validity != "有效":
        yield f"需要说明的是，这份文件目前的效力状态是：{revision.validity}。"
    what = "全文" if outline else "详细内容"
    yield f"以上信息由{revision.department}发布，{what}可登录{site}查看。"
    if phone := phone_of(item):
        yield f"咨询电话：{phone}。"
        yield f"再播报一遍，咨询电话：{phone}。"


def site_of(house: House) -> str:
    return house.site_name if house.site_name.endswith("网") else f"{house.site_name}网站"


def phone_of(item: Item) -> str:
    """The number in the item's own contact; the city's general number is not offered for it."""
    found = _PHONE.search(item.revision.contact)
    return found[0] if found else ""


def _posting(posting: PostingPeriod) -> str:
    first, last = posting.first, posting.last
    year = "" if last.year == first.year else f"{last.year}年"
    return f"公示期为{first.year}年{first.month}月{first.day}日至{year}{last.month}月{last.day}日。"
