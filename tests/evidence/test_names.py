"""Whatever somebody calls a file, it can be unpacked anywhere, and leads nowhere else."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.evidence.names import UNNAMED, Places, safe, safe_path


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("照片 1.jpg", "照片 1.jpg"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\boot.ini", "C__boot.ini"),
        ("a\x00\x1f\u202egpj.exe", "agpj.exe"),
        ("con.txt", "_con.txt"),
        ("...", UNNAMED),
        ("", UNNAMED),
        ("长" * 300 + ".jpg", "长" * 60 + ".jpg"),
        ("a. ", "a"),
    ],
)
def test_a_name_becomes_safe(name: str, becomes: str) -> None:
    assert safe(name) == becomes


def test_a_path_keeps_its_folders_but_never_climbs() -> None:
    assert safe_path("2026/00001.html") == ("2026", "00001.html")
    assert safe_path("../../x/./y.html") == ("x", "y.html")
    assert safe_path("/etc/passwd") == ("etc", "passwd")
    assert safe_path("//") == (UNNAMED,)


def test_no_two_files_have_one_place_on_windows() -> None:
    places = Places()
    assert places.take(["f", "A.jpg"]) == "f/A.jpg"
    assert places.take(["f", "a.JPG"]) == "f/a(2).JPG"
    assert places.take(["f", "A.jpg"]) == "f/A(3).jpg"
    assert places.take(["f", "A.jpg", "x"]) == "f/A.jpg(2)/x", "a file stands where it would be"
    assert places.take(["f"]) == "f(2)", "a folder stands there"


@given(st.text(max_size=300))
def test_any_name_is_one_name(name: str) -> None:
    found = safe(name)
    assert found
    assert len(found.encode()) <= 255
    assert PurePosixPath(found).name == found
    assert found == found.strip(" .")
    assert safe(found) == found
