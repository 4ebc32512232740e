"""Lists as offices keep them: any usual spelling is read, every bad line is named, none shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.subscriber_file import MAX_BYTES, MAX_PROBLEMS, Row, read_subscribers

TOPICS = frozenset({"财政预决算", "公共文化服务", "安全生产"})
ONE, TWO = "13900000001", "13900000002"


def read(text: str, encoding: str = "utf-8") -> tuple[list[Row], list[tuple[int, str]]]:
    rows, problems = read_subscribers(text.encode(encoding), TOPICS)
    return rows, [(problem.line, problem.reason) for problem in problems]


def row(phone: str, *topics: str) -> Row:
    return Row(phone, frozenset(topics))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_as_excel_and_wps_write_it(encoding: str, newline: str) -> None:
    lines = [
        "手机号,主题,备注",
        f"{ONE},财政预决算、安全生产,王大爷",
        "",
        ",,",
        "+86 139-0000-0002,全部,“老年大学”，𬱖",
    ]
    assert read(newline.join(lines), encoding) == (
        [row(ONE, "财政预决算", "安全生产"), row(TWO, *TOPICS)],
        [],
    )


@pytest.mark.parametrize("separator", ["、", ";", "；", "|", " ； "])
def test_topics_are_parted_by_any_usual_mark(separator: str) -> None:
    rows, problems = read(f"phone,topics\n{ONE},财政预决算{separator}安全生产{separator}\n")
    assert (rows, problems) == ([row(ONE, "财政预决算", "安全生产")], [])


def test_the_columns_may_stand_in_any_order_under_any_usual_name() -> None:
    text = f'备注, 订阅主题 ,手机号码\n"一,二\n三",安全生产,{ONE}\n'
    assert read(text) == ([row(ONE, "安全生产")], [])


def test_digits_kept_as_text_by_excel() -> None:
    text = f'手机号,主题\n\'{ONE},全部\n"=""{TWO}""",全部\n'
    assert read(text) == ([row(ONE, *TOPICS), row(TWO, *TOPICS)], [])


def test_the_same_phone_on_several_lines_is_one_subscriber() -> None:
    text = f"手机号,主题\n{ONE},安全生产\n{TWO},安全生产\n139 0000 0001,财政预决算\n"
    assert read(text)[0] == [row(ONE, "安全生产", "财政预决算"), row(TWO, "安全生产")]


def test_every_bad_line_is_named_and_the_good_ones_are_kept() -> None:
    text = "\n".join(
        [
            "手机号,主题",
            f"{ONE},安全生产",
            "1390000000,安全生产",
            "12345678901,安全生产",
            ",安全生产",
            "1.39E+10,安全生产",
            f"{TWO},天气",
            f"{TWO},",
            f"{TWO}",
            f"安全生产,{TWO}",
            f"{TWO},{ONE}",
        ]
    )
    assert read(text) == (
        [row(ONE, "安全生产")],
        [
            (3, "手机号格式不对：****（应为 11 位大陆手机号）"),
            (4, "手机号格式不对：123****8901（应为 11 位大陆手机号）"),
            (5, "没有写手机号"),
            (6, "手机号被表格软件改成了科学计数：请把该列设为“文本”后重新填写"),
            (7, "139****0002：没有“天气”这个主题"),
            (8, "139****0002：没有写主题，订全部请写“全部”"),
            (9, "139****0002：没有写主题，订全部请写“全部”"),
            (10, "手机号格式不对：****（应为 11 位大陆手机号）"),
            (11, "139****0002：没有“****”这个主题"),
        ],
    )


def test_a_line_with_one_wrong_topic_is_left_out_whole() -> None:
    assert read(f"手机号,主题\n{ONE},安全生产、天气\n")[0] == []


@pytest.mark.parametrize("text", ["", "\n\n", f"{ONE},安全生产\n", "手机号,备注\n", "主题\n"])
def test_a_file_without_its_header_says_what_is_needed(text: str) -> None:
    rows, problems = read(text)
    assert rows == []
    assert [reason for _, reason in problems] == ["第一行应是列名：手机号,主题（后面可以有备注）"]


def test_a_quote_left_open_does_not_swallow_the_rest_in_silence() -> None:
    rows, problems = read(f'手机号,主题\n{ONE},全部\n"{TWO},全部\n{TWO},全部\n')
    assert rows == [row(ONE, *TOPICS)]
    assert len(problems) == 1
    assert "引号没有成对" in problems[0][1]


def test_a_cell_without_end() -> None:
    assert "太长" in read(f"手机号,主题\n{ONE},{'长' * 200_000}\n")[1][0][1]


def test_what_is_no_text() -> None:
    rows, problems = read_subscribers(b"\xff\xff\x00PK\x03\x04\x80", TOPICS)
    assert (rows, len(problems)) == ([], 1)
    assert "编码" in problems[0].reason


def test_a_file_too_large_is_not_read() -> None:
    _, problems = read_subscribers(b"\n" * (MAX_BYTES + 1), TOPICS)
    assert "32 MB" in problems[0].reason


def test_a_file_of_nothing_but_problems_stops() -> None:
    _, problems = read("手机号,主题\n" + "错,全部\n" * 5000)
    assert len(problems) == MAX_PROBLEMS + 1
    assert "后面的行没有读" in problems[-1][1]


def test_a_row_shows_no_number() -> None:
    assert ONE not in repr(row(ONE, "安全生产"))


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_answered(data: bytes) -> None:
    rows, problems = read_subscribers(data, TOPICS)
    assert rows or problems


@given(st.text(alphabet=f"{ONE},、全部安生产\n\"'= -+8E.", max_size=200))
def test_no_problem_shows_a_whole_number(text: str) -> None:
    _, problems = read_subscribers(f"手机号,主题\n{text}".encode(), TOPICS)
    assert not any(ONE in problem.reason for problem in problems)
