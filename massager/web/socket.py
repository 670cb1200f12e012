"""The control socket of a running core: one unix socket per core, in a folder of this user alone."""

import contextlib
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

from massager.model.errors import ControlSocketError
from massager.session.massage import MassageService
from massager.web.api import control_api
from massager.web.serving import serving


def _listening(path: Path) -> socket.socket:
    """A socket that listens before it has its name: whoever finds a name where nobody listens removes it.

    Raises:
        ControlSocketError: It cannot be made.
    """
    draft = path.with_name(f"new-{path.name}")
    listener = socket.socket(socket.AF_UNIX)
    try:
        draft.unlink(missing_ok=True)
        listener.bind(str(draft))
        draft.chmod(0o600)
        listener.listen()
        draft.rename(path)
    except OSError as error:
        listener.close()
        raise ControlSocketError(f"The control socket {path} cannot be made: {error.strerror}.") from error
    return listener


@contextlib.asynccontextmanager
async def control_socket(massage: MassageService, folder: Path) -> AsyncIterator[Path]:
    """Serve the control API while the block runs.

    Raises:
        ControlSocketError: The socket cannot be made.
    """
    path = folder / f"core-{os.getpid()}.sock"
    listener = _listening(path)
    try:
        async with serving(control_api(massage), listener):
            yield path
    finally:
        listener.close()
        path.unlink(missing_ok=True)
