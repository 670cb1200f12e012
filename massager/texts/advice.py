"""Which advice belongs to which reason, the same in every language; its words are a language's."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from massager.model.decisions import Reason
from massager.model.history import LockCause


class Advice(StrEnum):
    """What a person should do now (docs/questions.md, answers during a session)."""

    SPINE = "spine"
    CORD = "cord"
    STROKE = "stroke"
    CHEST = "chest"
    CALF = "calf"
    INJURY = "injury"
    LIMB = "limb"
    SHOOTING = "shooting"
    PAIN = "pain"
    SHOW_THE_LOG = "show-the-log"
    DIZZINESS = "dizziness"
    BURNING = "burning"
    SEE_A_PROVIDER = "see-a-provider"


FOR_REASON: Final[Mapping[Reason, Advice]] = MappingProxyType(
    {
        Reason.RED_FLAG_SPINE: Advice.SPINE,
        Reason.RED_FLAG_CORD: Advice.CORD,
        Reason.RED_FLAG_STROKE: Advice.STROKE,
        Reason.RED_FLAG_CHEST: Advice.CHEST,
        Reason.CALF: Advice.CALF,
        Reason.INJURY: Advice.INJURY,
        Reason.LIMB_SYMPTOM: Advice.LIMB,
        Reason.SHOOTING_PAIN: Advice.SHOOTING,
        Reason.PAIN: Advice.PAIN,
        Reason.DIZZINESS: Advice.DIZZINESS,
        Reason.BURNING: Advice.BURNING,
        Reason.UNCLEAR_SYMPTOM: Advice.SEE_A_PROVIDER,
        Reason.LASTING_REACTION: Advice.SEE_A_PROVIDER,
    }
)

FOR_LOCK_CAUSE: Final[Mapping[LockCause, Advice]] = MappingProxyType(
    {
        LockCause.WORSE_AFTERWARDS: Advice.SEE_A_PROVIDER,
        LockCause.RED_FLAG_SPINE: Advice.SPINE,
        LockCause.RED_FLAG_CORD: Advice.CORD,
        LockCause.RED_FLAG_STROKE: Advice.STROKE,
        LockCause.RED_FLAG_CHEST: Advice.CHEST,
        LockCause.LIMB_SYMPTOM: Advice.LIMB,
        LockCause.SHOOTING_PAIN: Advice.SHOOTING,
        LockCause.PAIN: Advice.PAIN,
        LockCause.REPEATED_PAIN: Advice.SHOW_THE_LOG,
        LockCause.DIZZINESS: Advice.DIZZINESS,
        LockCause.BURNING: Advice.BURNING,
        LockCause.UNCLEAR_SYMPTOM: Advice.SEE_A_PROVIDER,
        LockCause.LASTING_REACTION: Advice.SEE_A_PROVIDER,
    }
)
