"""Strength in each zone and the minutes of a session, in a form."""

from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from massager.model.body import Zone
from massager.model.people import Person
from massager.session.strengths import Strength, Strengths, region_of
from massager.texts.caregiver_labels import CaregiverLabel
from massager.texts.language import Language
from massager.web.caregiver.editing import Editor, Reading
from massager.web.caregiver.words import MODALITIES, percent
from massager.web.desk import Desk
from massager.web.forms import Form
from massager.web.rendering import capital

# What a person's file takes.
_MINUTES: Final = (1, 60)


def _filled(person: Person) -> Form:
    return Form(
        (
            *((f"percent-{zone}", f"{permille / 10:g}") for zone, permille in person.zone_permille.items()),
            ("minutes", str(person.session_min or "")),
        )
    )


def _read(reading: Reading, old: Person) -> Person:
    return replace(
        old,
        zone_permille=MappingProxyType(
            {zone: permille for zone in Zone if (permille := reading.permille(f"percent-{zone}")) is not None}
        ),
        session_min=reading.whole("minutes", *_MINUTES),
    )


async def _shown(desk: Desk, person: Person, words: Language) -> dict[str, Any]:
    title = words.caregiver[CaregiverLabel.PERCENT_HOW]
    most = await desk.think(partial(desk.offers.strengths, person))
    return {
        "zones": {
            f"percent-{zone}": capital(title.format(zone=words.zones[zone], code=zone)) for zone in Zone
        },
        "most": {f"percent-{zone}": _most(words, most, zone) for zone in Zone},
        "base_min": most.session_min,
    }


def _most(words: Language, most: Strengths, zone: Zone) -> str:
    of = words.caregiver

    def kind(name: str, strength: Strength) -> str:
        if not strength.built_in_permille or strength.base_permille == 0:
            return of[CaregiverLabel.KIND_NOT_OFFERED].format(kind=name)
        base = percent(words, strength.base_permille or 0) if strength.base_permille else ""
        ceiling = percent(words, strength.built_in_permille)
        text = of[CaregiverLabel.ZONE_KIND if base else CaregiverLabel.ZONE_KIND_BUILT_IN]
        return text.format(kind=name, base=base, ceiling=ceiling)

    by_modality = most.by_region[region_of(zone)]
    kinds = "; ".join(kind(of[MODALITIES[modality]], one) for modality, one in by_modality.items())
    return of[CaregiverLabel.ZONE_MOST].format(kinds=kinds)


LIMITS: Final = Editor("limits", CaregiverLabel.LIMITS, _filled, _read, _shown)
