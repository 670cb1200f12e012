"""Paired devices: one name and one address each, and not forgotten while one moves."""

from dataclasses import asdict, replace

import pytest

from massager.model.devices import SYSTEM_RADIO, PairedDevice
from massager.model.errors import BusyError, NotAllowedError, NotFoundError
from massager.model.history import By, Moment, Role
from massager.store import Devices, Journal, People, Store, seal
from massager.store.tables import SESSION
from massager.store.who import person_row
from samples import demo
from store_rig import Place

NOW = Moment(wall_s=1_700_000_000, boot_ms=5_000, boot_id="a boot")
SOMEBODY = By("somebody", Role.ANYONE)
CHAIR = PairedDevice(
    name="chair",
    profile="chair",
    radio=SYSTEM_RADIO,
    address="C0:FF:EE:00:00:01",
    model_number="REF-CHAIR",
    firmware="1.0",
    serial="7",
)


@pytest.fixture
def devices(store: Store) -> Devices:
    made = Devices(store)
    made.add(CHAIR, by=SOMEBODY, now=NOW)
    return made


def begin(store: Store, device: str, identity: str | None = None) -> int:
    """A session that is open on a device."""
    People(store).add(demo(name="mia"), by=SOMEBODY, now=NOW)
    with store.transaction() as connection:
        return seal.add(
            connection,
            SESSION,
            person_id=person_row(connection, "mia").id,
            device=device,
            identity=identity,
            program="gentle",
            controller="somebody",
            started_s=NOW.wall_s,
            last_s=NOW.wall_s,
            reserved_ms=0,
            used_ms=0,
        )


def test_a_device_comes_back_as_paired(place: Place, store: Store, devices: Devices) -> None:
    bed = replace(CHAIR, name="Bed", address="C0:FF:EE:00:00:02", serial="")
    devices.add(bed, by=SOMEBODY, now=NOW)
    assert devices.all() == (bed, CHAIR)
    store.close()
    with Store.open(place) as again:
        assert Devices(again).get("chair") == CHAIR
        assert Devices(again).all() == (bed, CHAIR)


def test_a_name_is_given_once(devices: Devices) -> None:
    with pytest.raises(NotAllowedError, match="paired device 'chair' already"):
        devices.add(replace(CHAIR, address="C0:FF:EE:00:00:02"), by=SOMEBODY, now=NOW)
    with pytest.raises(NotAllowedError, match="cannot be a name"):
        devices.add(replace(CHAIR, name="", address="C0:FF:EE:00:00:02"), by=SOMEBODY, now=NOW)
    assert devices.all() == (CHAIR,)


def test_one_address_is_not_paired_under_two_names(devices: Devices) -> None:
    with pytest.raises(NotAllowedError, match="paired already, as 'chair'"):
        devices.add(replace(CHAIR, name="other"), by=SOMEBODY, now=NOW)
    assert devices.all() == (CHAIR,)


def test_the_same_address_on_another_radio_is_another_device(devices: Devices) -> None:
    other = replace(CHAIR, name="other", radio="tcp:127.0.0.1:1")
    devices.add(other, by=SOMEBODY, now=NOW)
    assert devices.all() == (CHAIR, other)


def test_an_unknown_name_is_told_with_the_names(devices: Devices) -> None:
    with pytest.raises(NotFoundError, match=r"no paired device 'bed'. Paired: chair\."):
        devices.get("bed")
    with pytest.raises(NotFoundError):
        devices.forget("bed", by=SOMEBODY, now=NOW)
    devices.forget("chair", by=SOMEBODY, now=NOW)
    with pytest.raises(NotFoundError, match="none yet"):
        devices.get("chair")


def test_a_forgotten_device_may_be_paired_again(place: Place, store: Store, devices: Devices) -> None:
    devices.forget("chair", by=SOMEBODY, now=NOW)
    assert devices.all() == ()
    devices.add(replace(CHAIR, name="other"), by=SOMEBODY, now=NOW)
    store.close()
    with Store.open(place) as again:
        assert [device.name for device in Devices(again).all()] == ["other"]


def test_pairing_and_forgetting_are_journaled(store: Store, devices: Devices) -> None:
    devices.forget("chair", by=SOMEBODY, now=NOW)
    paired, forgotten = (entry.record for entry in Journal(store).records())
    facts = {"who": "somebody", **asdict(CHAIR)}
    assert (paired.kind, paired.code, paired.facts) == ("device-paired", "anyone", facts)
    assert (forgotten.kind, forgotten.code, forgotten.facts) == ("device-forgotten", "anyone", facts)


@pytest.mark.parametrize(
    ("device", "identity"), [("chair", None), ("another name", CHAIR.identity), ("chair", CHAIR.identity)]
)
def test_a_device_in_a_session_is_not_forgotten(
    store: Store, devices: Devices, device: str, identity: str | None
) -> None:
    session = begin(store, device, identity)
    with pytest.raises(BusyError, match=f"chair is in session {session}"):
        devices.forget("chair", by=SOMEBODY, now=NOW)
    assert devices.all() == (CHAIR,)


def test_a_session_on_another_device_is_no_reason_to_keep_one(store: Store, devices: Devices) -> None:
    begin(store, "bed", "C0:FF:EE:00:00:02")
    devices.forget("chair", by=SOMEBODY, now=NOW)
    assert devices.all() == ()
