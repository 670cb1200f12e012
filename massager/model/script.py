"""Answers prepared in advance, for whoever starts a session without a person at the keyboard."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from massager.model.body import Zone
from massager.model.questions import Answer, CheckIn, Feeling, Screening


@dataclass(frozen=True, slots=True)
class Unasked:
    """Something said without a question, so long after the session was first seen running."""

    at_s: int
    check_in: CheckIn


@dataclass(frozen=True, slots=True)
class Afterwards:
    """How it went; None was not answered."""

    pain: int | None = None
    worse: Answer | None = None
    feeling: Feeling | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """The answers of one session; what is not in it is not answered.

    Attributes:
        check_ins: In the order of the questions; those beyond the last are not answered.
        zones: Whether a zone may be visited for the first time.
        afterwards: None says nothing after the session.
    """

    before: Screening = field(default_factory=Screening)
    check_ins: tuple[CheckIn, ...] = ()
    unasked: tuple[Unasked, ...] = ()
    zones: Mapping[Zone, bool] = field(default_factory=lambda: MappingProxyType({}))
    afterwards: Afterwards | None = None
