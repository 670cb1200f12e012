"""A real store, in a file and in a PostgreSQL database.

A test that asks for `place` or `store` runs on both; one that uses `folder` is about the file, and runs on
that alone.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from massager.store import Ledger, Store
from postgresql_server import Server
from store_rig import add_demo

_BOTH = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        about_the_file = "folder" in metafunc.fixturenames
        metafunc.parametrize("backend", _BOTH[:1] if about_the_file else _BOTH, scope="session")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def new_place(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Path | str]]:
    """A place without a store, another one with each call."""
    if backend == "sqlite":
        folders = iter([tmp_path / "data", *(tmp_path / f"data-{n}" for n in range(2, 999))])
        yield lambda: next(folders)
        return
    server, given = request.getfixturevalue("postgresql"), []

    def give() -> str:
        given.append(server.database())
        return given[-1]

    yield give
    for url in given:
        server.take_back(url)


@pytest.fixture
def place(new_place: Callable[[], Path | str]) -> Path | str:
    return new_place()


@pytest.fixture
def url(postgresql: Server) -> str:
    """Of a database without a store, for a test about the server."""
    return postgresql.database()


@pytest.fixture
def store(place: Path | str) -> Iterator[Store]:
    with Store.open(place) as opened:
        yield opened


@pytest.fixture
def ledger(store: Store) -> Ledger:
    """Of a store that knows the person `demo`."""
    add_demo(store)
    return Ledger(store)
