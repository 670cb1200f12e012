"""docs/limits.md, vibration, percussion, heat, against the code: every figure there is the product's."""

import re
from pathlib import Path

from massager.model import dose
from massager.model.ceilings import CEILINGS, Modality, Severity
from massager.model.dose import Coupling, Dose, Weighting
from massager.safety.dose import left_ms

PAGE = (Path(__file__).parents[2] / "docs" / "limits.md").read_text()
CHAPTER = PAGE.partition("Vibration, percussion, heat\n")[2].partition("\n## ")[0]


def tenth(number: int) -> str:
    return f"{number // 10}.{number % 10}".removesuffix(".0")


def by_severity(values) -> str:
    return " / ".join(str(values[severity]) for severity in Severity)


def test_the_weights_are_the_codes():
    printed = re.findall(r"(?m)^\| ([\d.]+) \| (\d\.\d{4}) \| (\d\.\d{4}) \|$", CHAPTER)
    seat, back = dose.WEIGHTS[Weighting.SEAT_Z], dose.WEIGHTS[Weighting.BACKREST_X]
    assert printed == [
        (tenth(dhz), f"{one / 10_000:.4f}", f"{other / 10_000:.4f}")
        for (dhz, one), (_, other) in zip(seat, back, strict=True)
    ]


def test_the_figures_of_frequency_dose_percussion_and_heat_are_the_codes():
    low, high = map(tenth, dose.FORBIDDEN_BAND_DHZ)
    second = " to ".join(map(tenth, dose.HALVED_BAND_DHZ))
    couplings = " / ".join(f"{dose.COUPLING_PERMILLE[coupling] / 1000:.1f}" for coupling in Coupling)
    axes = " / ".join(f"{dose.AXIS_PERMILLE[weighting] / 1000:.1f}" for weighting in Weighting)
    a8 = by_severity({severity: um_s2 / 1_000_000 for severity, um_s2 in dose.A8_UM_S2.items()})
    vdv = by_severity({severity: mm / 1000 for severity, mm in dose.VDV_MM_S175.items()})
    blows = " / ".join(tenth(dose.BLOWS_DHZ[severity]) for severity in (Severity.MILD, Severity.MODERATE))
    rows = [
        f"| never | {low} to {high} Hz |",
        f"| halved | {second} Hz at no more than half of",
        f"| coupling c: platform, cushion, applicator | {couplings} |",
        f"| factor k: seat, upward; backrest, forward | {axes} |",
        f"every weight counts for {tenth(dose.WEIGHT_ALLOWANCE_PERMILLE - 1000)} % more",
        f"| A(8) | {a8} m/s² |",
        f"| VDV | {vdv} m/s^1.75 |",
        f"| rate | {blows} / no blows a second |",
        f"| stroke | {tenth(dose.STROKE_DMM)} mm |",
        f"| from 75 on | {dose.HEAT_OLDEST_C} °C |",
        f"| off at once | {dose.HEAT_TRIP_C} °C |",
        f"| longest | {dose.HEAT_LONGEST_S // 60} min |",
    ]
    assert dose.HALVED_PERMILLE == 500
    assert dose.BLOWS_DHZ[Severity.SEVERE] == 0
    for row in rows:
        assert row in CHAPTER, row


def test_what_a_whole_session_allows_is_what_the_page_says():
    allowed = {}
    for severity in Severity:
        minutes = max(
            row.session_min
            for row in CEILINGS.values()
            if (row.severity, row.modality) == (severity, Modality.VIBRATION)
        )
        most = max(a for a in range(1, 1000) if left_ms(severity, Dose(), a) >= 60_000 * minutes)
        allowed[severity] = most / 1000
    assert f"| a whole session allows | {by_severity(allowed)} m/s² | for 15, 10 and 5 minutes" in CHAPTER
