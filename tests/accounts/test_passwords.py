"""Which passwords are good enough."""

import pytest

from publisher.accounts import AccountError
from publisher.accounts.passwords import a_temporary_password
from publisher.accounts.policy import check_password


@pytest.mark.parametrize(
    "good",
    [
        "correct horse battery",
        "Tr0ub4dor&3",
        "西瓜 自行车 灯塔 三月 雨伞 铁路",
        "abc-Weide-99",
        "mhxw-82kq-rtnp-b6vz",
        "Chuntian2031!hua",
        "x" + "Yz7-" * 31,
    ],
)
def test_good_ones(good: str) -> None:
    check_password(good, login="zhangmin", name="张敏")


@pytest.mark.parametrize(
    ("bad", "part"),
    [
        ("", "太短"),
        ("lowercaseon", "太短：至少 12 个字符"),
        ("Abc-Weid9", "至少 10 个"),
        ("x" * 129, "最多 128"),
        ("correct\nhorse battery", "看不见的字符"),
        ("correct\x00horse battery", "看不见的字符"),
        ("correct\ud800horse battery", "看不见的字符"),
        ("the ZhangMin password", "登录名或姓名"),
        ("我是张敏，请让我登录进来吧", "登录名或姓名"),
        ("Password@2026", "太常见"),
        ("P@ssw0rd2026", "太常见"),
        ("Ｐassword＠2026", "太常见"),
        ("admin@123456", "太常见"),
        ("Zhengwugongkai2026!", "太常见"),
        ("123456789012", "太常见"),
        ("qwertyuiop123456", "太常见"),
        ("1qaz2wsx3edc", "太常见"),
        ("1q2w3e4r5t6y", "太常见"),
        ("aaaaaaaaaaaaaa", "太常见"),
        ("121212121212", "太常见"),
        ("abcabcabcabc", "太常见"),
        ("987654321098", "太常见"),
    ],
)
def test_bad_ones_with_the_reason(bad: str, part: str) -> None:
    with pytest.raises(AccountError, match=part) as refused:
        check_password(bad, login="zhangmin", name="张敏")
    assert refused.value.field == "password"
    assert not bad or bad not in str(refused.value)


def test_a_short_login_may_be_in_it_by_chance() -> None:
    check_password("delicious pancake", login="li", name="李")


def test_temporary_ones_are_never_the_same() -> None:
    made = {a_temporary_password() for _ in range(1000)}
    assert len(made) == 1000
    for one in made:
        check_password(one, login="zhangmin", name="张敏")
