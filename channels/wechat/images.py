"""Pictures as WeChat takes them: jpg or png, under 1 MB, at most 1280 pixels, nothing hidden.

Pure and deterministic. Every picture is decoded and written anew, so that no EXIF (place, camera,
name) leaves the house.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from publisher.channel import PermanentError
from publisher.model import Asset

LIMIT = 1_000_000
LONG_SIDE = 1280
MAX_PIXELS = 60_000_000
QUALITIES = (90, 82, 74, 66, 58)
RATIO_WIDE = 2.35


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes
    suffix: str
    width: int
    height: int
    note: str = ""

    @property
    def media_type(self) -> str:
        return "image/jpeg" if self.suffix == "jpg" else "image/png"

    def crop(self, ratio: float) -> str:
        """The largest middle part of this shape, as WeChat writes it: x1_y1_x2_y2 within 0..1."""
        shape = self.width / self.height
        across = min(1.0, ratio / shape)
        down = min(1.0, shape / ratio)
        edges = ((1 - across) / 2, (1 - down) / 2, (1 + across) / 2, (1 + down) / 2)
        return "_".join(f"{edge:.3f}".rstrip("0").rstrip(".") for edge in edges)


def prepare(asset: Asset) -> Picture:
    """The asset as a picture WeChat takes; PermanentError names the picture if it cannot be."""
    image, frames, source = _decode(asset)
    shrunk = max(image.size) > LONG_SIDE
    if shrunk:
        image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    data, suffix = _encode(image, photo=source in {"JPEG", "MPO", "WEBP"})
    changes = [
        text
        for text, true in (
            (f"缩小为 {image.width}×{image.height}", shrunk),
            ("动图只保留第一帧", frames > 1),
            (f"由 {source} 转为 {suffix}", source not in {"JPEG", "MPO", "PNG"}),
        )
        if true
    ]
    note = f"图片“{asset.name}”：{'，'.join(changes)}" if changes else ""
    return Picture(data, suffix, image.width, image.height, note)


def _decode(asset: Asset) -> tuple[Image.Image, int, str]:
    """The picture, how many frames it has, and what kind of file it was."""
    try:
        return _opened(asset.data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        reason = "像素过多，请缩小到 6000 万像素以内"
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        reason = "不能识别，文件可能已损坏，请换成 jpg 或 png 图片"
    raise PermanentError(f"图片“{asset.name}”{reason}（images）。", field="images")


def _opened(data: bytes) -> tuple[Image.Image, int, str]:
    with Image.open(BytesIO(data)) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        frames, source = getattr(opened, "n_frames", 1), opened.format or "?"
        return _plain(ImageOps.exif_transpose(opened)), frames, source


def _plain(image: Image.Image) -> Image.Image:
    """Eight bits a colour, with transparency only where there is some; no metadata, no palette."""
    if image.mode.startswith("I;16") or image.mode == "I":
        image = image.point(lambda value: value / 256).convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        clear = image.convert("RGBA")
        if clear.getchannel("A").getextrema() != (255, 255):
            return _bare(clear)
    return _bare(image.convert("RGB"))


def _bare(image: Image.Image) -> Image.Image:
    image.info.clear()
    return image


def _encode(image: Image.Image, *, photo: bool) -> tuple[bytes, str]:
    """Lossless while it fits, unless it was a photograph; then ever stronger compression."""
    if not photo:
        data = _png(image)
        if len(data) < LIMIT:
            return data, "png"
    flat = _on_white(image)
    for quality in QUALITIES:
        data = _jpeg(flat, quality)
        if len(data) < LIMIT:
            return data, "jpg"
    flat = flat.resize((flat.width * 3 // 4, flat.height * 3 // 4), Image.Resampling.LANCZOS)
    return _jpeg(flat, QUALITIES[-1]), "jpg"


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
