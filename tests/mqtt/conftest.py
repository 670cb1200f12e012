"""A broker for each test that asks for one."""

import pytest

import mosquitto_server


@pytest.fixture
def broker(tmp_path):
    with mosquitto_server.mosquitto(tmp_path) as one:
        yield one


@pytest.fixture
def at_once(monkeypatch):
    """Without the two seconds after a connection in which nothing but a stop is obeyed."""
    monkeypatch.setattr("massager.mqtt.line.BACKLOG_S", 0.0)
