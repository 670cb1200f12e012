"""The shape of a person's file; what its parts mean is judged where it is read (people.py)."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from massager.catalog.schema import ModalityWord, Positive, RegionWord, SeverityWord, Shape, Title
from massager.model.body import STATURE_MM, Zone
from massager.model.history import Authority, LockCause
from massager.model.people import Modifier
from massager.model.questions import PAIN_WORST

# Left out, which is not the same as empty: null is refused.
ABSENT: Final[Any] = None

# Chosen: nobody alive was born before 1900, and a slip of the pen by a century shows.
YEARS: Final = range(1900, 2101)
Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[-1])]
# Whole centimetres, as people know it.
Stature = Annotated[int, Field(ge=STATURE_MM[0] // 10, le=STATURE_MM[1] // 10)]
# Chosen: four times the longest session that any ceiling allows.
Minutes = Annotated[int, Field(ge=1, le=60)]
Percent = Annotated[int, Field(ge=0, le=100)]
Permille = Annotated[int, Field(ge=0, le=1000)]
Pain = Annotated[int, Field(ge=0, le=PAIN_WORST)]


class Conditions(Shape):
    """Severity by region."""

    cervical: SeverityWord = ABSENT
    thoracic: SeverityWord = ABSENT
    lumbar: SeverityWord = ABSENT


class CalibrationEntry(Shape):
    """Landmarks on one device; bounds in `Calibration`."""

    device_profile: Title
    c7_mm: int
    psis_mm: int
    error_mm: int


class KeepOutEntry(Shape):
    """A rectangle, from a vertebra's upper border to another's lower one; bounds in `KeepOut`."""

    name: Title
    first: Annotated[str, Field(alias="from")]
    last: Annotated[str, Field(alias="to")]
    left_mm: int
    right_mm: int


class ClearanceEntry(Shape):
    """A provider's clearance; bounds in `ProviderClearance`."""

    code: Literal["B", "C"]
    provider: Title
    region: RegionWord
    modality: ModalityWord
    given: str
    expires: str


class LimitEntry(Shape):
    """The caregiver's highest strength in a zone."""

    zone: Annotated[Zone, Field(strict=False)]
    max_strength_percent: Percent


class StrengthLimitEntry(Shape):
    """The person's own highest strength for the sessions to come."""

    max_strength_permille: Permille
    sessions_left: Positive
    too_strong: bool


class SessionEntry(Shape):
    """A past session."""

    started: str
    ended: str
    used_seconds: Annotated[int, Field(ge=0)]


class LockoutEntry(Shape):
    """An open lockout."""

    cause: Annotated[LockCause, Field(strict=False)]
    authority: Annotated[Authority, Field(strict=False)]
    since: str
    not_before: str
    note: Annotated[str, Field(max_length=500)]


class FollowUpEntry(Shape):
    """A question that was not answered yet."""

    due: str


class PainStopEntry(Shape):
    """A session that ended for pain, whose lockout was cleared."""

    at: str


class HistoryBlock(Shape):
    """The recent past."""

    sessions: list[SessionEntry]
    lockouts: list[LockoutEntry]
    after_lockout: bool
    follow_ups: list[FollowUpEntry]
    pain_stops: list[PainStopEntry] = Field(default_factory=list)


class PersonFile(Shape):
    """A person."""

    kind: Literal["person"]
    name: Title
    born: Year = ABSENT
    stature_cm: Stature = ABSENT
    attested: bool
    conditions: Conditions
    modifiers: list[Annotated[Modifier, Field(strict=False)]] = Field(default_factory=list)
    calibrations: list[CalibrationEntry] = Field(default_factory=list)
    keep_outs: list[KeepOutEntry] = Field(default_factory=list)
    clearances: list[ClearanceEntry] = Field(default_factory=list)
    limits: list[LimitEntry] = Field(default_factory=list)
    session_minutes: Minutes = ABSENT
    programs: list[str] = ABSENT
    hours: str = ABSENT
    screened: bool = False
    usual_pain: Pain = 0
    remote: bool = False
    strength_limits: list[StrengthLimitEntry] = Field(default_factory=list)
    history: HistoryBlock = ABSENT
