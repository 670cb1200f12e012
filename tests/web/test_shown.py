"""A running session in the page's words: strength against its limit with the reason, and its buttons."""

from dataclasses import replace

import pytest

from massager.model.decisions import Cap, Source
from massager.model.questions import Ask, Prompt
from massager.session.snapshot import Stage
from massager.texts import LANGUAGES
from massager.web.person.shown import shown, view_of
from web_snapshots import SNAPSHOT

WORDS = LANGUAGES["en"]


def seen(**changes):
    return shown(WORDS, replace(SNAPSHOT, **changes), view="running", preview=None)


def test_it_says_how_strong_of_how_much_where_and_how_long():
    now = seen()
    assert (now.strength, now.most) == ("8", "of 8 in this program")
    assert now.where == "Lower back, just above the pelvis"
    assert now.left == "6:40"
    assert now.why == "Why this strength: as strong as the program asks."


def test_asked_for_stands_apart_until_the_device_reports_it():
    assert seen(reported=6).most == "of 8 in this program, 8 is asked for"
    assert "asked for" not in seen(reported=8).most


def test_what_is_not_reported_is_not_known_and_never_nothing():
    now = seen(reported=None, zone=None, place_ppm=None, patches=())
    assert (now.strength, now.where) == ("not known", "not known")


@pytest.mark.parametrize("source", [one for one in Source if one is not Source.ASKED])
def test_stronger_is_off_at_a_limit_and_says_which(source):
    now = seen(sent=Cap(3, source))
    assert not now.stronger
    words = WORDS.page_sources.get(source) or WORDS.sources[source]
    assert now.why_not == f"Stronger is off: {words}."
    assert now.why == f"Why this strength: {words}."
    assert "--" not in now.why


def test_stronger_gives_back_what_weaker_took_and_no_more():
    now = seen(asked=5, sent=Cap(5, Source.ASKED), reported=5)
    assert now.stronger
    assert now.why == "Why this strength: it was made weaker."
    full = seen()
    assert not full.stronger
    assert full.why_not == "Stronger is off: this program asks for no more."


def test_the_lowest_strength_has_no_weaker_one():
    now = seen(asked=1, sent=Cap(1, Source.ASKED), reported=1)
    assert not now.weaker
    assert "This is the lowest strength." in now.why_not
    assert seen(sent=Cap(2, Source.RAMP)).weaker


def test_nothing_is_stronger_or_weaker_while_nothing_presses():
    for changes in (
        {"sent": None, "asked": None, "wanted": None},
        {"sent": Cap(0, Source.ASKED), "asked": 0, "wanted": 0},
    ):
        now = seen(stage=Stage.PLACING, reported=0, **changes)
        assert not now.stronger
        assert not now.weaker
        assert "nothing presses now" in now.why_not
        assert now.where.endswith(", not pressing")


def test_a_screen_reader_is_told_of_stages_and_last_minutes_and_of_no_figure():
    assert seen(left_s=399).announce == seen(left_s=301, reported=3).announce == "Massage is running"
    assert (
        seen(left_s=300).announce
        == seen(left_s=61).announce
        == "Massage is running. Less than five minutes left."
    )
    assert "one minute" in seen(left_s=60).announce
    assert "minutes left" not in seen(left_s=100, session_s=100).announce


def test_a_view_changes_with_the_screen_and_not_with_its_figures():
    def view(over=False, picture=True, step="pain", **changes):
        return view_of(replace(SNAPSHOT, **changes), step, has_picture=picture, over=over)

    usual = view()
    assert view(left_s=3, reported=1, stage=Stage.PLACING) == usual
    asks = {"prompts": (Prompt(4, Ask.CHECK_IN, None, 0),)}
    others = [
        view(over=True),
        view(picture=False),
        view(stage=Stage.PAUSED),
        view(stage=Stage.LINK_LOST),
        view(stage=Stage.STOPPING),
        view(**asks),
        view(**asks, step="feeling"),
        view(prompts=(Prompt(5, Ask.CHECK_IN, None, 0),)),
        view(prompts=(Prompt(5, Ask.ZONE, SNAPSHOT.zone, 0),)),
    ]
    assert len({usual, *others}) == 1 + len(others)
