"""Bonds: made where they may be, used before the first command, and never replaced behind anybody's back."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from bumble.keys import PairingKeys

from firmware_sim.radio import Radio
from firmware_sim.simulator import Simulator
from firmware_sim.virtual_time import run
from guardian.rig import CHAIR, Core
from massager.app import session
from massager.app.pairing import pair
from massager.app.place import Surroundings
from massager.app.session import Memory
from massager.app.target import Target
from massager.guardian import process, transport
from massager.guardian.clock import LoopClock
from massager.guardian.leaving import Leaving
from massager.guardian.messages import Failed, Failure, LinkLost, Ready, Stopped
from massager.guardian.stop_only import StopOnly
from massager.guardian.transport import gatt_links
from massager.model.history import By, Role
from massager.protocol import codec_for
from massager.store import Store

CODEC = codec_for("reference")
HOST = "F0:00:00:00:00:01"


class Room:
    def __init__(self, *faults):
        self.rows = []
        self.sim = Simulator(model="chair", faults=faults, on_row=self.rows.append)

    @property
    def chair(self):
        return self.sim.devices[0]

    @property
    def bonds(self):
        return self.chair._bonds

    async def core(self, wrap=lambda radio: radio, **options):
        radio = wrap(await self.sim.radio())
        return Core(gatt_links(radio, CODEC, LoopClock(), **options))

    async def drop_links(self):
        await self.chair._appliance.outages.radio.drop_links()

    def events(self):
        return [row["event"] for row in self.rows if row.get("event") not in {None, "device"}]


@contextlib.asynccontextmanager
async def room(*faults):
    made = Room(*faults)
    async with made.sim:
        yield made


def bluez(radio, bonded):
    """That radio, as BlueZ shows it: each device with an object path and whether there is a bond."""

    class Client(radio.client):
        def __init__(self, device, **options):
            super().__init__(device.address, **options)

        async def pair(self, *_args, **_options):
            if not bonded:
                await super().pair()
                bonded.append(self.address)

        async def unpair(self):
            bonded.clear()
            await super().unpair()

    class Scanner(radio.scanner):
        def create_or_update_device(self, key, address, name, _details, adv):
            details = {"path": "/org/bluez/hci0/dev_1", "props": {"Paired": bool(bonded)}}
            return super().create_or_update_device(key, address, name, details, adv)

    return Radio(client=Client, scanner=Scanner)


@pytest.fixture(autouse=True)
def agents(monkeypatch):
    """No D-Bus on virtual time: only for whom an agent was wanted."""
    wanted = []

    @contextlib.asynccontextmanager
    async def agent(details, address):
        if isinstance(details, dict) and not details["props"]["Paired"]:
            wanted.append((details["path"], address))
        yield

    monkeypatch.setattr(transport, "agent_for", agent)
    return wanted


def test_stop_is_written_before_anything_is_paired_and_the_bond_is_there_before_the_first_command():
    async def main():
        async with room() as here:
            seen = []
            radio = await here.sim.radio()

            class Watched(radio.client):
                async def pair(self, *args, **options):
                    seen.append(("pair", here.events()))
                    await super().pair(*args, **options)

                async def write_gatt_char(self, characteristic, data, response):
                    link = self._link()
                    seen.append((characteristic.uuid[:8], link.is_encrypted))
                    await super().write_gatt_char(characteristic, data, response)

            core = Core(gatt_links(Radio(Watched, radio.scanner), CODEC, LoopClock()))
            await core.open()
            await core.client.close()
            assert seen[0] == ("5a1e0003", False)
            pairing = seen.index(("pair", ["connect", "stop"]))
            assert all(what == "5a1e0003" for what, _ in seen[:pairing])
            commands = [encrypted for what, encrypted in seen if what == "5a1e0002"]
            assert commands
            assert all(commands)

    run(main())


def test_a_device_that_refuses_to_pair_is_stopped_and_refused_at_once_with_what_to_do():
    async def main():
        async with room("pairing_refused") as here:
            core = await here.core()
            failed = await core.hear(Failed)
            assert failed.failure is Failure.NOT_PAIRED
            assert "refuses to pair" in failed.detail
            assert "Switch it off and on" in failed.detail
            assert core.clock.now_ms() < 2000
            assert await core.client.close() == Leaving.NO_LINK
            assert here.events() == ["connect", "stop", "disconnect"]

    run(main())


def test_after_a_lost_link_the_same_bond_is_used_again():
    async def main():
        async with room() as here:
            core = await here.core()
            await core.hear(Ready)
            ((_, before),) = await here.bonds.get_all()
            await here.drop_links()
            await core.hear(Ready, 2)
            ((_, after),) = await here.bonds.get_all()
            assert after is before
            await core.open()
            await core.client.close()

    run(main())


def test_a_device_that_has_forgotten_the_bond_is_stopped_seen_at_rest_and_then_refused():
    async def main():
        async with room("bond_lost:1", "link_drop:1.5") as here:
            core = await here.core()
            await core.open()
            for _ in range(20):
                core.lease(0, carriage_mm=450, half_width_mm=55)
                await asyncio.sleep(0.1)
            await core.hear(LinkLost)
            lost_ms = core.clock.now_ms()
            failed = await core.hear(Failed)
            assert failed.failure is Failure.NOT_PAIRED
            assert "forgotten it, or is another device" in failed.detail
            assert "`massager forget` it, then `massager pair C0:DE:00:00:00:01`" in failed.detail
            assert core.clock.now_ms() - lost_ms < 3000
            assert (await core.hear(Stopped)).confirmed
            begun = here.events().index("session_start")
            assert here.events()[begun:][-4:] == ["disconnect", "connect", "stop", "disconnect"]
            assert here.events().count("session_start") == 1
            await core.client.close()

    run(main())


def test_another_device_in_its_place_is_never_driven_and_the_right_one_is_looked_for_for_30_s():
    async def main():
        async with room() as here:
            core = await here.core()
            await core.open()
            core.lease(0, carriage_mm=450, half_width_mm=55)
            await asyncio.sleep(0.1)
            (keys,) = [keys for _, keys in await here.bonds.get_all()]
            keys.ltk = PairingKeys.Key(bytes(16))
            await here.drop_links()
            await core.hear(LinkLost)
            lost_ms = core.clock.now_ms()
            failed = await core.hear(Failed)
            assert failed.failure is Failure.NOT_PAIRED
            assert "another device" in failed.detail
            assert 9_000 < core.clock.now_ms() - lost_ms < 42_000
            assert here.events().count("session_start") == 1
            await core.client.close()

    run(main())


def test_the_right_device_is_stopped_when_it_comes_back_after_another_one_answered():
    async def main():
        async with room() as here:
            core = await here.core()
            await core.open()
            core.lease(0, carriage_mm=450, half_width_mm=55)
            await asyncio.sleep(0.1)
            (keys,) = [keys for _, keys in await here.bonds.get_all()]
            right, keys.ltk = keys.ltk, PairingKeys.Key(bytes(16))
            await here.drop_links()
            await asyncio.sleep(3)
            assert len(core.heard(Ready)) == 1
            keys.ltk = right
            await core.hear(Ready, 2)
            assert (await core.hear(Stopped)).confirmed
            await core.client.close()

    run(main())


def test_a_device_can_be_stopped_without_a_core_whatever_became_of_its_bond():
    async def main():
        async with room("pairing_refused") as here:
            links = gatt_links(await here.sim.radio(), CODEC, LoopClock(), new_bonds=False)
            stop = StopOnly(links=links, codec=CODEC, clock=LoopClock(), actuators=2, address=None)
            assert await stop.run() is Leaving.STOPPED

    run(main())


def test_a_session_on_bluez_uses_the_bond_it_has_and_asks_for_no_agent(agents):
    async def main():
        async with room() as here:
            bonded = []
            core = await here.core(lambda radio: bluez(radio, bonded))
            await core.hear(Ready)
            await core.client.close()
            assert agents == [("/org/bluez/hci0/dev_1", "C0:DE:00:00:00:01")]

    run(main())


def test_without_a_bond_bluez_is_asked_for_none_unless_the_person_pairs(agents):
    async def main():
        async with room() as here:
            core = await here.core(lambda radio: bluez(radio, []), new_bonds=False)
            failed = await core.hear(Failed)
            assert failed.failure is Failure.NOT_PAIRED
            assert "not paired with this computer" in failed.detail
            assert "`massager pair C0:DE:00:00:00:01`" in failed.detail
            assert (here.events(), agents) == (["connect", "stop", "disconnect"], [])
            assert await here.bonds.get_all() == []
            await core.client.close()

    run(main())


def test_pairing_anew_removes_a_bond_with_which_there_is_no_connection(agents):
    async def main():
        async with room() as here:
            bonded = ["C0:DE:00:00:00:01"]

            def wrap(radio):
                shown = bluez(radio, bonded)

                class Client(shown.client):
                    async def connect(self, *args, **options):
                        if bonded:
                            raise TimeoutError
                        await super().connect(*args, **options)

                return Radio(Client, shown.scanner)

            core = await here.core(wrap)
            await core.hear(Ready)
            assert bonded == ["C0:DE:00:00:00:01"]
            assert len(agents) == 1
            await core.client.close()

    run(main())


def test_a_session_leaves_a_bond_alone_with_which_there_is_no_connection_and_says_what_to_do():
    async def main():
        async with room() as here:
            bonded = ["C0:DE:00:00:00:01"]

            def wrap(radio):
                shown = bluez(radio, bonded)

                class Client(shown.client):
                    async def connect(self, *_args, **_options):
                        raise TimeoutError

                return Radio(Client, shown.scanner)

            core = await here.core(wrap, new_bonds=False)
            failed = await core.hear(Failed)
            assert failed.failure is Failure.RADIO
            assert "or it has forgotten its bond; then `massager forget` it" in failed.detail
            assert bonded == ["C0:DE:00:00:00:01"]
            await core.client.close()

    run(main())


@pytest.mark.parametrize(
    ("arguments", "may"),
    [
        (["--radio", "system"], False),
        (["--radio", "system", "--bond"], True),
        (["--radio", "tcp:127.0.0.1:9101"], True),
        (["--radio", "unix:air"], True),
    ],
)
def test_on_the_systems_radio_a_guardian_makes_a_bond_only_when_it_is_told_to(arguments, may):
    assert process._may_bond(process._parser().parse_args(arguments)) is may


@dataclass(frozen=True, slots=True)
class Asked(Surroundings):
    """Surroundings that write down what guardians are wanted."""

    wanted: list = field(default_factory=list)

    async def guardian(self, **wanted):
        self.wanted.append(wanted)
        raise OSError("enough")


async def test_only_the_command_pair_lets_a_guardian_make_a_bond(tmp_path):
    where = Asked(
        radio="system",
        profiles=None,
        open_store=lambda: Store.open(tmp_path),
        data="",
        stop_file=lambda _radio, device: tmp_path / device,
        locks=tmp_path,
        runtime=tmp_path,
    )
    by = By("test", Role.ANYONE)
    with where.open_store() as store, ThreadPoolExecutor(1) as thread:
        with pytest.raises(OSError, match="enough"):
            await pair("C0:1", name=None, profile="chair", where=where, store=store, by=by)
        target = Target("chair", CHAIR, "C0:1")
        with pytest.raises(OSError, match="enough"):
            await session._connect(target, where, Memory.of(store, thread))
    assert [wanted.get("bonds", False) for wanted in where.wanted] == [True, False]
