"""Personal data is found in every disguise, and what the law wants named is left alone."""

import pytest

from publisher.privacy import scan, scan_fields
from publisher.privacy.numbers import id_check_digit, is_credit_code, is_luhn

ID = "130181190001019997"
OLD_ID = "130181680305221"
MOBILE = "13800138000"
CARD = "6222020000000000000"


def found(text: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.severity, text[one.start : one.end]) for one in scan(text)]


def blocks(text: str) -> list[tuple[str, str]]:
    return [(kind, words) for kind, severity, words in found(text) if severity == "block"]


# --- Identity numbers


@pytest.mark.parametrize(
    "written",
    [
        ID,
        "130181 19000101 9997",
        "130181-19000101-9997",
        "1 3 0 1 8 1 1 9 0 0 0 1 0 1 9 9 9 7",
        "１３０１８１１９０００１０１９９９７",
        "130181\u200b19000101\u200b9997",
        "130181·19000101·9997",
        "١٣٠١٨١١٩٠٠٠١٠١٩٩٩٧",
        "11010519491231002X",
        "11010519491231002x",
        "11010519491231002Ｘ",
        "110105 19491231 002×",
        "13018118750312001" + id_check_digit("13018118750312001"),
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", "身份证号：{}，男", "1.{}", "共5人 {} 2025年", "号码{}。"]
)
def test_valid_id_number_is_blocked_in_any_disguise(written: str, around: str) -> None:
    assert blocks(around.format(written)) == [("id_number", written)]


def test_wrong_check_digit_is_only_a_warning_for_it_may_be_a_serial() -> None:
    text = "2台报警器（编号130181190001019998）显示故障"
    assert found(text) == [("id_number", "warn", "130181190001019998")]


def test_id_like_number_after_the_word_is_a_warning_even_if_nothing_fits() -> None:
    assert found("身份证号：130181190013459997") == [("id_number", "warn", "130181190013459997")]


def test_old_id_number_is_blocked_only_where_words_say_what_it_is() -> None:
    assert blocks(f"公民身份号码：{OLD_ID}") == [("id_number", OLD_ID)]
    assert found(f"批次{OLD_ID}") == []


def test_permanent_residence_number_of_a_foreigner_is_an_id() -> None:
    number = "91112419810803003"
    written = number + id_check_digit(number)
    assert blocks(f"证件{written}") == [("id_number", written)]


@pytest.mark.parametrize(
    "masked", ["130181********9997", "1301811900****9997 的前六位", "130181XXXXXXXX9997"]
)
def test_mask_that_leaves_the_day_of_birth_is_a_warning(masked: str) -> None:
    severities = [severity for _, severity, _ in found(masked)]
    assert severities == (["warn"] if "1900" in masked else [])


@pytest.mark.parametrize(
    "text",
    ["身份证尾号0021", "身份证后四位：0021", "公民身份号码后4位为002X", "身份证号末六位 010021"],
)
def test_tail_of_an_id_number_is_a_warning(text: str) -> None:
    assert found(f"赵某（女，{text}）") == [("id_tail", "warn", text)]


def test_tail_in_a_column_of_a_table_is_a_warning() -> None:
    text = "姓名\t身份证后四位\n赵某\t0021\n钱某\t9X2\n"
    assert found(text) == [("id_tail", "warn", "0021")]


# --- Mobile numbers


@pytest.mark.parametrize(
    "written",
    [
        MOBILE,
        "138-0013-8000",
        "138 0013 8000",
        "138 00138000",
        "138—0013—8000",
        "１３８００１３８０００",
        "+86 13800138000",
        "+8613800138000",
        "8613800138000",
        "0086-138-0013-8000",
        "013800138000",
        "1 3 8 0 0 1 3 8 0 0 0",
        "138.0013.8000",
    ],
)
@pytest.mark.parametrize("around", ["{}", "（手机{}）", "联系人张某，{}；", "0311-83200000，{}"])
def test_mobile_number_is_blocked_however_it_is_written(written: str, around: str) -> None:
    assert [kind for kind, _ in blocks(around.format(written))] == ["mobile"]


def test_two_mobile_numbers_side_by_side_are_both_found() -> None:
    assert len(blocks("138 0013 8000 139 0013 8000")) == 2
    assert len(blocks("13800138000/13900138000、13700138000")) == 3


def test_mobile_with_odd_groups_is_found_after_the_word_telephone() -> None:
    assert [kind for kind, _ in blocks("电话：1380 0138 000")] == ["mobile"]
    assert found("1380 0138 000") == []


def test_mobile_as_a_mailbox_or_a_tel_link_is_found() -> None:
    assert len(blocks("邮箱13800138000@139.com，tel:13800138000")) == 2


# --- Cards and accounts


@pytest.mark.parametrize(
    "written", [CARD, "6222 0200 0000 0000 000", "6222-0200-0000-0000-000", "4111111111111111"]
)
def test_card_with_a_known_prefix_and_check_sum_is_blocked_without_a_word(written: str) -> None:
    assert blocks(f"请汇入{written}，谢谢") == [("bank_card", written)]


def test_any_long_number_after_the_word_account_is_blocked() -> None:
    assert blocks("张某 账号：1234567890123456") == [("bank_card", "1234567890123456")]
    assert found("指标1234567890123456") == []


def test_account_of_an_office_is_only_a_warning() -> None:
    text = "户名：辛集市财政局，开户行：某银行，账号：0402020109300123456"
    assert [(kind, severity) for kind, severity, _ in found(text)] == [("bank_card", "warn")]


def test_number_in_a_column_of_accounts_is_blocked() -> None:
    text = "姓名\t一卡通账号\t金额\n张某\t1234567890123456\t500\n"
    assert blocks(text) == [("bank_card", "1234567890123456")]


# --- Home addresses


@pytest.mark.parametrize(
    ("before", "place"),
    [
        ("家庭住址：", "辛集市某小区3号楼2单元501室"),
        ("退休教师，家住", "小辛庄乡某村47号"),
        ("户籍地址为", "旧城镇西街村十二组8号"),
        ("现住址：", "某某花园3-2-501"),
        ("住址:", "市府街６６号院三单元"),
        ("户籍所在地：", "和睦井村12"),
    ],
)
def test_home_down_to_the_door_is_blocked(before: str, place: str) -> None:
    assert blocks(f"张某，{before}{place}，男") == [("home_address", place)]


def test_home_in_a_column_of_addresses_is_blocked() -> None:
    text = "姓名 | 住址 | 金额\n张某 | 西街村12号 | 500\n李某 | 东街村 | 300"
    assert [kind for kind, _ in blocks(text)] == ["home_address"]


# --- What must stay


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码：91130181MA00000009",
        "统一社会信用代码：12130181401234567U",
        "监督电话：0311-83200000，纪检监督：0311-83200009转6",
        "（座机）83200007，邮编：052360，热线12345、12388、400-0311-123",
        "住所：辛集市经济开发区兴业路18号",
        "地址：辛集市市府街18号，邮编052360",
        "国家住房和城乡建设部2号公告，大家住进了3号楼",
        "发现住宅楼3号楼存在隐患",
        "到户籍地派出所（市府街18号）办理，或居住地乡镇政府2号窗口",
        "某公司住址：兴业路18号",
        "家庭住址：辛集市旧城镇",
        "辛政办字〔2025〕18号、（辛）应急罚〔2025〕012号、冀ICP备13017949号-1",
        "冀公网安备13018102000135号，网站标识码1301810003",
        "项目代码2312-130181-04-01-123456，招标编号HBZJ-2025-13912345678",
        "合同编号：13912345678，索引号130181/2026-00001",
        "总投资13800138000元，折合138.00138亿元，￥13900139000",
        "面积13800138000平方米，占比13800138000.5",
        "281,755.25 294,776.50 152,346.78 159,200.00",
        "2025-03-18 09:30:00，20250318093000123",
        "1500 2000 300 4000 1200 1300",
        "150 2000 3000 400 20",
        "1 3 5 7 9 1 3 5 7 9 1 3 5",
        "见https://www.xinji.example/art/13800138000/130181190001019997.html。",
        "www.xinji.example/130181190001019997",
        "sha256:a13800138000bf",
        "（2023）冀0181民初1381号，订单号6222020000000000000",
        "自2025年12月8日至12月12日（5个工作日）",
        "138****8000、130181********9997、************0000",
    ],
)
def test_what_the_law_wants_named_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_credit_code_of_digits_only_is_not_taken_for_an_id() -> None:
    code = next(
        code
        for serial in range(1_000)
        for code in [f"12130119920101{serial:03d}"]
        for code in [code + id_check_digit(code)]
        if is_credit_code(code)
    )
    assert found(f"统一社会信用代码：{code}") == []
    assert blocks(f"公民身份号码：{code}") == [("id_number", code)]


# --- What a finding tells


def test_masks_show_no_more_than_they_may() -> None:
    text = f"{ID}，{MOBILE}，{CARD}，家庭住址：西街村12号，身份证尾号0021"
    assert [one.masked for one in scan(text)] == [
        "130181********9997",
        "138****8000",
        "************0000",
        "西街村***",
        "身份证尾号****",
    ]


def test_no_finding_repeats_the_number_in_its_repr_or_sentence() -> None:
    for one in scan_fields({"body": f"{ID} {MOBILE} {CARD}"}):
        assert not any(number in repr(one) + one.sentence for number in (ID, MOBILE, CARD))


def test_fields_are_named_and_positions_count_in_the_text_as_typed() -> None:
    findings = scan_fields(
        {"title": "公示", "body": "甲\u200b乙１３８００１３８０００", "alt": f"图{ID}"}
    )
    assert [(one.field, one.kind, one.start, one.end) for one in findings] == [
        ("body", "mobile", 3, 14),
        ("alt", "id_number", 1, 19),
    ]
    assert (
        findings[0].sentence == "“body”第 4 字处有手机号码（138****8000）。请删除或遮盖后再提交。"
    )


def test_overlapping_findings_leave_the_gravest() -> None:
    assert [one.kind for one in scan("银行卡号：6230 5819 0001 0199 979")] == ["bank_card"]
    assert [one.kind for one in scan(f"证件号：{ID}")] == ["id_number"]


def test_arithmetic_agrees_with_published_examples() -> None:
    assert id_check_digit("11010519491231002") == "X"  # the example of GB 11643
    assert is_luhn("4111111111111111")
    assert not is_luhn("4111111111111112")
    assert is_credit_code("91350100M000100Y43")  # the example of GB 32100
    assert not is_credit_code("91350100M000100Y44")
