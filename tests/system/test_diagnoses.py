"""Every diagnosis with the shipped files: each program may start, or is refused in a sentence."""

from itertools import product
from pathlib import Path

import pytest

from massager.model.body import Region, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.decisions import Reason, Refusal
from massager.model.people import ProviderClearance
from massager.session.outlook import outlooks
from massager.texts import reason_text
from samples import demo, history

DAY_S = 24 * 3600
TODAY_S = 20_800 * DAY_S
DIAGNOSES = [
    {region: severity for region, severity in zip(Region, chosen, strict=True) if severity}
    for chosen in product((None, *Severity), repeat=3)
    if any(chosen)
]
# All that a provider can agree to in writing.
AGREED = tuple(
    ProviderClearance(Clearance.C, "Dr Ames", region, Modality.ROLLER, TODAY_S - DAY_S, TODAY_S + DAY_S)
    for region in Region
)
FOR_ALL = """\
kind: program
title: For any severity
purpose: For tests.
modality: roller
severities: [mild, moderate, severe]
steps:
  - {{zone: {zone}, zone_seconds: 60, strength_percent: 9, pace_mm_per_s: 8}}
"""


# Every preset for rollers: how long it is, and the severest diagnosis that it is for if not mild.
SECONDS = {
    "evening-waves": 480,
    "first-time": 180,
    "gentle-lumbar": 480,
    "held-lumbar": 240,
    "kneading-lumbar": 240,
    "moderate-lumbar": 240,
    "paraspinal-sweep": 900,
    "upper-back": 360,
}
MEANT_FOR = {"first-time": Severity.MODERATE, "moderate-lumbar": Severity.MODERATE}


@pytest.fixture(scope="module")
def extra(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a program for any severity in each of three zones."""
    folder = tmp_path_factory.mktemp("extra")
    (folder / "programs").mkdir()
    for zone in (Zone.T1_T4, Zone.T5_T8, Zone.L4_S1):
        (folder / f"programs/only-{zone.lower()}.yaml").write_text(FOR_ALL.format(zone=zone))
    return folder


def spoken(diagnosis: dict[Region, Severity]) -> str:
    return ", ".join(f"{severity.name.lower()} {region}" for region, severity in diagnosis.items())


@pytest.mark.parametrize("diagnosis", DIAGNOSES, ids=spoken)
def test_a_shipped_program_may_start_for_whom_it_is_meant_and_is_refused_in_a_sentence_elsewhere(diagnosis):
    found = {one.program: one for one in outlooks(demo(conditions=diagnosis), history(), None)}
    assert set(found) == set(SECONDS)
    worst = max(diagnosis.values())
    for name, one in found.items():
        if worst > MEANT_FOR.get(name, Severity.MILD):
            assert (one.now.reason, one.from_s) == (Reason.SEVERITY_NOT_ALLOWED, None)
            assert reason_text(one.now.reason, one.now.detail).startswith("This program is not meant for")
        elif diagnosis.get(Region.LUMBAR) is Severity.MODERATE:
            assert (one.now, one.from_s) == (Refusal(Reason.CLEARANCE_B, Region.LUMBAR), None)
            assert "provider" in reason_text(one.now.reason, one.now.detail)
        else:
            assert one.now == SECONDS[name]


@pytest.mark.parametrize("diagnosis", DIAGNOSES, ids=spoken)
def test_below_a_severe_neck_the_upper_back_is_closed_and_nothing_else(diagnosis, extra):
    person = demo(conditions=diagnosis, clearances=AGREED)
    found = {one.program: one.now for one in outlooks(person, history(now_s=TODAY_S), extra)}
    assert found["only-l4-s1"] == found["only-t5-t8"] == 60
    if diagnosis.get(Region.CERVICAL) is Severity.SEVERE:
        assert found["only-t1-t4"].reason is Reason.NO_ROOM
    else:
        assert found["only-t1-t4"] == 60
