"""What tests of all rooms share: their order, and a PostgreSQL server, started for the first that asks."""

from collections.abc import Iterator

import pytest

import postgresql_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgresql_server.Server]:
    """Without one to start, a test is left out, and says so; where CI is set it fails."""
    postgresql_server.require()
    with postgresql_server.server() as server:
        yield server


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for a browser longest of all begins first, so that nobody waits for it at the end."""
    items.sort(key=lambda item: item.path.parent.name != "browser")
