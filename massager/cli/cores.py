"""Running cores of this user: where their control sockets are, and how to ask them."""

import http.client
import json
import os
import socket
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from massager.model.errors import ControlSocketError

# docs/architecture.md: no answer within 1 s counts as no listener.
ANSWER_S = 1.0


def runtime_folder() -> Path:
    """The folder for sockets, made with rights for this user alone.

    Raises:
        ControlSocketError: It belongs to somebody else or others may enter it.
    """
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR there is a fallback, whose owner and rights are checked below.
        warnings.simplefilter("ignore", UserWarning)
        folder = Path(platformdirs.user_runtime_dir("massager"))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError as error:
        raise ControlSocketError(f"The runtime folder {folder} cannot be used: {error.strerror}.") from error
    if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise ControlSocketError(
            f"The runtime folder {folder} is open to others. Set XDG_RUNTIME_DIR to a folder of your own, "
            f"or run: chmod 700 {folder}"
        )
    return folder


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a core said."""

    status: int
    body: dict[str, Any]


def cores() -> list[Path]:
    """Sockets of cores that ran or run, oldest first."""
    return sorted(runtime_folder().glob("core-*.sock"))


def ask(
    path: Path,
    method: str,
    target: str,
    *,
    body: dict[str, Any] | None = None,
    timeout_s: float = ANSWER_S,
) -> Answer | None:
    """Ask a core; None when nobody listens there any more, and the socket is then removed.

    Raises:
        ControlSocketError: Somebody listens and does not answer in time, or not sensibly.
    """
    connection = _UnixConnection(path, timeout_s)
    try:
        if body is None:
            connection.request(method, target)
        else:
            connection.request(method, target, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return Answer(response.status, json.loads(response.read()))
    except (ConnectionRefusedError, FileNotFoundError):
        path.unlink(missing_ok=True)
        return None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ControlSocketError(f"The core at {path} does not answer: {error}") from error
    finally:
        connection.close()
