"""The contract: what it says is what is done, whatever is sent (schemathesis, on a real server)."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.server import Fault
from tests.support.cms import Cms, office_of
from tests.support.postbox import PostboxSimulator
from tests.support.townhall import townhall

NOT_CHECKED = """
[checks]
positive_data_acceptance.enabled = false
[[operations]]
include-path = "/api/v1/items/check"
checks.unsupported_method.enabled = false
checks.allow_header_conformance.enabled = false
"""
"""The intake knows rules that no schema can tell: dates, hashes, what stands in the database. And
/items/check may be fetched: it is the address of an item whose id is «check».
"""
EXAMPLES = 8
"""Of each operation, beside what stands at the edges of its fields; the same in every run."""
ITEMS = ("out", "failed", "unknown", "withdrawn")


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cms]:
    """A city where something stands in every state."""
    folder: Path = tmp_path_factory.mktemp("lively")
    with (
        PostboxSimulator() as box,
        townhall(folder, box.url) as city,
        office_of(city) as cms,
    ):
        for item_id, fault in zip(ITEMS, (None, "422", "502", None), strict=True):
            assert cms.submit(item_id).status_code == 201
            if fault == "422":
                box.plan(Fault.CODE, "letters", code="422")
            elif fault:
                box.plan(Fault.LATE_ERROR, "letters")
            city.flush("post", "board")
        withdrawal = {"why": "发错了", "by": "王芳"}
        assert cms.post("/items/withdrawn/withdrawal", withdrawal).status_code == 202
        city.publisher.staff.pause("digest", by="张敏", why="检修", now=city.clock())
        assert {cms.status("post", one) for one in ITEMS[:3]} == {"delivered", "failed", "unknown"}
        yield cms


def test_whatever_is_sent(lively: Cms, tmp_path: Path) -> None:
    """Whoever asks at random knows some ids that are there."""
    told = lively.get("/openapi.json").json()
    (rendition, *_) = lively.get("/items/out/renditions").json()["renditions"]
    there = {"item_id": list(ITEMS), "channel": ["post", "board"], "key": [rendition["key"]]}
    for parameter in _parameters(told):
        if parameter["in"] == "path" and parameter["name"] in there:
            parameter["schema"] = {"enum": [*there[parameter["name"]], "nobody"]}
    (tmp_path / "schemathesis.toml").write_text(NOT_CHECKED, "utf-8")
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(told), "utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(file)),
            *("--url", lively.root, "--header", f"Authorization: Bearer {lively.bearer}"),
            *("--phases", "examples,coverage,fuzzing,stateful"),
            *("--max-examples", str(EXAMPLES), "--seed", "1", "--generation-deterministic"),
            *("--no-color", "--request-timeout", "20"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    every = sum(len(methods) for methods in told["paths"].values())
    assert f"Tested: {every}\n" in done.stdout


def test_every_address_is_explained(lively: Cms) -> None:
    told = lively.get("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert told["info"]["title"] == "辛集市信息发布接口"
    for path, methods in told["paths"].items():
        for method, what in methods.items():
            assert what["description"], (method, path)
            assert what["security"] == [{"HTTPBearer": []}]
            for code, answer in what["responses"].items():
                assert answer["content"], (method, path, code)
            if method == "post":
                (body,) = what["requestBody"]["content"].values()
                assert body["schema"]
                names = [one["name"] for one in what["parameters"]]
                assert "Idempotency-Key" in names


def test_the_contract_names_what_this_city_has(lively: Cms) -> None:
    schemas = lively.get("/openapi.json").json()["components"]["schemas"]
    item = schemas["ItemToSubmit"]["properties"]
    assert "安全生产" in item["field"]["enum"]
    assert item["channels"]["items"]["enum"] == ["post", "board", "digest"]


def test_the_example_is_an_item_that_is_taken(cms: Cms) -> None:
    told = cms.get("/openapi.json").json()
    (example,) = told["components"]["schemas"]["ItemToSubmit"]["examples"]
    unsigned = {name: value for name, value in example.items() if name != "approval"}
    digest = cms.post("/items/check", unsigned).json()["content_hash"]
    assert example["approval"]["content_hash"] == digest
    assert cms.post("/items", example).status_code in {200, 201}


def _parameters(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in told["paths"].values():
        for what in methods.values():
            yield from what.get("parameters", ())
