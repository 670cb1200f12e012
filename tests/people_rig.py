"""Anna, a passphrase, and sessions that are over, for tests of people."""

from types import MappingProxyType

from massager.model.body import VERTEBRA_SPANS_PPM, Calibration, Region, Side, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.people import WIDEST_MM, KeepOut, Modifier, Person, ProviderClearance, StrengthLimit
from massager.store import Amounts, Ledger

DAY_S = 24 * 3600
PASSPHRASE = "correct horse battery"  # noqa: S105 - nobody's

SCAR = KeepOut("scar", (VERTEBRA_SPANS_PPM["L2"][0], VERTEBRA_SPANS_PPM["L3"][1]), -20, 60)
AGREED = ProviderClearance(
    Clearance.B, "Dr Ames", Region.LUMBAR, Modality.ROLLER, 20_770 * DAY_S, 20_950 * DAY_S
)
TOO_STRONG = StrengthLimit(400, after_sessions=3, for_sessions=4, too_strong=True)
OPERATED = KeepOut(
    Modifier.SURGERY_OLDER, (VERTEBRA_SPANS_PPM["L4"][0], VERTEBRA_SPANS_PPM["S1"][1]), -WIDEST_MM, WIDEST_MM
)
ANNA = Person(
    name="anna",
    conditions=MappingProxyType({Region.LUMBAR: Severity.MODERATE, Region.THORACIC: Severity.MILD}),
    attested=True,
    calibrations=MappingProxyType({"chair": Calibration(c7_mm=40, psis_mm=549, error_mm=20)}),
    born=1950,
    modifiers=frozenset({Modifier.DIABETES}),
    keep_outs=(SCAR,),
    clearances=(AGREED,),
    zone_permille=MappingProxyType({Zone.L1_L3: 200}),
    session_min=8,
    programs=frozenset({"gentle-lumbar"}),
    hours=(9 * 60, 20 * 60),
    screened=True,
    usual_pain=2,
    strength_limits=(TOO_STRONG,),
)


def hold_session(store, clock, person: str = "anna", *, seconds: int = 300, follow_up_s=(DAY_S,)) -> int:
    """A session on the chair, over when this returns; the clock has moved on by its length."""
    ledger = Ledger(store)
    number = ledger.open_session(person, "chair", "gentle-lumbar", clock())
    amounts = Amounts(seconds * 1000, {(Zone.L1_L3, Side.LEFT): seconds * 1000})
    ledger.reserve(number, used=Amounts(0, {}), block=amounts, now=clock())
    clock.wall_s += seconds
    ledger.close_session(number, used=amounts, now=clock(), follow_up_s=follow_up_s)
    return number
