"""Whether the controller that opened a session still lives, where controllers share a PostgreSQL database.

Each controller holds an advisory lock on the very connection that it writes with: who cannot write any more
does not hold the lock either. But whoever was cut off may still live, and move what is paid for. So a lock
that is gone counts as held for a while after the controller's last write, by the clock of the database's
server; only a controller that takes its leave gives its sessions up at once.
"""

import secrets
from contextlib import suppress
from typing import Final

from sqlalchemy import Column, Connection, DateTime, MetaData, Table, Text, text
from sqlalchemy.exc import SQLAlchemyError

# docs/postgresql.md: 10 s may be paid beyond the last write, which may have been answered 2 s late; then the
# longest lease of 2 s; and 1 s for rounding.
GRACE_S: Final = 15

# Only PostgreSQL needs it. It is not sealed: all that anybody can gain here is the grace.
ONLY_POSTGRESQL: Final = MetaData()
Table(
    "controller",
    ONLY_POSTGRESQL,
    Column("token", Text, primary_key=True),
    Column("seen", DateTime(timezone=True), nullable=False),
)

_LOCK: Final = text("SELECT pg_advisory_lock(:number)")
_TRY: Final = text("SELECT pg_try_advisory_xact_lock(:number)")
_RENEW: Final = text(
    "INSERT INTO controller VALUES (:token, clock_timestamp()) "
    "ON CONFLICT (token) DO UPDATE SET seen = clock_timestamp()"
)
_UNLOCK: Final = text("SELECT pg_advisory_unlock(:number)")
_FORGET: Final = text("DELETE FROM controller WHERE token = :token")
_REST_S: Final = text(
    "SELECT ceil(extract(epoch FROM seen - clock_timestamp()) + :grace_s)::int "
    "FROM controller WHERE token = :token"
)


def _number(token: str) -> int:
    """Of the token's lock: its first 64 bits, with their sign."""
    return int.from_bytes(bytes.fromhex(token[:16]), signed=True)


class AdvisoryLock:
    """This controller's token and lock, and a look at those of others; all of it inside transactions."""

    def __init__(self, connection: Connection) -> None:
        self.token = secrets.token_hex(16)
        self._connection = connection
        self._held = False

    def claim(self) -> None:
        """Hold the lock from now until `release`, or until the connection is lost."""
        if not self._held:
            self._connection.execute(_LOCK, {"number": _number(self.token)})
            self._held = True

    def renew(self) -> None:
        """Note that this controller has just written something."""
        if self._held:
            self._connection.execute(_RENEW, {"token": self.token})

    def lives(self, token: str) -> bool:
        """True while a controller holds the token, or may not know yet that it has lost it."""
        if token == self.token:
            return self._held
        free: bool = self._connection.execute(_TRY, {"number": _number(token)}).scalar_one()
        if not free or self._rest_s(token) > 0:
            return True
        self._connection.execute(_FORGET, {"token": token})
        return False

    def _rest_s(self, token: str) -> int:
        """How long a lock that is gone still counts; a controller that never wrote opened nothing either."""
        times = {"token": token, "grace_s": GRACE_S}
        return self._connection.execute(_REST_S, times).scalar() or 0

    def advice(self, token: str) -> str:
        """What to do about a controller that lives."""
        free = token != self.token and self._connection.execute(_TRY, {"number": _number(token)}).scalar_one()
        if not free:
            return "Stop that one first."
        return (
            "Its controller was cut off from the database and may not have noticed yet. Wait "
            f"{self._rest_s(token)} s, then try again."
        )

    def release(self) -> None:
        """Take leave; sessions still open under the token count as left by a dead controller, at once.

        The lock is gone too: the server ends a closed connection in its own time. Without the server the
        controller counts as cut off.
        """
        if self._held and not self._connection.invalidated:
            with suppress(SQLAlchemyError):
                with self._connection.begin():
                    self._connection.execute(_FORGET, {"token": self.token})
                # Only now: a lock that is gone before its row counts as held for the grace.
                with self._connection.begin():
                    self._connection.execute(_UNLOCK, {"number": _number(self.token)})
        self._held = False
