"""Exit codes, the same for every command, and how an error or an ending becomes one."""

import sys
from enum import IntEnum

from massager.model.decisions import OUT_OF_REACH, WISHED, Reason
from massager.model.errors import (
    AuthError,
    BusyError,
    ControlSocketError,
    InvalidProfileError,
    LinkError,
    MassagerError,
    NotAllowedError,
    NotFoundError,
    NotPairedError,
    UnknownDeviceError,
)
from massager.session.snapshot import Ending


class Exit(IntEnum):
    """What a command ends with."""

    OK = 0
    ERROR = 1
    USAGE = 2
    INVALID = 3
    LINK = 4
    REFUSED = 5
    STOPPED = 6
    NO_CORE = 7
    AUTH = 8
    INTERRUPTED = 130


_ERRORS: dict[type[MassagerError], Exit] = {
    NotFoundError: Exit.USAGE,
    InvalidProfileError: Exit.INVALID,
    NotPairedError: Exit.REFUSED,
    LinkError: Exit.LINK,
    UnknownDeviceError: Exit.REFUSED,
    NotAllowedError: Exit.REFUSED,
    BusyError: Exit.REFUSED,
    AuthError: Exit.AUTH,
    ControlSocketError: Exit.NO_CORE,
}

_ENDINGS = {
    **dict.fromkeys(WISHED, Exit.OK),
    **dict.fromkeys(OUT_OF_REACH, Exit.LINK),
    Reason.DEVICE_BUSY: Exit.REFUSED,
    Reason.UNKNOWN_DEVICE: Exit.REFUSED,
    Reason.NOT_PAIRED: Exit.REFUSED,
    Reason.STORE_FAILED: Exit.STOPPED,
}


def exit_for_error(error: MassagerError) -> Exit:
    """The code for an error, after telling it on the error output."""
    print(f"massager: {error}", file=sys.stderr)
    return next((code for kind, code in _ERRORS.items() if isinstance(error, kind)), Exit.ERROR)


def exit_for_ending(ending: Ending) -> Exit:
    """The code for a session's end; a stop that nobody confirmed is never a success."""
    if ending.confirmed is False and ending.reason is not Reason.LINK_LOST:
        return Exit.STOPPED
    return _ENDINGS.get(ending.reason, Exit.STOPPED)
