"""One door for every body: from HTML, Markdown or plain text to blocks, and from those to HTML."""

from publisher.content.blocks import Block, Document
from publisher.content.clean import clean_text
from publisher.content.errors import ContentError
from publisher.content.from_html import blocks_of_html
from publisher.content.from_markdown import blocks_of_markdown
from publisher.content.from_text import blocks_of_text
from publisher.content.render_html import to_html
from publisher.content.structure import structured
from publisher.content.unseen import refuse_forbidden

__all__ = ["ContentError", "parse_body"]

LONGEST_BODY = 500_000


def parse_body(body: str, body_format: str, image_names: frozenset[str] = frozenset()) -> Document:
    """The document that an approver sees and every channel renders.

    `body_format` is html, markdown or text; `image_names` are the pictures that belong to the
    item. Raises ContentError with a sentence for staff when the body cannot be taken as it is.
    """
    if len(body) > LONGEST_BODY:
        raise ContentError(
            f"正文有 {len(body):,} 个字符，超过 {LONGEST_BODY:,}。"
            "请把长篇内容改成附件，正文只留说明。"
        )
    refuse_forbidden(body)
    blocks = structured(_blocks(clean_text(body), body_format, image_names))
    if not blocks:
        raise ContentError("正文是空的。请填写正文。")
    return Document(blocks, to_html(blocks))


def _blocks(body: str, body_format: str, image_names: frozenset[str]) -> list[Block]:
    match body_format:
        case "html":
            return blocks_of_html(body, image_names)
        case "markdown":
            return blocks_of_markdown(body, image_names)
        case "text":
            return blocks_of_text(body)
        case _:
            raise ContentError(f"正文格式“{body_format}”不认识。请用 html、markdown 或 text。")
