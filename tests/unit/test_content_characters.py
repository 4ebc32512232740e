"""Characters: which go silently, which refuse the item, which must stay."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.content import ContentError, clean_text, find_forbidden, parse_body


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("甲\u200b乙\ufeff丙\u00ad丁\u2060", "甲乙丙丁"),
        ("甲\u00a0乙\u2003丙", "甲 乙 丙"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("e\u0301", "é"),
        ("甲\u3164乙", "甲乙"),
    ],
)
def test_invisible_characters_of_word_processors_go(typed: str, kept: str) -> None:
    assert find_forbidden(typed) == []
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    "words",
    [
        "２３０台",
        '"直引号"和“弯引号”',
        "𬱖𠮷",
        "80㎡、4.5×10³ m²、①②",
        "㈠（一）",
        "　　缩进",
        "\U000323b0",
    ],
)
def test_wording_is_never_touched(words: str) -> None:
    assert clean_text(words) == words
    assert find_forbidden(words) == []


@pytest.mark.parametrize(
    "char",
    [
        "\x00",
        "\x0b",
        "\x0c",
        "\x1b",
        "\x7f",
        "\x85",
        "\u202a",
        "\u202e",
        "\u2066",
        "\u2069",
        "�",
        "\ue000",
        "\uf0b7",
        "\U000f0000",
        "\ufffe",
        "\U0002fffe",
        "\U000e0041",
    ],
)
def test_dangerous_characters_are_found_with_their_place(char: str) -> None:
    assert find_forbidden(f"甲{char}乙") == [(1, f"U+{ord(char):04X}")]
    with pytest.raises(ContentError, match=rf"“甲”之后.*U\+{ord(char):04X}"):
        parse_body(f"甲{char}乙", "text")


@pytest.mark.parametrize("entity", ["&#x202e;", "&#xe000;", "&#xfffd;", "&#x2066;"])
def test_an_entity_is_no_back_door(entity: str) -> None:
    for body_format in ("html", "markdown"):
        with pytest.raises(ContentError, match="甲”之后"):
            parse_body(f"<p>甲{entity}乙</p>", body_format)


@pytest.mark.parametrize("entity", ["&#8203;", "&shy;", "&#xfeff;", "&zwnj;"])
def test_harmless_entities_vanish_like_their_characters(entity: str) -> None:
    assert parse_body(f"<p>甲{entity}乙&nbsp;丙</p>", "html").text == "甲乙 丙"


@given(st.text())
def test_cleaning_is_final_and_never_makes_anything_forbidden(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert len(find_forbidden(cleaned)) <= len(find_forbidden(text))


@given(st.text(max_size=60), st.sampled_from(["html", "markdown", "text"]))
def test_any_text_is_either_refused_or_clean(text: str, body_format: str) -> None:
    try:
        document = parse_body(text, body_format)
    except ContentError:
        return
    assert document.blocks
    for shown in (document.text, document.html):
        assert all(
            unicodedata.category(char) not in {"Cc", "Cf", "Co"} for char in shown.replace("\n", "")
        )


@given(st.text(alphabet="<>/&;*_`#|-[]()!\\ \n\t\"'=apibrtdoulh一、（）。1.　", max_size=80))
def test_mark_up_gone_wrong_raises_nothing_but_content_errors(text: str) -> None:
    for body_format in ("html", "markdown", "text"):
        try:
            html = parse_body(text, body_format).html
        except ContentError:
            continue
        assert parse_body(html, "html").html == html
