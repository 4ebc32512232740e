"""The words around a number that tell what it is."""

import re

from publisher.privacy.text import Text
from publisher.privacy.windows import Window

_ID_WORDS = re.compile(r"身份证|身份号码|证件号")
_CARD_WORDS = re.compile(r"卡号|银行卡|[账帐][号户]|存折|一卡通")
_PHONE_WORDS = re.compile(r"手机|电话|联系方式|微信|号码")
_CREDIT_WORDS = re.compile(r"信用代码")
_CODE_WORDS = re.compile(
    r"(?:编号|编码|代码|序号|批号|案号|文号|项目号|合同号|索引号|流水号|订单号|单号|备案号"
    r"|许可证号|资格证号|执业证号|招标|投标|采购|标段)[为是]?[:\s]*$"
)
_CODE_BEFORE = re.compile(r"[A-Za-z][0-9A-Za-z_/.-]*[_/.-]$|[A-Za-z_]$")
_CODE_AFTER = re.compile(r"[A-Za-z_]")
_PUBLIC_ACCOUNT = re.compile(
    r"户名:?[^\n]{0,24}(?:局|公司|政府|委员会|中心|办公室|集团|医院|学校|协会|法院|专户)"
    r"|财政专户|对公|国库|非税|保证金|收款单位|单位账户"
)
_AMOUNT = re.compile(
    r"(?:\.[0-9]{1,4}(?![0-9]))?[ ]?(?:元|美元|吨|公斤|千克|平方|立方|公里|亩|%|％|㎡)"
    r"|\.[0-9]|[ ]?[万亿]"
)
_MONEY_SIGN = re.compile(r"[¥￥$]\s?$")


def near_id_word(text: Text, at: int) -> bool:
    return bool(_ID_WORDS.search(text.before(at, 16)))


def near_card_word(text: Text, at: int) -> bool:
    return bool(_CARD_WORDS.search(text.before(at, 16)))


def near_phone_word(text: Text, at: int) -> bool:
    return bool(_PHONE_WORDS.search(text.before(at, 12)))


def near_credit_word(text: Text, at: int) -> bool:
    return bool(_CREDIT_WORDS.search(text.before(at, 14)))


def is_public_account(text: Text, window: Window) -> bool:
    """The account of an office, to which fines and deposits are paid, is meant to be known."""
    around = text.before(window.start, 80) + text.after(window.end, 60)
    return bool(_PUBLIC_ACCOUNT.search(around))


def is_code(text: Text, window: Window) -> bool:
    """A number of a document, project or bid: a word says so, or letters belong to it."""
    named = _CODE_WORDS.search(text.before(window.start, 40))
    return bool(named) or is_joined_to_letters(text, window.start, window.end)


def is_joined_to_letters(text: Text, start: int, end: int) -> bool:
    before, after = text.before(start, 40), text.after(end, 1)
    return bool(_CODE_BEFORE.search(before) or _CODE_AFTER.match(after))


def is_amount(text: Text, window: Window) -> bool:
    return bool(
        _AMOUNT.match(text.after(window.end, 12))
        or _MONEY_SIGN.search(text.before(window.start, 3))
        or re.search(r"[0-9]\.$", text.before(window.start, 3))
    )
