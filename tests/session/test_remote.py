"""A start that is asked for from elsewhere: only for whom a caregiver allowed it, and only as a question."""

from dataclasses import replace

import pytest

from massager.app.moments import moment
from massager.catalog import load_device
from massager.model.body import Zone
from massager.model.devices import PairedDevice
from massager.model.errors import StoreError
from massager.model.history import Authority, By, LockCause, Role
from massager.model.people import Modifier
from massager.session.massage import Bounds, Host, MassageService
from massager.session.offers import Massager, OfferService
from massager.session.remote import NotAsked, RemoteService, WhyNot
from massager.session.requests import Request
from massager.store import Amounts, Devices, Ledger, Lockouts, People, Store, demo_person

CHAIR = Massager("left", load_device("chair"))
CUSHION = Massager("seat", load_device("cushion"))
BY = By("test", Role.CAREGIVER)
HERE = "gentle-lumbar"


async def at_once(job):
    """In no thread of its own."""
    return job()


class Home:
    """A store with people, and the service."""

    def __init__(self, store):
        self.store = store
        self.massage = MassageService()
        offers = OfferService(store, None, now=moment)
        self.remote = RemoteService(store, offers, self.massage, do=at_once, think=at_once)
        for number, (name, profile) in enumerate((("left", "chair"), ("seat", "cushion"))):
            paired = PairedDevice(name, profile, "x", f"C0:{number}", "REF", "1.0", str(number))
            Devices(store).add(paired, by=BY, now=moment())

    def add(self, name, **fields):
        person = replace(demo_person(), name=name, **fields)
        People(self.store).add(person, by=BY, now=moment())
        return person

    async def refused(self, program=HERE, person=None, on=CHAIR):
        found = await self.remote.ask(on, program, person)
        assert isinstance(found, NotAsked)
        assert self.massage.requests.waiting() == ()
        return found


@pytest.fixture
def home(tmp_path):
    with Store.open(tmp_path) as store:
        yield Home(store)


async def test_the_only_one_with_remote_control_is_asked_and_nothing_else_happens(home):
    home.add("anna", remote=True)
    home.add("ben")
    wanted = Request("anna", HERE, "left")
    assert await home.remote.ask(CHAIR, HERE, None) == wanted
    assert home.massage.requests.waiting() == (wanted,)
    assert home.massage.snapshots() == []


async def test_without_remote_control_nobody_is_asked_and_a_name_nobody_has_sounds_alike(home):
    home.add("anna")
    told = [await home.refused(person=name) for name in (None, "anna", "nobody", "")]
    assert {one.why for one in told} == {WhyNot.NOBODY}
    assert len({one.text for one in told}) == 1


async def test_of_several_one_must_be_named_and_no_name_is_told(home):
    home.add("anna", remote=True)
    home.add("ben", remote=True)
    found = await home.refused()
    assert found.why is WhyNot.SEVERAL
    assert "anna" not in found.text
    assert "ben" not in found.text
    assert await home.remote.ask(CHAIR, HERE, "ben") == Request("ben", HERE, "left")


@pytest.mark.parametrize("program", ["", "no-such", "gentle-cushion", "../secret", "\0", "x" * 10_000])
async def test_what_is_no_program_of_this_massager_is_refused(home, program):
    home.add("anna", remote=True)
    assert (await home.refused(program)).why is WhyNot.NO_PROGRAM


async def test_what_the_limits_refuse_is_not_asked_and_nothing_is_told_of_the_person(home):
    texts = set()
    for name, fields in {
        "a": {"modifiers": frozenset({Modifier.PREGNANT})},
        "b": {"screened": False},
        "c": {"attested": False},
        "d": {"programs": frozenset()},
        "e": {"conditions": {}},
        "f": {"calibrations": {}},
        "g": {"zone_permille": dict.fromkeys(Zone, 0)},
        "h": {"born": 2015},
    }.items():
        home.add(name, remote=True, **fields)
        found = await home.refused(person=name)
        assert found.why is WhyNot.NOT_NOW, name
        texts.add(found.text)
    home.add("i", remote=True)
    Lockouts(home.store).add(
        "i",
        cause=LockCause.SET_BY_HAND,
        authority=Authority.CAREGIVER,
        wait_s=0,
        note="a bruise",
        by=BY,
        now=moment(),
    )
    texts.add((await home.refused(person="i")).text)
    assert texts == {"This may not start now. The page at the massager says why."}
    assert not await home.remote.may_start(CHAIR)


async def test_where_a_session_runs_already_nobody_is_asked(home, monkeypatch):
    home.add("anna", remote=True)
    monkeypatch.setattr(home.massage, "on_device", {"left": 1}.get)
    assert (await home.refused()).why is WhyNot.BUSY


async def test_where_waiting_is_all_that_it_takes_that_is_told(home):
    home.add("anna", remote=True)
    ledger, now = Ledger(home.store), moment()
    number = ledger.open_session("anna", "left", HERE, now)
    ledger.close_session(number, used=Amounts(300_000, {}), now=now, follow_up_s=())
    found = await home.refused()
    assert found.why is WhyNot.NOT_NOW
    assert "hours" in found.text


async def test_the_core_s_own_bounds_hold_for_what_is_asked(home):
    home.add("anna", remote=True)

    async def begin(_wish):
        raise AssertionError("nothing begins")

    home.massage.host = Host(begin, Bounds(percent=0), radio="x", data="x", profiles=None)
    assert (await home.refused()).why is WhyNot.NOT_NOW
    assert not await home.remote.may_start(CHAIR)


async def test_something_may_start_where_one_with_remote_control_may_have_it(home):
    home.add("ben", remote=True, conditions={})
    home.add("carl")
    assert not await home.remote.may_start(CHAIR)
    home.add("anna", remote=True, programs=frozenset({HERE}))
    assert await home.remote.may_start(CHAIR)
    assert not await home.remote.may_start(CUSHION)


async def test_a_store_that_fails_is_told_and_asks_nobody(home, monkeypatch):
    home.add("anna", remote=True)

    def names(_people):
        raise StoreError("the disk is gone")

    monkeypatch.setattr(People, "names", names)
    assert (await home.refused()).why is WhyNot.FAILED
