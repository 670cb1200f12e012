"""A real store with a clock that tests move, a caregiver, and a hasher that takes no time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from massager.app.folders import state_folder
from massager.cli import signing
from massager.cli.exits import Exit
from massager.model.carried import Carried
from massager.model.history import Moment
from massager.session.caregivers import CaregiverService, SignedIn
from massager.session.passphrases import Passphrases
from massager.session.people import PeopleService
from massager.store import Journal, Store
from people_desk import PERSON, Desk
from people_rig import ANNA, PASSPHRASE


class Clock:
    """Both clocks, moved together."""

    def __init__(self) -> None:
        self.wall_s = 1_795_000_000

    def __call__(self) -> Moment:
        return Moment(self.wall_s, self.wall_s * 1000 - 1_700_000_000_000, "boot")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder) as opened:
        yield opened


@pytest.fixture
def hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def caregivers(store, clock, hasher) -> CaregiverService:
    return CaregiverService(store, Passphrases(hasher), now=clock, door="test")


@pytest.fixture
def carla(caregivers) -> SignedIn:
    caregivers.add("carla", PASSPHRASE, alone=False, caregiver=None)
    return caregivers.sign_in("carla", PASSPHRASE)


@pytest.fixture
def people(store, caregivers, carla, clock) -> PeopleService:
    made = PeopleService(store, caregivers, now=clock)
    made.add(ANNA, Carried(), caregiver=carla)
    return made


@pytest.fixture
def journal(store) -> Journal:
    return Journal(store)


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys, hasher):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.delenv("MASSAGER_DATA", raising=False)
    monkeypatch.setattr(signing, "usual_hasher", lambda: hasher)
    return Desk(tmp_path, monkeypatch, capsys)


@pytest.fixture(scope="session")
def prepared() -> dict[str, bytes]:
    """The store of `staffed`, once it has been made."""
    return {}


@pytest.fixture
def staffed(desk, prepared):
    """With a caregiver, and anna."""
    database = state_folder() / "massager.db"
    if not prepared:
        assert desk.run("caregiver", "add", "carla", "--new-passphrase-file", desk.passphrase).code is Exit.OK
        desk.ok(*PERSON)
        prepared["store"] = database.read_bytes()
    else:
        database.parent.mkdir(parents=True)
        database.write_bytes(prepared["store"])
    return desk
