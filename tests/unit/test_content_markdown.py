"""Markdown as our users type it."""

import pytest

from publisher.content import ContentError, parse_body
from tests.unit.outline import outline


def of_markdown(body: str) -> str:
    return outline(parse_body(body, "markdown", frozenset({"图 1.png"})))


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("甲\n乙", "paragraph: 甲\nparagraph: 乙\n"),
        ("- 甲\n  - 乙\n    - 丙\n- 丁", "* 甲\n  * 乙\n    * 丙\n* 丁\n"),
        ("- 甲\n    - 乙\n        - 丙\n- 丁", "* 甲\n  * 乙\n    * 丙\n* 丁\n"),
        ("- 甲\n\t- 乙\n- 丙", "* 甲\n  * 乙\n* 丙\n"),
        ("事项：\n- 甲\n- 乙\n电话：1", "paragraph: 事项：\n* 甲\n* 乙\nparagraph: 电话：1\n"),
        ("- 甲\n  续行\n- 乙", "* 甲⏎续行\n* 乙\n"),
        ("- 甲\n1. 乙\n2. 丙", "* 甲\n1. 乙\n2. 丙\n"),
        ("3. 甲\n4. 乙", "3. 甲\n4. 乙\n"),
        ("1. 甲\n3. 乙", "paragraph: 1. 甲\nparagraph: 3. 乙\n"),
        ("1.优化布局。\n2.落实开放。", "paragraph: 1.优化布局。\nparagraph: 2.落实开放。\n"),
        ("①甲\n②乙", "paragraph: ①甲\nparagraph: ②乙\n"),
        ("2025. 年", "paragraph: 2025. 年\n"),
        (
            "表：\n| 甲 | 乙 |\n| --- | ---: |\n| 1 | 2 |\n注：",
            (
                "paragraph: 表：\ntable 2 wide, 1 head: \n"
                "  # 甲 | # 乙 <right>\n  1 | 2 <right>\nparagraph: 注：\n"
            ),
        ),
        ("| 甲 | 乙 |\n|---|---|\n| 1\\|2 |", "table 2 wide, 1 head: \n  # 甲 | # 乙\n  1|2 | \n"),
        ("# 题\n文\n## 子\n文", "heading 1: 题\nparagraph: 文\nheading 2: 子\nparagraph: 文\n"),
        ("#话题# 开始", "paragraph: #话题# 开始\n"),
        ("甲\n---\n乙", "paragraph: 甲\nparagraph: 乙\n"),
        ("> 甲\n> 乙", "paragraph: 甲\nparagraph: 乙\n"),
        (">60分为优", "paragraph: >60分为优\n"),
        ("    缩进", "paragraph: 缩进\n"),
        ("[注]: 说明", "paragraph: [注]: 说明\n"),
        ("____年__月", "paragraph: ____年__月\n"),
        (
            "见[网](https://a.example/x_(1))和<https://b.example/>",
            (
                "paragraph: 见{https://a.example/x_(1): 网}"
                "和{https://b.example/: https://b.example/}\n"
            ),
        ),
        ("![示意](图 1.png)\n说明", "image 图 1.png: 示意\nparagraph: 说明\n"),
        ("<p>甲</p><script>alert(1)</script>", "paragraph: 甲\n"),
    ],
)
def test_markdown_becomes_the_blocks_its_author_meant(body: str, seen: str) -> None:
    assert of_markdown(body) == seen


@pytest.mark.parametrize(
    "words",
    [
        "王*、李*、张*",
        "王*明和李*华",
        "欧阳**、司马**，",
        "王**（男）、李**（女）",
        "138****8000、138***8000、139***8111",
        "130181********9997",
        "12**34和56**78",
        "3*4*5=60",
    ],
)
def test_asterisks_of_masked_names_and_numbers_are_kept(words: str) -> None:
    assert of_markdown(words) == f"paragraph: {words}\n"
    cell = f"| 名 | 号 |\n|---|---|\n| {words} | {words} |"
    assert f"  {words} | {words}\n" in of_markdown(cell)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("是**“总体要求”**的", "是{strong: “总体要求”}的"),
        ("**问：为什么？**", "{strong: 问：为什么？}"),
        ("王**（男）和**重点**", "王**（男）和{strong: 重点}"),
        ("（*注*）", "（{emphasis: 注}）"),
        ("***重***", "{strong emphasis: 重}"),
        (r"\*号", "*号"),
    ],
)
def test_emphasis_around_words_is_read(typed: str, seen: str) -> None:
    assert of_markdown(typed) == f"paragraph: {seen}\n"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("甲\n\n| a | b |\n|---|---|\n| 1 | 2 | 3 |", "第 5 行的表格有 3 格，表头有 2 格"),
        ("| a | b |\n|---|\n| 1 | 2 |", "第 2 行的表格有 1 格"),
        ("\n".join("  " * depth + "- 甲" for depth in range(25)), "列表超过 20 级"),
        ("- " * 4_000 + "甲", "嵌套太深"),
        ("[" * 201, "第 1 行"),
        ("甲" * 10_001, "第 1 行"),
        ("安装<APP名称>", "“<APP名称>”"),
    ],
)
def test_markdown_that_would_lose_words_or_time_is_refused(body: str, named: str) -> None:
    with pytest.raises(ContentError) as refusal:
        parse_body(body, "markdown")
    assert named in str(refusal.value)
