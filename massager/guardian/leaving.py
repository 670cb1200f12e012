"""How a guardian left."""

from enum import IntEnum


class Leaving(IntEnum):
    """How the guardian left; as the exit code of its process."""

    STOPPED = 0
    NO_LINK = 4
    NOT_STOPPED = 6
