"""English: why something was refused, ended or held lower, what locks somebody out, and what to do now."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from massager.model.decisions import Reason, Source
from massager.model.history import LockCause
from massager.texts.advice import Advice

REASONS: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.NOT_ATTESTED: "Nobody has recorded yet that a healthcare provider was asked about massage.",
        Reason.CLEARANCE_B: "This needs a named provider's agreement for the region, which is not on record.",
        Reason.CLEARANCE_C: "This needs a written clearance for the region, which is not on record.",
        Reason.BLOCKED: "This is not offered here at all, whatever clearance there is.",
        Reason.NO_PROFILE_ROW: "The safety profile has no limits for this part of the back: it is left out.",
        Reason.PROFILE_MISMATCH: "The safety profile, the program and the device do not fit this person.",
        Reason.NOT_CALIBRATED: "This person's back has not been measured on this device yet.",
        Reason.STATURE: "What was measured on this device does not fit this person's stature. Measure again: "
        "massager person calibrate.",
        Reason.STOP_CLASS: "This device does not stop by itself when its controller falls silent.",
        Reason.COOL_DOWN: "The back rests after a session. Wait before the next one.",
        Reason.PER_DAY: "No more sessions in these 24 hours.",
        Reason.PER_WEEK: "No more sessions in these seven days.",
        Reason.WEEKLY_MINUTES: "The minutes of these seven days are used up.",
        Reason.CLOCK_BEHIND: "The clock is earlier than it was before. Set it right, or have a caregiver "
        "confirm it: massager caregiver confirm-time.",
        Reason.SEVERITY_NOT_ALLOWED: "This program is not meant for this severity.",
        Reason.ZONE_TOO_LONG: "The program stays longer in one zone than the limits allow.",
        Reason.SESSION_TOO_LONG: "The session would be longer than the limits allow.",
        Reason.NO_ROOM: "There is no room for this between the places to avoid.",
        Reason.TOO_COARSE: "The device's lowest strength is above the limit here.",
        Reason.PACE: "The program moves faster than the device can.",
        Reason.LOCKED_OUT: "This person is locked out until a caregiver clears it: massager lockout list.",
        Reason.FOLLOW_UP_DUE: "First say how it went after the last session: massager answer.",
        Reason.UNDER_AGE: "This is not for anybody under 18.",
        Reason.MODIFIERS: "Age and conditions together leave less strength than the device can give.",
        Reason.PROGRAM_NOT_ALLOWED: "The caregiver has not allowed this program for this person.",
        Reason.OUTSIDE_HOURS: "The caregiver allows sessions only at other hours of the day.",
        Reason.DEVICE_BUSY: "Another controller drives this device. Stop that one first.",
        Reason.CHECK_FAILED: "A check could not be made, and that counts as failed.",
        Reason.NOT_SCREENED: "The questions before the first session are not all answered: "
        "massager person screen.",
        Reason.CONDITION: "A condition on record does not allow this here.",
        Reason.CALF: "A swollen, hot or painful calf is not ruled out: nothing today.",
        Reason.INJURY: "Back pain after an accident, or with another warning sign, is not ruled out: "
        "nothing until a doctor has looked at it.",
        Reason.PAIN_TODAY: "The pain is too strong for a session today, or was not told.",
        Reason.FEVER: "Fever, or feeling ill, is not ruled out: nothing today.",
        Reason.SEDATED: "Alcohol, sedatives, strong painkillers or drowsiness are not ruled out: nothing "
        "today.",
        Reason.LOOSE_CLOTHING: "First put away what could be caught: hair, necklace, scarf, cord, loose "
        "clothing.",
        Reason.STOP_OUT_OF_REACH: "First see to it that the stop button can be reached all the time.",
        Reason.LASTING_REACTION: "The last session left something behind that lasted, or that is not "
        "ruled out.",
        Reason.ODD_VALUE: "A value is missing or does not exist on this device.",
        Reason.KEEP_OUT_MIDLINE: "The way leads over the strip along the spine that is always left out.",
        Reason.KEEP_OUT_BODY: "The way leads over a place that this kind of massage leaves out: {detail}.",
        Reason.KEEP_OUT_PERSON: "The way leads over a place that is left out for this person.",
        Reason.KEEP_OUT_TODAY: "The way leads over skin that is sore or broken today, or was not spoken of.",
        Reason.ZONE_NOT_CONFIRMED: "This zone was not agreed to, so it is left out.",
        Reason.FREQUENCY: "The device would shake at a frequency that is left out.",
        Reason.STROKE: "The device strikes farther than is allowed here.",
        Reason.OFF_THE_SPINE: "The place lies outside the mapped part of the back.",
        Reason.NO_READING: "The device has not reported its state yet.",
        Reason.STALE_READING: "The device has not reported its state in time.",
        Reason.POSITION_UNKNOWN: "The device does not know where it presses.",
        Reason.UNPAID: "The time could not be written to the ledger beforehand.",
        Reason.ZONE_TIME: "The time for this zone is used up.",
        Reason.SPOT_TIME: "One spot has had all the time that it may have.",
        Reason.SESSION_OVER: "The session's time is used up.",
        Reason.STOPPING: "The device is stopping.",
        Reason.NO_PERMIT: "The session is not open.",
        Reason.TRIPPED: "This session was stopped and moves nothing any more.",
        Reason.FROZEN_COUNTER: "The device repeats an old report.",
        Reason.ABOVE_COMMANDED: "The device presses more than it was told to.",
        Reason.ABOVE_FORCE: "The device measures more force on the back than is allowed here.",
        Reason.TOO_HOT: "The warm pad is hotter than skin may bear. Everything is off.",
        Reason.OUT_OF_PLACE: "The device is not where it was sent.",
        Reason.DEVICE_FAULT: "The device reports a fault.",
        Reason.DEVICE_STOPPED: "The device stopped by itself.",
        Reason.LOCAL_BUTTON: "Somebody pressed stop on the device.",
        Reason.FOREIGN_COMMAND: "Another controller gave the device a command.",
        Reason.LEASE_LAPSED: "The controller was silent for too long.",
        Reason.RADIO_UNUSABLE: "The radio cannot be used. Check --radio and that the adapter is switched on.",
        Reason.DEVICE_NOT_FOUND: "No massager of this kind answers. Switch it on and come nearer.",
        Reason.UNKNOWN_DEVICE: "This device is not the one that its profile describes, so it is refused.",
        Reason.NOT_PAIRED: "The device will not pair, or does not prove that it is the one that was paired. "
        "If it is the right one, switch it off and on; then `massager forget NAME`, `massager pair ADDRESS`.",
        Reason.LINK_LOST: "The Bluetooth connection was lost.",
        Reason.WRITE_REFUSED: "The device refused a command.",
        Reason.GUARDIAN_LOST: "The process that owns the radio ended.",
        Reason.GUARDIAN_REFUSED: "The second check refused a command that the first had approved.",
        Reason.STOP_FAILED: "The device did not confirm the stop.",
        Reason.STORE_FAILED: "The ledger cannot be written, so nothing may move.",
        Reason.LIMITS_CHANGED: "This person's record was changed. The next session begins with it.",
        Reason.INTERNAL: "The controller had an internal error.",
        Reason.RED_FLAG_SPINE: "A sign of a spinal emergency was named, or is not ruled out.",
        Reason.RED_FLAG_CORD: "A sign of pressure on the spinal cord was named, or is not ruled out.",
        Reason.RED_FLAG_STROKE: "A sign of a stroke or of a torn neck artery was named, or is not ruled out.",
        Reason.RED_FLAG_CHEST: "Chest pain or shortness of breath was named, or is not ruled out.",
        Reason.LIMB_SYMPTOM: "New numbness, tingling or weakness in an arm or a leg was named, or is not "
        "ruled out.",
        Reason.SHOOTING_PAIN: "Stopped for sharp or shooting pain.",
        Reason.PAIN: "Stopped for pain.",
        Reason.DIZZINESS: "Stopped for dizziness or feeling sick.",
        Reason.BURNING: "Stopped for burning or hot skin.",
        Reason.UNCLEAR_SYMPTOM: "Stopped for a new feeling that is not on the list.",
        Reason.NO_ANSWER: "Stopped, because a question was not answered.",
        Reason.FINISHED: "The program is finished.",
        Reason.STOPPED_BY_PERSON: "Stopped.",
    }
)

SOURCES: Final[Mapping[Source, str]] = MappingProxyType(
    {
        Source.ASKED: "as asked",
        Source.CEILING: "held by the built-in ceiling",
        Source.FORCE: "held by the force limit",
        Source.PRESSURE: "held by the pressure limit",
        Source.DEPTH: "held by the depth limit",
        Source.UNKNOWN_FORCE: "held one severity stricter, because the device's force is not known",
        Source.DEVICE: "the device's highest level",
        Source.SAFETY_PROFILE: "held by the safety profile",
        Source.CAREGIVER: "held by the caregiver's limit",
        Source.MODIFIERS: "held lower for age, conditions or first sessions",
        Source.PERSONAL: "held by the person's own limit, after a session that was too strong or ended "
        "for pain",
        Source.CALLER: "held by --max",
        Source.FREQUENCY: "held lower at this frequency",
        Source.DOSE: "held by the vibration that is left of the day",
        Source.BAND_EDGE: "held at the edge of the band beside the spine",
        Source.FIRST_CONTACT: "gentle first contact",
        Source.RAMP: "rising slowly",
        Source.COOL_DOWN: "falling towards the end",
        Source.ANSWER: "held lower after an answer",
        Source.NO_ANSWER: "held lower until the question is answered",
    }
)

LOCK_CAUSES: Final[Mapping[LockCause, str]] = MappingProxyType(
    {
        LockCause.SET_BY_HAND: "set by hand",
        LockCause.WORSE_AFTERWARDS: "worse after a session",
        LockCause.OLD_BACKUP: "an older backup was restored",
        LockCause.RED_FLAG_SPINE: "a possible spinal emergency",
        LockCause.RED_FLAG_CORD: "possible pressure on the spinal cord",
        LockCause.RED_FLAG_STROKE: "a possible stroke or torn neck artery",
        LockCause.RED_FLAG_CHEST: "chest pain or shortness of breath",
        LockCause.LIMB_SYMPTOM: "numbness, tingling or weakness in an arm or a leg",
        LockCause.SHOOTING_PAIN: "sharp or shooting pain",
        LockCause.PAIN: "pain in a session",
        LockCause.REPEATED_PAIN: "a second session within 14 days that ended for pain",
        LockCause.DIZZINESS: "dizziness or feeling sick",
        LockCause.BURNING: "burning or hot skin",
        LockCause.UNCLEAR_SYMPTOM: "a new feeling that is not on the list",
        LockCause.LASTING_REACTION: "a bruise or soreness that lasted after a session",
    }
)

# docs/questions.md, wording: as strong as its sources, never weaker.
ADVICE: Final[Mapping[Advice, str]] = MappingProxyType(
    {
        Advice.SPINE: "Do not use the massager. This can be a spinal emergency. Go to an emergency "
        "department now or call your emergency number (112 / 999 / 911).",
        Advice.CORD: "Do not use the massager. Contact a doctor today; if it came on suddenly or is getting "
        "worse quickly, go to an emergency department.",
        Advice.STROKE: "Do not use the massager. This can be a stroke. Call your emergency number now "
        "(112 / 999 / 911).",
        Advice.CHEST: "Do not use the massager. Call your emergency number now (112 / 999 / 911).",
        Advice.CALF: "Do not use the massager. See a doctor today: this can be a blood clot. With chest pain "
        "or sudden shortness of breath, call your emergency number now (112 / 999 / 911).",
        Advice.INJURY: "Do not use the massager. Make an urgent doctor's appointment; after a serious "
        "accident, go to the emergency department.",
        Advice.LIMB: "Stop using the massager and see your healthcare provider before the next use. If it "
        "does not settle within 24 hours, or if there is weakness, see one the same day.",
        Advice.SHOOTING: "Leave the massager off. The place of the pain stays left out until a healthcare "
        "provider has looked at it.",
        Advice.PAIN: "Leave the massager off and rest. If the pain stays or gets worse, see your healthcare "
        "provider.",
        Advice.SHOW_THE_LOG: "Leave the massager off. Please show the log to your healthcare provider.",
        Advice.DIZZINESS: "Lie down. If it persists, call a doctor. With pain or anything new in your neck "
        "or head, slurred speech, a drooping face, double vision or weakness on one side, this can be a "
        "stroke: call your emergency number now (112 / 999 / 911).",
        Advice.BURNING: "Leave the massager off, and have somebody look at your skin now. If it is red, "
        "blistered or sore, ask a doctor or nurse.",
        Advice.SEE_A_PROVIDER: "Do not use the massager. See your healthcare provider before the next use. "
        "With numbness between the legs, new bladder or bowel trouble, or new leg weakness, call your "
        "emergency number now.",
    }
)
