"""Narrowing, conditions and what else is known of a person, in a form; on the caregiver's side alone."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from massager.model.body import STATURE_MM, Region
from massager.model.ceilings import Severity
from massager.model.people import Modifier, Person
from massager.model.questions import PAIN_WORST
from massager.texts.caregiver_labels import CaregiverLabel
from massager.texts.language import Language
from massager.web.caregiver.editing import Editor, Reading
from massager.web.caregiver.words import REGIONS, SEVERITIES
from massager.web.desk import Desk
from massager.web.forms import Form

_NONE: Final = "none"
_SEVERITIES: Final[Mapping[str, Severity | None]] = MappingProxyType(
    {_NONE: None} | {severity.name.lower(): severity for severity in Severity}
)
_YES: Final = "yes"
# What a person's file takes.
_YEARS: Final = (1900, 2100)
_STATURE_CM: Final = (STATURE_MM[0] // 10, STATURE_MM[1] // 10)


def _filled(person: Person) -> Form:
    names = {severity: name for name, severity in _SEVERITIES.items()}
    stature = "" if person.stature_mm is None else f"{person.stature_mm / 10:g}"
    return Form(
        (
            *((f"severity-{region}", names[person.conditions.get(region)]) for region in Region),
            *(("modifier", str(modifier)) for modifier in sorted(person.modifiers)),
            ("screened", _YES if person.screened else ""),
            ("attested", _YES if person.attested else ""),
            ("born", str(person.born or "")),
            ("stature", stature),
            ("usual-pain", str(person.usual_pain)),
        )
    )


def _read(reading: Reading, old: Person) -> Person:
    form = reading.form
    conditions = _conditions(reading, old)
    born = reading.whole("born", *_YEARS)
    stature_mm = _stature_mm(reading, old)
    pain = reading.whole("usual-pain", 0, PAIN_WORST)
    return replace(
        old,
        conditions=conditions,
        modifiers=frozenset(modifier for modifier in Modifier if modifier in form.every("modifier")),
        screened=form.one("screened") == _YES,
        attested=form.one("attested") == _YES,
        born=born,
        stature_mm=stature_mm,
        usual_pain=old.usual_pain if pain is None else pain,
    )


def _conditions(reading: Reading, old: Person) -> Mapping[Region, Severity]:
    found = {}
    for region in Region:
        name = f"severity-{region}"
        text = reading.form.one(name)
        if text not in _SEVERITIES:
            reading.object_to(name, CaregiverLabel.WRONG_CHOICE)
        severity = _SEVERITIES.get(text, old.conditions.get(region))
        if severity is not None:
            found[region] = severity
    return MappingProxyType(found)


def _stature_mm(reading: Reading, old: Person) -> int | None:
    # What was measured to the millimetre stays so as long as nobody writes anything else.
    if reading.form.one("stature") == _filled(old).one("stature"):
        return old.stature_mm
    found = reading.whole("stature", *_STATURE_CM)
    return None if found is None else 10 * found


async def _shown(_desk: Desk, _person: Person, words: Language) -> dict[str, Any]:
    of = words.caregiver
    return {
        "regions": {
            f"severity-{region}": of[CaregiverLabel.SEVERITY_TITLE].format(region=of[REGIONS[region]])
            for region in Region
        },
        "severities": [(name, of[SEVERITIES[severity]]) for name, severity in _SEVERITIES.items()],
        "conditions": [
            (modifier, words.condition_names[modifier], words.condition_questions.get(modifier, ""))
            for modifier in Modifier
        ],
    }


CONDITIONS: Final = Editor("conditions", CaregiverLabel.CONDITIONS, _filled, _read, _shown)
