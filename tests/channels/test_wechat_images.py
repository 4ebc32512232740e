"""Pictures: small enough, of a kind WeChat takes, with nothing hidden in them."""

import random
from io import BytesIO

import pytest
from PIL import Image

from channels.wechat.images import LIMIT, LONG_SIDE, prepare
from publisher.channel import PermanentError
from tests.channels.wechat_items import a_picture, an_image, encoded


def noise(width: int, height: int) -> Image.Image:
    """The worst there is to compress."""
    dice = random.Random(7)  # noqa: S311 - the same picture every time
    return Image.frombytes("RGB", (width, height), dice.randbytes(width * height * 3))


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_worst_photo_fits(kind: str) -> None:
    data = encoded(noise(2000, 1900), kind)
    assert len(data) > 2 * LIMIT
    picture = prepare(an_image(f"大图.{kind.lower()}", data))
    assert len(picture.data) < LIMIT
    assert picture.suffix == "jpg"
    assert max(opened(picture.data).size) <= LONG_SIDE
    assert "缩小为" in picture.note


def test_place_and_camera_are_stripped() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"
    data = encoded(Image.new("RGB", (300, 200), "red"), "JPEG", exif=exif)
    assert b"SecretCamera" in data
    picture = prepare(an_image("照片.jpg", data))
    assert b"SecretCamera" not in picture.data
    assert not opened(picture.data).getexif()
    assert (picture.width, picture.height) == (200, 300), "turned upright first"


@pytest.mark.parametrize(
    ("kind", "mode", "suffix"),
    [
        ("GIF", "P", "png"),
        ("BMP", "RGB", "png"),
        ("WEBP", "RGB", "jpg"),
        ("PNG", "I;16", "png"),
        ("PNG", "LA", "png"),
        ("PNG", "1", "png"),
        ("JPEG", "CMYK", "jpg"),
        ("TIFF", "CMYK", "png"),
    ],
)
def test_kinds_and_modes(kind: str, mode: str, suffix: str) -> None:
    picture = prepare(an_image(f"图.{kind.lower()}", encoded(Image.new(mode, (40, 30)), kind)))
    assert picture.suffix == suffix
    assert opened(picture.data).format == {"jpg": "JPEG", "png": "PNG"}[suffix]
    assert opened(picture.data).mode in {"RGB", "RGBA"}


def test_clear_parts_stay_clear_in_a_small_drawing_and_turn_white_in_a_big_one() -> None:
    drawing = Image.new("RGBA", (60, 60), (255, 0, 0, 0))
    drawing.putpixel((0, 0), (255, 0, 0, 255))
    assert opened(prepare(an_image("章.png", encoded(drawing, "PNG"))).data).mode == "RGBA"
    big = noise(1200, 1200).convert("RGBA")
    big.paste((0, 0, 0, 0), (0, 0, 600, 600))
    shown = opened(prepare(an_image("大.png", encoded(big, "PNG"))).data)
    assert shown.format == "JPEG"
    assert shown.getpixel((100, 100)) == (255, 255, 255)


def test_a_moving_picture_stands_still() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert "只保留第一帧" in prepare(an_image("动.gif", data)).note


def test_a_good_picture_is_not_remarked_on() -> None:
    assert prepare(an_image("图.png", a_picture(640, 360))).note == ""


def test_same_picture_same_bytes() -> None:
    asset = an_image("图.jpg", encoded(noise(900, 700), "JPEG"))
    assert prepare(asset) == prepare(asset)


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", a_picture(30, 30)[:60], encoded(noise(30, 30), "JPEG")[:300], b"GIF89a"],
)
def test_a_broken_picture_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(PermanentError, match=r"坏\.png.*不能识别") as caught:
        prepare(an_image("坏.png", data))
    assert caught.value.field == "images"


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    data = encoded(Image.new("1", (9_000, 9_000)), "PNG")
    assert len(data) < LIMIT
    with pytest.raises(PermanentError, match="像素过多"):
        prepare(an_image("炸弹.png", data))
