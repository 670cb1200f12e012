"""Writes the tables of docs/programs.md anew: what the presets are, and what each diagnosis gets of them."""

import sys
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase
from types import MappingProxyType

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from massager import texts  # noqa: E402 - after the path is set, as all of these
from massager.catalog import list_devices, list_programs, list_safety_profiles  # noqa: E402
from massager.model.body import Region  # noqa: E402
from massager.model.ceilings import CEILINGS, Clearance, Modality  # noqa: E402
from massager.model.decisions import Refusal  # noqa: E402
from massager.model.people import Person, ProviderClearance  # noqa: E402
from massager.model.programs import Program, SafetyProfile, Technique  # noqa: E402
from massager.session.preparation import Order, Prepared, prepare  # noqa: E402
from massager.store.demo import demo_person  # noqa: E402
from samples import history, well  # noqa: E402

PAGE = TESTS.parent / "docs" / "programs.md"
PAST = history()
END = "<!-- end -->"


def somebody(profile: SafetyProfile) -> Person:
    """Fifty years old, with the profile's diagnosis and every clearance that the ceilings have a use for."""
    clearances = tuple(
        ProviderClearance(Clearance.C, "Dr. A", region, modality, PAST.now_s - 1, PAST.now_s + 1)
        for region in Region
        for modality in Modality
        if CEILINGS[region, profile.conditions.get(region, 1), modality].clearance is not Clearance.X
    )
    return replace(
        demo_person(),
        conditions=MappingProxyType(dict(profile.conditions)),
        clearances=clearances,
        born=PAST.year - 50,
    )


def admitted(program: Program, profile: SafetyProfile, device) -> Prepared | Refusal:
    """The session that this person gets on a day on which they are well, or why not."""
    order = Order(
        program=program,
        person=somebody(profile),
        device=device,
        profile=profile,
        seconds=None,
        caller_permille=None,
        screening=well(),
    )
    return prepare(order, PAST)


def minutes(seconds: int) -> str:
    """Minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


def presets() -> str:
    """One line for each preset."""
    lines = [
        "| preset | kind | for | min | where, how long, how strongly |\n",
        "| --- | --- | --- | --- | --- |\n",
    ]
    for program in list_programs():
        severities = ", ".join(severity.name.lower() for severity in program.severities)
        steps = "; ".join(_step(step) for step in program.steps)
        lines.append(
            f"| {program.name} | {program.modality} | {severities} | {minutes(program.seconds)} | {steps} |\n"
        )
    return "".join(lines)


def _step(step) -> str:
    words = [step.zone.value]
    if step.side is not None:
        words.append(f"{step.side}, {('upper', 'middle', 'lower')[min(2, 3 * step.part_permille // 1000)]}")
    words.append(f"{step.seconds} s at {step.strength_permille // 10} %")
    if step.curve_permille:
        words.append("in waves of " + ", ".join(str(share // 10) for share in step.curve_permille) + " %")
    if step.technique is not Technique.SWEEP:
        words.append(step.technique)
    if step.pace_mm_s is not None:
        words.append(f"{step.pace_mm_s} mm/s")
    if step.warm:
        words.append("warm")
    return " ".join(words[:2]) + "".join(f", {word}" for word in words[2:])


def shares() -> str:
    """A table for each device: a preset a line, a diagnosis a column, minutes or the reason why not."""
    profiles, programs = list_safety_profiles(), list_programs()
    found = {
        device: {program: [admitted(program, each, device) for each in profiles] for program in programs}
        for device in list_devices()
    }
    answers = [answer for table in found.values() for row in table.values() for answer in row]
    reasons = sorted({answer.reason for answer in answers if isinstance(answer, Refusal)})
    letters = dict(zip(reasons, ascii_lowercase, strict=False))
    parts = []
    for device, table in found.items():
        parts.append(f"**{device.title}** (`{device.name}`)\n\n")
        parts.append("| preset | " + " | ".join(profile.name for profile in profiles) + " |\n")
        parts.append("| --- |" + " --- |" * len(profiles) + "\n")
        for program, row in table.items():
            cells = [
                letters[answer.reason] if isinstance(answer, Refusal) else minutes(answer.session_ms // 1000)
                for answer in row
            ]
            parts.append(f"| {program.name} | " + " | ".join(cells) + " |\n")
        parts.append("\n")
    told = [
        f"| {letter} | `{reason.value}` | {texts.reason_text(reason)} |\n"
        for reason, letter in letters.items()
    ]
    return "".join([*parts, "| | code | why it does not begin |\n| --- | --- | --- |\n", *told])


def written(page: str) -> str:
    """The page with both tables as they are today."""
    for mark, table in (("<!-- presets -->", presets()), ("<!-- shares -->", shares())):
        before, _, rest = page.partition(f"{mark}\n")
        page = f"{before}{mark}\n{table}{END}{rest.partition(END)[2]}"
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
