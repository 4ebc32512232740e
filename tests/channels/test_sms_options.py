"""Settings that would send badly, or tell a secret, are refused at the start."""

import pytest
from pydantic import ValidationError

from channels.sms import Options

GOOD: dict[str, object] = {
    "base_url": "https://mas.example:28888/",
    "ec_name": "辛集市人民政府办公室",
    "ap_id": "xinji",
    "secret_key": "Sup3rSecret",
    "sign_code": "AbCdEfGhI",
    "visible_sign": "辛集市政府",
}


def test_what_a_city_must_say_and_what_has_a_default() -> None:
    options = Options.model_validate(GOOD)
    assert options.base_url == "https://mas.example:28888"
    assert (options.max_parts, options.max_numbers, options.opt_out) == (2, 1000, "")
    assert (options.submit_path, options.report_path) == ("/sms/submit", "/sms/report")
    assert "Sup3rSecret" not in repr(options) + str(options)


@pytest.mark.parametrize("name", GOOD)
def test_nothing_needed_may_be_missing(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        Options.model_validate({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_url", "http://mas.example:1992"),  # the secret would travel in clear
        ("base_url", "http://127.0.0.1.evil.example"),
        ("base_url", "https://user:pass@mas.example"),
        ("base_url", "https://mas.example/?a=b"),
        ("base_url", "mas.example"),
        ("submit_path", "sms/submit"),
        ("secret_key", ""),
        ("add_serial", "01a"),
        ("fingerprint", "ab" * 16),
        ("visible_sign", "【辛集】"),
        ("visible_sign", "辛"),
        ("opt_out", "【退订】"),
        ("opt_out", "退订\n"),
        ("max_parts", 0),
        ("max_numbers", 5001),
        ("read_timeout", 0),
        ("provider", "aliyun"),
    ],
)
def test_settings_that_cannot_be(name: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Options.model_validate(GOOD | {name: value})


def test_loopback_may_be_clear() -> None:
    assert Options.model_validate(GOOD | {"base_url": "http://127.0.0.1:18810"}).base_url
