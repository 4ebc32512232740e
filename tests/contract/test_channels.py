"""What every adapter promises, asked of every adapter of the project.

Never edited for one channel: what is special about a channel stands in tests/channels.
"""

import importlib
import pkgutil
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import channels
from publisher.channel import (
    DeliveryError,
    HasLists,
    HasLookup,
    OutcomeUnknown,
    PermanentError,
    Recall,
    Receipt,
    Rendition,
    TemporaryError,
)
from publisher.model import Approval, Status
from tests.contract.orders import rendition_of
from tests.contract.rig import Rig, Trouble

KEY = "0123456789abcdef0123456789abcdef"
OTHER_KEY = "fedcba9876543210fedcba9876543210"
CHANNELS = sorted(
    module.name for module in pkgutil.iter_modules(channels.__path__) if module.name[0] != "_"
)
CERTAINLY_NOT_OUT = {
    Trouble.UNREACHABLE: TemporaryError,
    Trouble.BUSY: TemporaryError,
    Trouble.REFUSED: PermanentError,
}
MAY_BE_OUT = (Trouble.SILENT, Trouble.CUT, Trouble.BROKEN)


@pytest.fixture(params=CHANNELS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    module = importlib.import_module(f"tests.contract.rig_{request.param}")
    with module.Rig(tmp_path) as rig:
        yield rig


def needs(rig: Rig, trouble: Trouble) -> None:
    if trouble not in rig.troubles:
        pytest.skip(f"the world of {rig.channel.name} does not know «{trouble}»")


def send(rig: Rig, key: str = KEY) -> Receipt:
    rendition = rendition_of(rig, rig.items())
    return rig.channel.send(rendition, key, rig.recipients())


def told(rig: Rig, call: Callable[[], Any]) -> DeliveryError:
    """The error of a call that must fail by the contract, its whole chain free of secrets."""
    with pytest.raises(DeliveryError) as caught:
        call()
    error = caught.value
    everything = "".join(traceback.format_exception(error)) + repr(vars(error))
    for secret in rig.secrets:
        assert secret not in everything
    assert error.reason.strip(), "an error tells staff in one sentence what happened"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in error.reason), "in Chinese"
    return error


def test_every_channel_has_a_rig() -> None:
    for name in CHANNELS:
        importlib.import_module(f"tests.contract.rig_{name}")


def test_is_configured_by_options_and_build(rig: Rig) -> None:
    module = importlib.import_module(f"channels.{type(rig.channel).__module__.split('.')[1]}")
    assert module.Options.model_config["extra"] == "forbid"
    assert callable(module.build)
    assert isinstance(rig.channel.recall, Recall)


def test_render_is_pure(rig: Rig) -> None:
    before = list(rig.ledger())
    first = rendition_of(rig, rig.items())
    others: list[Rendition] = []
    thread = threading.Thread(target=lambda: others.append(rendition_of(rig, rig.items())))
    thread.start()
    thread.join()
    assert first.files
    assert [other.every for other in others] == [first.every]
    again = rendition_of(rig, rig.items())
    assert (again.every, again.sha256) == (first.every, first.sha256)
    assert list(rig.ledger()) == before, "rendering puts nothing out"


def test_rendition_names_are_safe_and_unique(rig: Rig) -> None:
    names = [file.name for file in rendition_of(rig, rig.items()).every]
    assert len(set(names)) == len(names)
    for name in names:
        assert not name.startswith("/")
        assert ".." not in name.split("/")


def test_renders_what_is_not_yet_approved(rig: Rig) -> None:
    """Staff look at a preview before they approve."""
    items = [
        replace(
            item,
            revision=replace(item.revision, approval=Approval(content_hash="0" * 64, approvers=())),
        )
        for item in rig.items()
    ]
    assert rendition_of(rig, items).files


def test_a_card_is_the_items_own_and_always_the_same(rig: Rig) -> None:
    channel = rig.channel
    if not isinstance(channel, HasLists):
        pytest.skip(f"{channel.name} has no lists")
    assert channel.groupings == ("window",)
    for item in rig.items():
        card = channel.card(item)
        assert (card.item_id, card.url) == (item.id, item.url)
        assert card.lists
        assert len(set(card.lists)) == len(card.lists)
        assert card.listed
        assert card.news_at is None
        assert channel.card(item) == card


def test_refuses_the_hopeless_at_the_door(rig: Rig) -> None:
    if not rig.hopeless():
        pytest.skip(f"{rig.channel.name} can carry anything")
    error = told(rig, lambda: rendition_of(rig, rig.hopeless()))
    assert isinstance(error, PermanentError)
    assert error.field, "staff must know which field to mend"


def test_send_puts_out_exactly_what_it_should(rig: Rig) -> None:
    before = len(rig.ledger())
    receipt = send(rig)
    assert receipt.status in {Status.DELIVERED, Status.ACCEPTED, Status.AWAITING}
    assert receipt.reference
    rig.finish()
    expected = len(rig.recipients()) if rig.channel.addressed else 1
    assert len(rig.ledger()) - before == expected


def test_repeatable_is_true_if_claimed(rig: Rig) -> None:
    if not (rig.channel.repeatable or rig.channel.idempotent):
        pytest.skip(f"{rig.channel.name} does not claim it")
    first = send(rig)
    rig.finish()
    after_one = list(rig.ledger())
    second = send(rig)
    rig.finish()
    assert list(rig.ledger()) == after_one
    assert second.status is first.status
    assert second.reference == first.reference


@pytest.mark.parametrize("trouble", CERTAINLY_NOT_OUT)
def test_what_is_certainly_not_out_is_said_so(rig: Rig, trouble: Trouble) -> None:
    needs(rig, trouble)
    rendition = rendition_of(rig, rig.items())
    rig.trouble(trouble)
    before = list(rig.ledger())
    error = told(rig, lambda: rig.channel.send(rendition, KEY, rig.recipients()))
    assert isinstance(error, CERTAINLY_NOT_OUT[trouble])
    assert list(rig.ledger()) == before


@pytest.mark.parametrize("trouble", MAY_BE_OUT)
def test_what_may_be_out_is_never_called_certain(rig: Rig, trouble: Trouble) -> None:
    needs(rig, trouble)
    rendition = rendition_of(rig, rig.items())
    rig.trouble(trouble)
    error = told(rig, lambda: rig.channel.send(rendition, KEY, rig.recipients()))
    harmless = rig.channel.repeatable or rig.channel.idempotent
    allowed = (OutcomeUnknown, TemporaryError) if harmless else (OutcomeUnknown,)
    assert isinstance(error, allowed)


def test_a_call_ends_when_the_channel_says_it_does(rig: Rig) -> None:
    """Nobody may decide about a call of a lost worker while it can still put something out."""
    assert rig.channel.longest_call > timedelta(0)
    needs(rig, Trouble.SILENT)
    rendition = rendition_of(rig, rig.items())
    rig.trouble(Trouble.SILENT)
    began = time.monotonic()
    told(rig, lambda: rig.channel.send(rendition, KEY, rig.recipients()))
    assert timedelta(seconds=time.monotonic() - began) < rig.channel.longest_call


def test_check_is_read_only_and_brings_the_end(rig: Rig) -> None:
    receipt = send(rig)
    out = list(rig.ledger())
    rig.channel.check(receipt)
    if receipt.status is not Status.ACCEPTED:
        assert rig.channel.check(receipt) == receipt
        assert list(rig.ledger()) == out
        return
    rig.finish()
    after = list(rig.ledger())
    found = rig.channel.check(receipt)
    assert list(rig.ledger()) == after
    if rig.channel.addressed:
        assert {report.address for report in found.reports} == {
            one.address for one in rig.recipients()
        }
        assert {report.reference for report in found.reports} == {receipt.reference}
        assert all(report.status is Status.DELIVERED for report in found.reports)
    else:
        assert found.status is Status.DELIVERED


def test_lookup_finds_what_is_out_and_only_that(rig: Rig) -> None:
    if not isinstance(rig.channel, HasLookup):
        pytest.skip(f"{rig.channel.name} offers no look-up")
    assert rig.channel.lookup(OTHER_KEY) is None
    rendition = rendition_of(rig, rig.items())
    rig.trouble(Trouble.SILENT)
    told(rig, lambda: rig.channel.send(rendition, KEY, rig.recipients()))
    rig.finish()
    found = rig.channel.lookup(KEY)
    assert found is not None
    assert found.status in {Status.DELIVERED, Status.ACCEPTED}
    assert rig.channel.lookup(OTHER_KEY) is None


def test_no_secret_in_reprs_receipts_or_renditions(rig: Rig) -> None:
    rendition = rendition_of(rig, rig.items())
    receipt = rig.channel.send(rendition, KEY, rig.recipients())
    rig.finish()
    shown = repr((rig.channel, receipt, rig.recipients(), rig.channel.check(receipt)))
    for secret in rig.secrets:
        assert secret not in shown
        assert all(secret.encode() not in file.data for file in rendition.every)
