"""Personal data is found whatever the number and however it is written; nothing else is."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from publisher.privacy import Finding, scan
from publisher.privacy.numbers import id_check_digit
from tests.unit.test_privacy import blocks

births = st.dates(date(1800, 1, 1), date(2026, 12, 31)).map(lambda day: f"{day:%Y%m%d}".zfill(8))
areas = st.sampled_from(["110105", "130181", "139002", "440305", "512081", "659001", "820000"])
valid_ids = st.builds(
    lambda area, birth, serial: (
        f"{area}{birth}{serial:03d}" + id_check_digit(f"{area}{birth}{serial:03d}")
    ),
    areas,
    births,
    st.integers(0, 999),
)


def full_width(number: str) -> str:
    return number.translate({ord(char): ord(char) + 0xFEE0 for char in "0123456789X"})


@given(
    valid_ids, st.sampled_from(["", " ", "-", "  ", "\u3000", "·", "—"]), st.booleans(), st.data()
)
def test_every_valid_id_is_blocked_wherever_it_is_parted(
    number: str,
    separator: str,
    wide: bool,
    data: st.DataObject,
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, 17), max_size=17)))
    parts = [number[start:end] for start, end in zip([0, *cuts], [*cuts, 18], strict=True)]
    written = separator.join(full_width(part) if wide else part for part in parts)
    assert ("id_number", written) in blocks(f"张某，{written}，男")


@given(valid_ids, st.integers(1, 9))
def test_a_wrong_check_digit_never_blocks(number: str, shift: int) -> None:
    wrong = number[:17] + "0123456789X"[("0123456789X".index(number[17]) + shift) % 11]
    assert all(one.kind != "id_number" or one.severity == "warn" for one in scan(f"编号{wrong}。"))


@given(st.text("0123456789", min_size=1, max_size=40).filter(lambda digits: len(digits) != 18))
def test_digits_of_any_other_length_are_never_blocked_as_an_id(digits: str) -> None:
    assert all(one.kind != "id_number" for one in scan(f"流水{digits}。"))


@given(st.text(max_size=200))
def test_any_text_can_be_scanned_and_findings_do_not_overlap(text: str) -> None:
    findings: list[Finding] = scan(text)
    ends = [0, *(one.end for one in findings)]
    assert all(end <= one.start < one.end for end, one in zip(ends, findings, strict=False))
