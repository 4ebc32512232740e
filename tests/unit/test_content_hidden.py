"""Hidden text: what an approver could not see is refused, and everyday styles are not."""

import pytest

from publisher.content import parse_body
from tests.unit.outline import IMAGES, outline, refusal


@pytest.mark.parametrize(
    "hiding",
    [
        "style='display:none'",
        "style='DISPLAY : NONE !important'",
        "style='visibility:hidden'",
        "hidden",
        "style='font-size:0'",
        "style='font-size:0.1px'",
        "style='font:0/0 a'",
        "style='opacity:0'",
        "style='mso-hide:all'",
        "style='color:transparent'",
        "style='text-indent:-9999px'",
        "style='text-indent:-99em'",
        "style='position:absolute;left:-9999px'",
        "style='position:absolute;top:-200pt'",
        "style='margin-left:-9999px'",
        "style='margin:0 0 0 -600pt'",
        "style='transform:translateX(-9999px)'",
        "style='transform:rotate(5deg) scale(0)'",
        "style='transform:scale(1,0)'",
        "style='scale:0'",
        "style='color:rgba(0,0,0,0)'",
        "style='color:rgb(0 0 0 / 0%)'",
        "style='color:hsla(0,0%,0%,0.0)'",
        "style='color:#0000'",
        "style='color:#12345600'",
        "style='height:0;overflow:hidden'",
        "style='max-height:1px;overflow-y:hidden'",
        "style='width:0px;overflow:clip'",
        "style='line-height:0;overflow:hidden'",
        "style='clip:rect(0,0,0,0)'",
        "style='clip:rect(1px 1px 1px 1px)'",
        "style='clip-path:inset(50%)'",
        "style='clip-path:circle(0)'",
        "style='clip-path:polygon(0 0,0 0,0 0)'",
        "style='filter:blur(1px) opacity(0)'",
        "style='opacity:1%'",
        "style='opacity:.005'",
        "style='font-size:1%'",
        "style='font-size:0.1em'",
        "style='content-visibility:hidden'",
        "style='display:/**/none'",
    ],
)
def test_hidden_text_is_refused(hiding: str) -> None:
    assert "“密码在此”" in refusal(f"<p>甲</p><p {hiding}><b>密码</b>在此</p>")


def test_text_hidden_by_a_class_is_refused() -> None:
    assert "隐藏" in refusal("<style>.x{display:none}</style><p>甲</p><p class=x>乙</p>")


@pytest.mark.parametrize(
    "sheet",
    [
        "@media screen{.x{display:none}}",
        "@MEDIA screen{.y::after{content:'}'}.x{display:none}}",
        "@supports (color:red){@media all{p{color:red}.x{left:-9999px}}}",
        "@font-face{font-family:a} @layer a{/* } */ .x{opacity:0}} p{color:red}",
        "@media print{p{color:red}} .x{visibility:hidden}",
    ],
)
def test_text_hidden_by_a_rule_that_holds_sometimes_is_refused(sheet: str) -> None:
    assert "隐藏" in refusal(f"<style>{sheet}</style><p>甲</p><p class=x>乙</p>")


def test_text_for_browsers_without_scripts_is_refused() -> None:
    assert "“请启用”" in refusal("<p>甲</p><noscript><p>请<b>启用</b></p></noscript>")


@pytest.mark.parametrize(
    "style",
    [
        "text-indent:-21pt;margin-left:-5.4pt",
        "margin-left:-100%",
        "position:relative;left:-3px;top:-1em",
        "color:#fff;background:#c00",
        "color:rgba(0,0,0,.85)",
        "color:rgb(10 20 30 / 90%)",
        "color:#1234",
        "height:0",
        "width:0;overflow:visible",
        "height:20px;overflow:hidden",
        "clip:auto",
        "clip:rect(0,200px,100px,0)",
        "clip-path:inset(10% 0)",
        "clip-path:circle(50%)",
        "transform:scale(1.2) translate(-50%,-50%)",
        "transform:scaleX(-1) rotate(-180deg)",
        "transform:none",
        "filter:opacity(80%)",
        "opacity:.5",
        "font-size:80%",
        "font-size:0.8em",
        "font-size:small",
        "line-height:0",
    ],
)
def test_everyday_styles_hide_nothing(style: str) -> None:
    assert outline(parse_body(f"<p style='{style}'>甲</p>", "html", IMAGES)) == "paragraph: 甲\n"


def test_hidden_picture_is_refused() -> None:
    assert "图片" in refusal('<p style="display:none"><img src="图.png"></p>')
