"""Running cores of this user: where their control sockets are, and how to ask them."""

import http.client
import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from massager.app.folders import runtime_folder
from massager.model.errors import ControlSocketError
from massager.model.questions import CheckIn

# docs/architecture.md: no answer within 1 s counts as no listener.
ANSWER_S = 1.0


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


def check_in_body(check_in: CheckIn) -> dict[str, Any]:
    """What somebody says, as the control API takes it."""
    return {"pain": check_in.pain, "comfort": check_in.comfort, "feeling": check_in.feeling}
