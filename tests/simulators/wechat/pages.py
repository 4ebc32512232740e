"""What citizens and editors would see of the account, for a person with a browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

_STYLE = """
*{box-sizing:border-box}
body{margin:0;background:#ededed;color:#1a1a1a;
 font-family:system-ui,"PingFang SC","Noto Sans CJK SC","Noto Sans SC",sans-serif}
main{width:100%;max-width:420px;min-height:100vh;margin:0 auto;background:#fff}
header{padding:26px 16px 18px;background:#f7f7f7;border-bottom:1px solid #e5e5e5}
header h1{margin:0;font-size:22px} header p{margin:6px 0 0;color:#8c8c8c;font-size:14px}
main>h2{margin:0;padding:18px 16px 8px;font-size:15px;color:#8c8c8c;font-weight:400}
ul{list-style:none;margin:0;padding:0}
li a{display:flex;gap:12px;padding:14px 16px;border-top:1px solid #f0f0f0;color:inherit;
 text-decoration:none}
li span{flex:1;line-height:1.5} li small{display:block;color:#8c8c8c;margin-top:4px}
li img{width:64px;height:64px;object-fit:cover;border-radius:4px}
.none{margin:0;padding:6px 16px 16px;color:#b2b2b2}
article{padding:22px 16px 40px} article>h1{margin:0 0 14px;font-size:22px;line-height:1.4}
.by{display:flex;flex-wrap:wrap;gap:2px 12px;margin:0 0 22px;font-size:15px;color:#8c8c8c}
.by a{color:#576b95;text-decoration:none}
.content{overflow-wrap:break-word}
.content h1,.content h2,.content h3,.content h4,.content p{margin:0}
.content h1,.content h2,.content h3,.content h4{font-size:16px;font-weight:400}
.content *{max-width:100%} .content table{max-width:none} .content img{height:auto}
.source{margin-top:28px;font-size:15px} .source a{color:#576b95;text-decoration:none}
.gone{padding:90px 24px;text-align:center;color:#8c8c8c}
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the account's list."""

    href: str
    title: str
    small: str
    cover: str


def list_page(account: str, sections: Sequence[tuple[str, Sequence[Entry]]]) -> str:
    parts = "".join(
        f"<h2>{escape(name)}（{len(entries)}）</h2>" + _entries(entries)
        for name, entries in sections
    )
    head = f"<header><h1>{escape(account)}</h1><p>微信公众号 · 模拟环境</p></header>"
    return _page(account, head + parts)


def article_page(account: str, article: dict[str, Any], when: str) -> str:
    source = article.get("content_source_url", "")
    link = f'<p class="source"><a href="{escape(source)}">阅读原文</a></p>' if source else ""
    return _page(
        article["title"],
        f"<article><h1>{escape(article['title'])}</h1>"
        f'<p class="by"><span>{escape(article.get("author", ""))}</span>'
        f'<a href="/">{escape(account)}</a><time>{escape(when)}</time></p>'
        f'<div class="content">{article["content"]}</div>{link}</article>',
    )


def gone_page(account: str) -> str:
    return _page(account, '<p class="gone">该内容已被发布者删除</p>')


def _entries(entries: Sequence[Entry]) -> str:
    if not entries:
        return '<p class="none">暂无</p>'
    lines = "".join(
        f'<li><a href="{escape(entry.href)}"><span>{escape(entry.title)}'
        f"<small>{escape(entry.small)}</small></span>"
        f'<img src="{escape(entry.cover)}" alt=""></a></li>'
        for entry in entries
    )
    return f"<ul>{lines}</ul>"


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )
