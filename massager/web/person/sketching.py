"""The picture of a session to come, reckoned while the questions are answered."""

import asyncio
from dataclasses import dataclass

from massager.model.preview import Preview
from massager.session.massage import Basis
from massager.web.desk import Desk


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture that is being reckoned, and what of."""

    basis: Basis
    preview: asyncio.Task[Preview]

    def shows(self, basis: Basis) -> bool:
        """Whether a session on that basis would look the same."""
        mine, other = self.basis.prepared, basis.prepared
        return (mine.envelope, mine.timeline, mine.session_ms) == (
            other.envelope,
            other.timeline,
            other.session_ms,
        )


def sketch(desk: Desk, basis: Basis) -> Sketch:
    """Begin with a picture."""
    return Sketch(basis, asyncio.ensure_future(desk.think(basis.preview)))
