"""A real PostgreSQL server of the tests' own: started, frozen, killed and started again as they need it."""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

_INSTALLED = Path("/usr/lib/postgresql")
_PATIENCE_S = 30.0
# PostgreSQL refuses to run as root.
_USER = "postgres"


def programs() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine; None where there is none."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = sorted(_INSTALLED.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


def missing() -> str:
    """Why no server can be started here; empty where one can."""
    if programs() is None:
        return "no PostgreSQL server here: apt install postgresql"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(_USER)
        except KeyError:
            return f"PostgreSQL does not run as root, and there is no user {_USER}"
    return ""


def require() -> None:
    """Leave the test out where no server can be started, and say so; where CI is set it fails."""
    why = missing()
    if why:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)


class Server:
    """One server on a socket in a folder of its own; it listens nowhere else.

    Attributes:
        folder: Where its socket is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)
        self._emptied: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None

    def _run(self, program: str, *words: str) -> "subprocess.Popen[bytes]":
        found = programs()
        assert found is not None
        account = {"user": _USER, "group": _USER, "extra_groups": []} if os.geteuid() == 0 else {}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [found / program, "-D", self.folder / "data", *words],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
                **account,
            )

    def make(self) -> None:
        """Make its files."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, _USER, _USER)
        made = self._run("initdb", "--no-sync", "-U", "postgres", "-A", "trust", "-E", "UTF8")
        assert made.wait(_PATIENCE_S) == 0, self.log()

    def start(self) -> None:
        """Start it, and return when it answers."""
        self._process = self._run("postgres", "-k", str(self.folder), "-h", "")
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                psycopg.connect(self._address("postgres", "postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, self.log()
                assert time.monotonic() < deadline, self.log()
                time.sleep(0.02)
            else:
                return

    def _address(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def log(self) -> str:
        """What it said."""
        return (self.folder / "log").read_text()

    def admin(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement as the server's administrator; what it answers."""
        address = self._address("postgres", database)
        with closing(psycopg.connect(address, autocommit=True)) as connection:
            found = connection.execute(statement)  # type: ignore[arg-type]
            return found.fetchall() if found.description is not None else []

    def database(self, *, like: str | None = None) -> str:
        """Make a database, empty or a copy of another; its URL, of a role that owns it and rules nothing."""
        if like is None and self._emptied:
            return self._emptied.pop()
        number = next(self._numbers)
        if number == 1:
            self.admin("CREATE ROLE massager LOGIN")
        origin = "template1" if like is None else name_of(like)
        self.admin(f"CREATE DATABASE store_{number} OWNER massager TEMPLATE {origin}")
        return self._address("massager", f"store_{number}")

    def take_back(self, url: str) -> None:
        """Empty a database that a test is done with, for another one: that is quicker than a new one."""
        with closing(psycopg.connect(self._address("postgres", name_of(url)))) as connection, connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public AUTHORIZATION massager")
        self._emptied.append(url)

    def cut_off(self, url: str) -> None:
        """Drop everybody's connection to a database, as a restart or a bad line would."""
        found = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = "
        self.admin(f"{found}'{name_of(url)}'")

    def until_gone(self, *pids: int) -> None:
        """Wait until these of its processes have ended."""
        deadline = time.monotonic() + _PATIENCE_S
        while any(map(_runs, pids)):
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.005)

    def _processes(self) -> list[int]:
        assert self._process is not None
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]

    def freeze(self) -> None:
        """Stop all its processes where they are; they hold their sockets and answer nothing."""
        # The postmaster first, so that no further one is born.
        for pid in self._processes():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        for pid in reversed(self._processes()):
            os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """Kill all its processes at once, as a power cut would."""
        assert self._process is not None
        if self._process.poll() is not None:
            return
        self.freeze()
        pids = self._processes()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self.until_gone(*pids)

    def stop(self) -> None:
        """Shut it down as a restart does; every connection is told."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        self._process.wait(_PATIENCE_S)


def _runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def name_of(url: str) -> str:
    """The name of the database in a URL that `Server.database` gave."""
    return url.partition("@/")[2].partition("?")[0]


def run(url: str, *statements: str) -> None:
    """Change a database as a stranger would who has the account."""
    with closing(psycopg.connect(url)) as connection, connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


@contextmanager
def server() -> Iterator[Server]:
    """A server that runs, and is gone without a trace afterwards."""
    # Not pytest's folder: that one is closed to the server's user, and too long a path for a socket.
    with tempfile.TemporaryDirectory(prefix="massager-pg-") as folder:
        one = Server(Path(folder))
        one.make()
        one.start()
        try:
            yield one
        finally:
            one.kill()  # an orderly end would take its time to write what is thrown away
