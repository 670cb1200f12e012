"""The composition root: builds every object of a core by hand.

`run_session` is one whole session of a core of its own; `hosted` is a core that starts sessions for others;
`preview_session` shows one without a core.
"""

from massager.app.core import Core, hosted
from massager.app.moments import moment
from massager.app.pairing import forget, pair
from massager.app.place import Surroundings
from massager.app.preview import preview_session
from massager.app.session import run_session
from massager.guardian.nearby import nearby

__all__ = [
    "Core",
    "Surroundings",
    "forget",
    "hosted",
    "moment",
    "nearby",
    "pair",
    "preview_session",
    "run_session",
]
