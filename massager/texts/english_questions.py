"""English: what a person is asked and may answer (docs/questions.md), in words that need no schooling."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from massager.model.people import Modifier
from massager.model.questions import Answer, Ask, Comfort, Feeling, Question, Reaction

QUESTIONS: Final[Mapping[Question, str]] = MappingProxyType(
    {
        Question.SADDLE: "Is there new numbness or pins and needles between your legs, around the back "
        "passage, the genitals or the buttocks? Does wiping feel different?",
        Question.BLADDER: "Is there new trouble starting, stopping or feeling urine? Do you leak, have you "
        "lost control or feeling of your bowels, or has your sexual function changed?",
        Question.BOTH_LEGS: "Is there new pain, tingling, numbness or weakness in both legs, or weakness "
        "that quickly gets worse?",
        Question.CORD: "Are your hands newly clumsy (buttons, writing), is your walking unsteady, have you "
        "fallen, are your legs stiff, or does bending your neck send an electric shock down your back, arms "
        "or legs?",
        Question.STROKE: "Now or since the last session: sudden severe headache or neck pain, dizziness, "
        "slurred speech, a drooping face, double vision, or weakness on one side?",
        Question.CHEST: "Do you have chest pain or sudden shortness of breath?",
        Question.CALF: "Is one of your calves swollen, hot and painful?",
        Question.INJURY: "Do you have back pain after a fall or an accident? Or back pain with fever, weight "
        "loss that nobody can explain, pain at night that does not ease, a new lump, or a new shape of your "
        "back?",
        Question.LIMB: "Since the last session: is there new or worse numbness, tingling or weakness in an "
        "arm or a leg?",
        Question.FEVER: "Do you have a fever, or feel ill today?",
        Question.SEDATED: "In the last 6 hours, have you had strong painkillers, calming or sleeping "
        "tablets, or alcohol? Or are you drowsy?",
        Question.LOOSE: "Is there long loose hair, a necklace, a scarf, a cord or loose clothing near the "
        "massager?",
        Question.STOP_REACHABLE: "Can you reach the stop button all the time, from where you sit or lie?",
    }
)

ANSWERS: Final[Mapping[Answer, str]] = MappingProxyType(
    {
        Answer.NO: "No",
        Answer.YES: "Yes",
        Answer.NOT_SURE: "Not sure",
    }
)

REACTIONS: Final[Mapping[Reaction, str]] = MappingProxyType(
    {
        Reaction.NONE: "Nothing",
        Reaction.MILD: "Soreness or more pain, gone within 36 hours, and no bruise",
        Reaction.LASTING: "A bruise, or soreness or more pain for longer than 36 hours",
    }
)

COMFORTS: Final[Mapping[Comfort, str]] = MappingProxyType(
    {
        Comfort.TOO_SOFT: "Too soft",
        Comfort.FINE: "Fine",
        Comfort.TOO_STRONG: "Too strong",
    }
)

FEELINGS: Final[Mapping[Feeling, str]] = MappingProxyType(
    {
        Feeling.NONE: "Nothing new",
        Feeling.TINGLING: "Tingling or numbness in an arm or a leg",
        Feeling.WEAKNESS: "Weakness in an arm or a leg",
        Feeling.BOTH_LEGS: "Pain, tingling, numbness or weakness in both legs",
        Feeling.BLADDER_BOWEL_SADDLE: "Numbness between the legs, or trouble with bladder or bowels",
        Feeling.CLUMSY_OR_UNSTEADY: "Clumsy hands, unsteady walking, or an electric shock on bending "
        "the neck",
        Feeling.STROKE_SIGNS: "Sudden severe headache or neck pain, slurred speech, a drooping face, double "
        "vision, weakness on one side, or fainting",
        Feeling.CHEST: "Chest pain or shortness of breath",
        Feeling.SHOOTING: "Sharp, shooting or electric pain",
        Feeling.DIZZINESS: "Dizziness or feeling sick",
        Feeling.BURNING: "Burning or hot skin",
        Feeling.OTHER: "Something else",
    }
)

ASKS: Final[Mapping[Ask, str]] = MappingProxyType(
    {
        Ask.CHECK_IN: "How is it? Pain from 0 to 10, the strength, and anything new.",
        Ask.ZONE: "Next: {zone}. Is that all right?",
        Ask.PLACEMENT: "Hold the massager on the {side} of the spine, {cm} cm beside it: {zone}, {part}. "
        "Is it there?",
    }
)

CONDITION_QUESTIONS: Final[Mapping[Modifier, str]] = MappingProxyType(
    {
        Modifier.MYELOPATHY: "Has anyone said that your spinal cord is pressed on (myelopathy), or that a "
        "ligament beside it has turned to bone (OPLL)?",
        Modifier.SEVERE_DEFICIT: "Is the narrowing of your spine severe, and do you also have weakness or "
        "numbness, or have to stop before you have walked about 100 metres?",
        Modifier.SURGERY_UNDER_6_WEEKS: "Was your spine operated on in the last 6 weeks?",
        Modifier.SURGERY_6_TO_12_WEEKS: "Was your spine operated on between 6 and 12 weeks ago?",
        Modifier.SURGERY_OLDER: "Was your spine operated on more than 12 weeks ago?",
        Modifier.SPINAL_HARDWARE: "Is there metal or another implant in your spine: screws, rods, a cage, an "
        "artificial disc?",
        Modifier.STIMULATOR_OR_PUMP: "Do you have a spinal cord stimulator, or a pump for medicine in your "
        "body?",
        Modifier.FRACTURE_RECENT: "Did you break a bone of your spine, your ribs or your pelvis in the last "
        "12 weeks?",
        Modifier.VERTEBRAL_FRACTURE: "Have you ever broken a bone of your spine? One that collapsed by "
        "itself counts too.",
        Modifier.OSTEOPOROSIS: "Do you have brittle bones (osteoporosis), or have you taken steroids such as "
        "cortisone or prednisolone for a long time?",
        Modifier.OSTEOPENIA: "Has anyone said that your bones are thinner than normal (osteopenia)?",
        Modifier.BLOOD_THINNER: "Do you take blood thinners, do you have a bleeding disorder, or are your "
        "blood platelets low?",
        Modifier.BLOOD_CLOT: "Did you have a blood clot in a leg or a lung in the last 6 months, or is a leg "
        "swollen?",
        Modifier.PREGNANT: "Are you pregnant?",
        Modifier.PACEMAKER: "Do you have a pacemaker or an implanted defibrillator (ICD)?",
        Modifier.REDUCED_FEELING: "Do you feel less than normal anywhere: nerve damage (neuropathy), or numb "
        "feet from diabetes?",
        Modifier.DIABETES: "Do you have diabetes, with normal feeling in both feet?",
        Modifier.CANCER: "Do you have, or did you ever have, cancer in the spine or in a bone? Or radiation "
        "to your neck or back?",
        Modifier.UNSTABLE_HEART: "Do you have heart disease that is not stable, high blood pressure that is "
        "not under control, an aneurysm, or narrowed arteries in the neck? Or did you have a heart attack or "
        "a stroke not long ago?",
        Modifier.HYPERTENSION: "Do you have high blood pressure that is under control?",
        Modifier.ACUTE_DISC_OR_SLIP: "Do you have a fresh slipped disc, or a vertebra that slips and is not "
        "stable?",
        Modifier.STABLE_SLIP_OR_SCOLIOSIS: "Do you have a slipped vertebra that is stable, or a sideways "
        "curve of the spine (scoliosis)?",
        Modifier.RHEUMATOID_NECK: "Do you have rheumatoid arthritis in your neck, or ankylosing spondylitis?",
    }
)

CONDITION_NAMES: Final[Mapping[Modifier, str]] = MappingProxyType(
    {
        Modifier.OSTEOPENIA: "thin bones (osteopenia)",
        Modifier.HYPERTENSION: "high blood pressure under control",
        Modifier.DIABETES: "diabetes with normal feeling",
        Modifier.REGION_UNKNOWN: "place of the narrowing not known",
        Modifier.MYELOPATHY: "pressure on the spinal cord",
        Modifier.SEVERE_DEFICIT: "severe narrowing with weakness or numbness",
        Modifier.SURGERY_UNDER_6_WEEKS: "spine surgery less than 6 weeks ago",
        Modifier.SURGERY_6_TO_12_WEEKS: "spine surgery 6 to 12 weeks ago",
        Modifier.SURGERY_OLDER: "spine surgery more than 12 weeks ago",
        Modifier.SPINAL_HARDWARE: "implant in the spine",
        Modifier.STIMULATOR_OR_PUMP: "stimulator or pump",
        Modifier.FRACTURE_RECENT: "broken bone in the last 12 weeks",
        Modifier.VERTEBRAL_FRACTURE: "broken vertebra, ever",
        Modifier.OSTEOPOROSIS: "brittle bones (osteoporosis) or long-term steroids",
        Modifier.BLOOD_THINNER: "blood thinner or bleeding disorder",
        Modifier.BLOOD_CLOT: "blood clot in the last 6 months, or a swollen leg",
        Modifier.PREGNANT: "pregnancy",
        Modifier.PACEMAKER: "pacemaker or defibrillator",
        Modifier.REDUCED_FEELING: "reduced feeling",
        Modifier.CANCER: "cancer of spine or bone, or radiation there",
        Modifier.UNSTABLE_HEART: "heart or vessels not stable",
        Modifier.ACUTE_DISC_OR_SLIP: "fresh slipped disc or unstable vertebra",
        Modifier.STABLE_SLIP_OR_SCOLIOSIS: "stable slipped vertebra or scoliosis",
        Modifier.RHEUMATOID_NECK: "rheumatoid neck or ankylosing spondylitis",
        Modifier.AFTER_SYMPTOMS: "numbness, tingling or weakness after an earlier session",
    }
)
