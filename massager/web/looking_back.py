"""Pictures of what a person has had, each with its table; the person and a caregiver see the same figures."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from massager.drawing import DayWords, Minutes, Place, PlaceWords, days, places
from massager.model.body import Side, Zone
from massager.session.past import Day, Shelf, days_of, placed_of
from massager.texts.labels import Label
from massager.texts.language import Language
from massager.texts.past_labels import PastLabel
from massager.web.by_session import One, pain_plot, strength_plot
from massager.web.desk import Desk
from massager.web.plots import Plot, minutes
from massager.web.rendering import capital

# Chosen: as many as stand side by side on a phone; four weeks of the most that the limits allow.
_SESSIONS: Final = 12


async def look_back(
    desk: Desk, words: Language, name: str, *, limit: int, count: int, detailed: bool
) -> tuple[Plot, ...]:
    """All pictures of a person's past.

    Args:
        desk: Whom to ask; session by session, since running ones need the store meanwhile.
        words: Of a language.
        name: Whose.
        limit: Minutes of seven days.
        count: Of days.
        detailed: For a caregiver: also on what, what held it, and how it ended.

    Raises:
        NotFoundError: Nobody has that name.
        StoreError: The store cannot be read.
    """
    shelf = await desk.do(partial(desk.past.of, name))
    found = []
    for number, kept in enumerate(shelf.sessions[-_SESSIONS:], 1):
        here = kept.device is not None
        recalled = await desk.do(partial(desk.past.recall, kept.number)) if here else None
        found.append(One(str(number), kept, recalled))
    by_day = _days(words, days_of(shelf, count), limit)
    if not found:
        return (by_day,)
    few = _few(words, shelf)
    return (
        by_day,
        strength_plot(words, found, few, detailed=detailed),
        pain_plot(words, found, few),
        _places(words, shelf),
    )


def _few(words: Language, shelf: Shelf) -> str:
    count = len(shelf.sessions)
    if count <= _SESSIONS:
        return ""
    return words.past[PastLabel.OTHERS].format(shown=_SESSIONS, count=count)


def _days(words: Language, found: Sequence[Day], limit: int) -> Plot:
    say = words.past
    weekdays, months = words.page[Label.WEEKDAYS].split(), words.page[Label.MONTHS].split()
    bars, rows = [], []
    for one in found:
        day = None if one.used_s is None else minutes(one.used_s)
        week = None if one.week_s is None else minutes(one.week_s)
        bars.append(Minutes(str(one.date.day), day, week))
        title = say[PastLabel.DATE].format(
            weekday=weekdays[one.date.weekday()], day=one.date.day, month=months[one.date.month - 1]
        )
        cells = [
            say[PastLabel.NOT_KNOWN_HERE] if each is None else str(each) for each in (one.sessions, day, week)
        ]
        rows.append((title, *cells))
    title = say[PastLabel.WEEK_TITLE]
    spoken = DayWords(
        title=title,
        day=say[PastLabel.ON_THAT_DAY],
        week=say[PastLabel.UNTIL_THEN],
        limit=say[PastLabel.WEEK_LIMIT].format(minutes=limit),
        missing=say[PastLabel.NOT_KNOWN_HERE],
    )
    heads = (PastLabel.COLUMN_DAY, PastLabel.COLUMN_TIMES, PastLabel.COLUMN_MINUTES, PastLabel.COLUMN_WEEK)
    return Plot(
        name="days",
        title=title,
        lead="",
        chart=days(bars, limit, spoken),
        heads=tuple(say[head] for head in heads),
        rows=tuple(reversed(rows)),
    )


def _places(words: Language, shelf: Shelf) -> Plot:
    say, placed = words.past, placed_of(shelf)
    found = [
        Place(
            capital(words.zones[zone]),
            left=minutes(placed.zones_s[zone, Side.LEFT]),
            right=minutes(placed.zones_s[zone, Side.RIGHT]),
        )
        for zone in Zone
    ]
    spoken = PlaceWords(
        title=say[PastLabel.PLACES_TITLE],
        left=words.sides[Side.LEFT],
        right=words.sides[Side.RIGHT],
    )
    heads = (PastLabel.COLUMN_PLACE, PastLabel.COLUMN_LEFT, PastLabel.COLUMN_RIGHT)
    more = ""
    if placed.elsewhere_s:
        more = say[PastLabel.PLACES_ELSEWHERE].format(minutes=minutes(placed.elsewhere_s))
    return Plot(
        name="places",
        title=spoken.title,
        lead=more,
        chart=places(found, spoken),
        heads=tuple(say[head] for head in heads),
        rows=tuple((one.name, str(one.left), str(one.right)) for one in found),
    )
