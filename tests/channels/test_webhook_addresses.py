"""Addresses that people type lead to the public internet, or nowhere."""

from ipaddress import ip_network

import pytest
from pydantic import ValidationError

from channels._webhooks.address import read_address
from channels._webhooks.line import Line
from channels._webhooks.networks import may_be_called
from channels._webhooks.options import Options
from publisher.postman import UnsafeAddress

PUBLIC = "93.184.216.34"


def refused(url: str, *machines: str) -> str:
    """What is said of an address whose name leads to these machines; without any, for real."""
    line = Line(Options(), resolver=lambda _host, _port: machines) if machines else Line(Options())
    with pytest.raises(UnsafeAddress) as caught:
        line.check(url)
    return str(caught.value)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("https://oa.xinji.example/hook", "https://oa.xinji.example/hook"),
        ("https://OA.Xinji.Example:443", "https://oa.xinji.example/"),
        ("http://oa.xinji.example.:8080/a?b=c&d=%20", "http://oa.xinji.example:8080/a?b=c&d=%20"),
        ("https://政务.中国/推送", "https://xn--zfr164b.xn--fiqs8s/%E6%8E%A8%E9%80%81"),
        ("https://ｏａ.xinji.example。/", "https://oa.xinji.example/"),
        (f"http://{PUBLIC}:80/", f"http://{PUBLIC}/"),
        ("https://[2606:2800:220:1:0:0:0:1]/", "https://[2606:2800:220:1::1]/"),
    ],
)
def test_an_address_is_written_one_way_only(typed: str, written: str) -> None:
    assert read_address(typed).url == written
    assert read_address(written).url == written


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "https://"),
        ("oa.xinji.example/hook", "https://"),
        ("ftp://oa.xinji.example/", "https://"),
        ("file:///etc/passwd", "https://"),
        ("gopher://oa.xinji.example:80/_x", "https://"),
        ("https:///hook", "主机名"),
        ("https://", "主机名"),
        ("https://user:password@oa.xinji.example/", "用户名"),
        ("https://oa.xinji.example@evil.example/", "用户名"),
        ("https://oa.xinji.example:22/", "端口 22"),
        ("http://oa.xinji.example:0/", "端口 0"),
        ("http://oa.xinji.example:65536/", "端口"),
        ("http://oa.xinji.example:8a/", "端口"),
        ("https://oa.xinji.example/#part", "#"),
        ("https://oa.xinji.example/a b", "空格"),
        ("https://oa.xinji.example\\@evil.example/", "反斜杠"),
        ("https://oa.xinji.example/\r\nHost: evil", "空格"),
        ("https://oa.xinji.example/\u202e", "字符"),
        ("https://%6f%61.example/", "主机名"),
        ("https://oa..example/", "主机名"),
        ("https://-oa.example/", "主机名"),
        ("https://oa.example:443:443/", "端口"),
        ("https://" + "a" * 2000 + ".example/", "太长"),
        ("https://[::1/", "不是网址"),
        ("https://[oa.example]/", "不是网址"),
        ("https://[fe80::1%25eth0]/", "主机名"),
        ("http://2130706433/", "四段"),
        ("http://0x7f000001/", "四段"),
        ("http://0177.0.0.1/", "四段"),
        ("http://127.1/", "四段"),
        ("http://0x7f.0.0.0x1/", "四段"),
        ("http://1.2.3.4.5/", "四段"),
        ("http://①②⑦.1/", "四段"),
        ("http://name.0x/", "四段"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_with_its_reason(url: str, why: str) -> None:
    assert why in refused(url, PUBLIC)


INNER = {
    "内部网络": [
        "10.1.2.3",
        "100.64.0.1",
        "172.31.255.1",
        "192.168.1.1",
        "::ffff:10.0.0.1",
        "2002:c0a8:101::1",
        "fc00::1",
        "fd12:3456::1",
    ],
    "本机": [
        "127.0.0.1",
        "127.255.255.254",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
    "发放密钥": [
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "64:ff9b::a9fe:a9fe",
        "fd00:ec2::254",
    ],
    "保留地址": [
        "0.0.0.0",  # noqa: S104 - refused, not bound
        "169.254.10.20",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "198.19.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::7f00:1",
        "64:ff9b:1::a00:1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "100::1",
    ],
}
"""Machines, by what is said of them."""


@pytest.mark.parametrize(
    ("said", "machine"), [(said, machine) for said, some in INNER.items() for machine in some]
)
def test_no_inner_machine_is_called_whatever_its_name(said: str, machine: str) -> None:
    for machines in ((machine,), (PUBLIC, machine)):
        sentence = refused("https://oa.xinji.example/", *machines)
        assert said in sentence
        assert ("webhooks.networks" in sentence) == (said == "内部网络"), "only where that helps"


@pytest.mark.parametrize(
    "machine", [PUBLIC, "::ffff:93.184.216.34", "64:ff9b::5db8:d822", "2606:2800:220:1::1"]
)
def test_the_public_internet_is_called(machine: str) -> None:
    Line(Options(), resolver=lambda _host, _port: [machine]).check("https://oa.xinji.example/")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://localhost/", "http://localhost./", "http://[::1]:8080/"]
)
def test_this_machine_is_not_called_by_any_of_its_own_names(url: str) -> None:
    assert "就是本机" in refused(url)


def test_inner_networks_of_the_settings_are_called_and_no_other() -> None:
    office = [ip_network("10.12.0.0/16"), ip_network("fd00:12::/32")]
    assert may_be_called("10.12.3.4", office)
    assert may_be_called("::ffff:10.12.3.4", office)
    assert may_be_called("fd00:12::1", office)
    assert not may_be_called("10.13.0.1", office)
    assert not may_be_called("127.0.0.1", office)


@pytest.mark.parametrize("machine", ["100.100.100.200", "64:ff9b::6464:64c8", "fd00:ec2::254"])
def test_the_keys_of_a_cloud_are_never_called_for(machine: str) -> None:
    options = Options(networks=["100.64.0.0/10", "fc00::/7"])
    assert not may_be_called(machine, options.networks)


@pytest.mark.parametrize(
    "network",
    ["0.0.0.0/0", "::/0", "8.0.0.0/5", "169.254.0.0/16", "224.0.0.0/4", PUBLIC, "fe80::/10"],
)
def test_a_network_that_is_not_inner_cannot_be_opened(network: str) -> None:
    with pytest.raises(ValidationError, match="不全是内部网络，请写窄一些"):
        Options(networks=["10.12.0.0/16", network])


def test_a_name_that_leads_nowhere_is_said() -> None:
    assert "查不到主机 nowhere.invalid" in refused("https://nowhere.invalid/")
    nothing = Line(Options(), resolver=lambda _host, _port: [])
    with pytest.raises(UnsafeAddress, match="查不到主机"):
        nothing.check("https://oa.xinji.example/")
