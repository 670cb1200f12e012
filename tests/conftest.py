"""What tests of several rooms share: a PostgreSQL server, started for the first that asks."""

from collections.abc import Iterator

import pytest

import postgresql_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgresql_server.Server]:
    """Without one to start, a test is left out, and says so; where CI is set it fails."""
    postgresql_server.require()
    with postgresql_server.server() as server:
        yield server
