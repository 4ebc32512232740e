"""Pictures of the body made ready for print: upright, no finer than paper shows, as SVG.

The virtual folder that Typst reads holds text only, so the pixels go into an SVG as base64.
"""

import io
from base64 import b64encode

from PIL import Image, ImageOps

from publisher.channel import PermanentError
from publisher.model import Asset

_FINEST = 1843
"""Pixels: 156 mm at 300 dots an inch."""
_MOST = 60_000_000
"""Pixels in all; a picture that claims more is refused before it fills the memory."""


def as_svg(asset: Asset) -> bytes:
    """The picture at its size in pixels; PermanentError when it cannot be read."""
    try:
        with Image.open(io.BytesIO(asset.data)) as picture:
            if picture.width * picture.height > _MOST:
                raise _refused(asset, "像素过多，请缩小到 6000 万像素以内")
            ready = ImageOps.exif_transpose(picture)
            ready.thumbnail((_FINEST, _FINEST))
            return _svg(ready, photo=picture.format == "JPEG")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise _refused(asset, "无法解读，请另存为 PNG 或 JPEG 后重新提交") from None


def _svg(picture: Image.Image, *, photo: bool) -> bytes:
    data = io.BytesIO()
    if photo:
        picture.convert("RGB").save(data, "JPEG", quality=88)
    else:
        picture.convert("RGBA").save(data, "PNG")
    kind = "jpeg" if photo else "png"
    width, height = picture.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" '
        f'href="data:image/{kind};base64,{b64encode(data.getvalue()).decode("ascii")}"/></svg>'
    ).encode("ascii")


def _refused(asset: Asset, why: str) -> PermanentError:
    return PermanentError(f"字段 images 中的图片“{asset.name}”{why}", field="images")
