"""A real mosquitto of the tests' own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from blackbox_rig import free_port

PATIENCE_S = 30.0


def program() -> str | None:
    """Where mosquitto is on this machine."""
    return shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


def require() -> None:
    """Leave the test out where there is no broker, and say so; where CI is set it fails."""
    if program() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no mosquitto here: apt install mosquitto")


class Mosquitto:
    """One broker on a port of its own; it listens nowhere else.

    Attributes:
        port: The same after a restart.
    """

    def __init__(self, folder: Path, *, lines: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._config = folder / "mosquitto.conf"
        usual = () if any("allow_anonymous" in line for line in lines) else ("allow_anonymous true",)
        words = (f"listener {self.port} 127.0.0.1", "set_tcp_nodelay true", "user root", *usual, *lines)
        self._config.write_text("".join(f"{line}\n" for line in words))

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        with (self.folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen(
                [program(), "-c", self._config], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        end_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert self._process.poll() is None, self.log()
                assert time.monotonic() < end_s, self.log()
                time.sleep(0.01)
            else:
                return

    def log(self) -> str:
        return (self.folder / "mosquitto.log").read_text()

    def freeze(self) -> None:
        """It holds its sockets and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on, with all that was sent to it meanwhile."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """As a restart of the service would."""
        self._process.terminate()
        self._process.wait(PATIENCE_S)


@contextlib.contextmanager
def mosquitto(folder: Path, *, lines: tuple[str, ...] = ()):
    """A broker that runs."""
    require()
    one = Mosquitto(folder, lines=lines)
    one.start()
    try:
        yield one
    finally:
        one.kill()
