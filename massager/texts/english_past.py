"""English: what stands on the screens that look back."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from massager.texts.past_labels import PastLabel

PAST_LABELS: Final[Mapping[PastLabel, str]] = MappingProxyType(
    {
        PastLabel.NO_SESSION_YET: "There was no massage yet.",
        PastLabel.NOT_RECORDED: "not recorded",
        PastLabel.OTHERS: "The last {shown} of {count} massages.",
        # minutes by day
        PastLabel.WEEK_TITLE: "Minutes of massage, day by day",
        PastLabel.ON_THAT_DAY: "on that day",
        PastLabel.UNTIL_THEN: "in the seven days until then",
        PastLabel.WEEK_LIMIT: "limit of seven days: {minutes}",
        PastLabel.NOT_KNOWN_HERE: "not on record here",
        PastLabel.DATE: "{weekday} {day} {month}",
        PastLabel.COLUMN_DAY: "Day",
        PastLabel.COLUMN_TIMES: "Times",
        PastLabel.COLUMN_MINUTES: "Minutes",
        PastLabel.COLUMN_WEEK: "In seven days",
        # by session
        PastLabel.STRENGTHS_TITLE: "Strength of each massage",
        PastLabel.STRENGTHS_HOW: "The highest of each, in per cent of what the massager can do.",
        PastLabel.REPORTED: "the massager reported",
        PastLabel.ALLOWED: "the limits allowed",
        PastLabel.ASKED: "was asked for",
        PastLabel.COLUMN_NUMBER: "No.",
        PastLabel.COLUMN_WHEN: "When",
        PastLabel.COLUMN_PROGRAM: "Massage",
        PastLabel.COLUMN_REPORTED: "Reported",
        PastLabel.COLUMN_ALLOWED: "Allowed",
        PastLabel.COLUMN_ASKED: "Asked for",
        PastLabel.COLUMN_WHY: "What held it",
        PastLabel.COLUMN_MASSAGER: "Massager",
        PastLabel.COLUMN_ENDED: "How it ended",
        PastLabel.LEVEL_PERCENT: "{level} of {levels} ({percent}\N{NO-BREAK SPACE}%)",
        PastLabel.ELSEWHERE: "brought along from elsewhere",
        PastLabel.PAINS_TITLE: "Pain, 0 to 10, before and after each massage",
        PastLabel.BEFORE: "before",
        PastLabel.AFTER: "after",
        PastLabel.NOT_TOLD: "not told",
        PastLabel.COLUMN_BEFORE: "Before",
        PastLabel.COLUMN_DURING: "Highest during",
        PastLabel.COLUMN_AFTER: "After",
        PastLabel.COLUMN_LATER: "Last told",
        # by place
        PastLabel.PLACES_TITLE: "Minutes at each place, these seven days",
        PastLabel.PLACES_ELSEWHERE: "{minutes} more minutes are on record without their place.",
        PastLabel.COLUMN_PLACE: "Place",
        PastLabel.COLUMN_LEFT: "Left",
        PastLabel.COLUMN_RIGHT: "Right",
        # a caregiver's
        PastLabel.OF: "Massages of {person}",
        PastLabel.WEEK: "{left} of {most} minutes are left in these seven days.",
    }
)
