"""Who answers during a session: single keys in any order, and scripts; nothing is said that was not meant."""

import random

import pytest

from massager.cli.respond import Elsewhere, Scripted, Taps
from massager.model.body import Zone
from massager.model.questions import Ask, CheckIn, Comfort, Feeling, Prompt
from massager.model.script import Script, Unasked
from massager.session.snapshot import Snapshot, Stage

FINE = CheckIn(2, Comfort.FINE, Feeling.NONE)
CHECK_IN = Prompt(1, Ask.CHECK_IN, None, 0)
ZONE = Prompt(2, Ask.ZONE, Zone.L1_L3, 0)


class Heard:
    """A session that writes down what it is told."""

    def __init__(self):
        self.said = []
        self.zones = []

    def answer(self, check_in):
        self.said.append(check_in)

    def answer_zone(self, zone, *, yes):
        self.zones.append((zone, yes))


def snapshot(*prompts, stage=Stage.RUNNING):
    return Snapshot(
        stage=stage,
        person="Anna B",
        device="chair",
        radio="unix:air",
        program="gentle-lumbar",
        zone=Zone.L4_S1,
        wanted=2,
        asked=2,
        sent=None,
        reported=None,
        levels=20,
        place_ppm=None,
        lateral_mm=None,
        patches=(),
        load_n=None,
        left_s=100,
        session_s=480,
        reason=None,
        detail="",
        alarm=None,
        prompts=prompts,
    )


@pytest.fixture
def heard():
    return Heard()


def tap(heard, keys, *prompts):
    taps = Taps(heard)
    taps.look(snapshot(*prompts))
    for key in keys:
        taps.press(key)
    return taps


def test_keys_say_nothing_while_nothing_is_asked(heard):
    tap(heard, "0123456789niwgbukcedhosfxyl", ZONE)
    assert heard.said == []
    assert heard.zones == [(Zone.L1_L3, True), (Zone.L1_L3, False)]
    tap(heard, "0123456789niwgbukcedhosfxyl")
    assert heard.said == []


@pytest.mark.parametrize("opening", ["", "a"])
def test_three_taps_answer_a_check_in_asked_or_not(heard, opening):
    tap(heard, f"{opening}2nf", *([] if opening else [CHECK_IN]))
    assert heard.said == [CheckIn(pain=2), FINE]


def test_ten_is_typed_as_it_is_written_and_a_one_alone_is_one(heard):
    tap(heard, "10nf", CHECK_IN)
    assert heard.said == [CheckIn(pain=1), CheckIn(pain=10), CheckIn(10, Comfort.FINE, Feeling.NONE)]
    heard.said.clear()
    tap(heard, "1n0f", CHECK_IN)
    assert heard.said[-1] == CheckIn(0, Comfort.FINE, Feeling.NONE)
    heard.said.clear()
    tap(heard, "1nf", CHECK_IN)
    assert heard.said[-1].pain == 1


def test_a_one_before_the_question_makes_no_ten_of_the_zero_after_it(heard):
    taps = Taps(heard)
    taps.press("1")
    taps.look(snapshot(CHECK_IN))
    taps.press("0")
    assert heard.said == [CheckIn(pain=0)]
    taps.press("1")
    taps.look(snapshot(Prompt(3, Ask.CHECK_IN, None, 9)))
    taps.press("0")
    assert heard.said[-1] == CheckIn(pain=0)


@pytest.mark.parametrize(("key", "feeling"), list(zip("iwgbukcedho", list(Feeling)[1:], strict=True)))
def test_a_warning_is_said_with_its_first_key(heard, key, feeling):
    tap(heard, key, CHECK_IN)
    assert heard.said == [CheckIn(feeling=feeling)]


def test_every_feeling_and_every_strength_has_one_key_that_means_nothing_else():
    taps = tap(Heard(), "1", CHECK_IN)
    lines = taps.lines(snapshot(CHECK_IN))[1:]
    keys = [line.partition(" ")[0] for line in lines]
    assert len(keys) == len(Feeling)
    assert len({*keys, *"sfxyla0123456789p+- \n"}) == len(keys) + len("sfxyla0123456789p+- \n")


def test_too_strong_acts_before_the_rest_is_said_and_is_asked_again(heard):
    tap(heard, "x2nf", CHECK_IN)
    assert heard.said == [CheckIn(comfort=Comfort.TOO_STRONG), CheckIn(pain=2), FINE]
    heard.said.clear()
    tap(heard, "2nx", CHECK_IN)
    assert heard.said == [CheckIn(pain=2), CheckIn(2, Comfort.TOO_STRONG, Feeling.NONE)]


@pytest.mark.parametrize("keys", ["nf2", "n2f", "f2n", "2fn"])
def test_nothing_new_and_fine_count_only_in_their_turn(heard, keys):
    tap(heard, keys, CHECK_IN)
    assert heard.said == [CheckIn(pain=2)]


def test_a_new_question_begins_with_the_first_tap(heard):
    taps = tap(heard, "2n", CHECK_IN)
    taps.look(snapshot(Prompt(3, Ask.CHECK_IN, None, 9)))
    taps.press("f")
    assert not any(said.whole for said in heard.said)


def test_what_is_asked_next_and_its_keys_are_shown(heard):
    taps = Taps(heard)
    assert taps.lines(snapshot()) == ()
    taps.look(snapshot(CHECK_IN, ZONE))
    first, zone = taps.lines(snapshot(CHECK_IN, ZONE))
    assert "for ten press 1, then 0" in first
    assert "y yes  l leave it out" in zone
    taps.press("2")
    assert "n Nothing new" in taps.lines(snapshot(CHECK_IN))
    taps.press("n")
    assert "x Too strong" in taps.lines(snapshot(CHECK_IN))[0]


def test_any_keys_in_any_order_say_only_what_their_keys_mean(heard):
    keys = random.Random(7).choices("a0123456789niwgbukcedhosfxyl?qz", k=3000)  # noqa: S311 - no secret
    tap(heard, keys, CHECK_IN)
    whole = [said for said in heard.said if said.whole]
    assert whole
    assert all(said.feeling is Feeling.NONE for said in whole)
    assert CheckIn() not in heard.said


def test_a_script_answers_each_question_once_and_shows_how_where_it_is_silent(heard):
    scripted = Scripted(heard, Script(check_ins=(FINE,), zones={Zone.L1_L3: False}))
    assert scripted.lines(snapshot(CHECK_IN))[0].endswith("anything new.")
    for _ in range(2):
        scripted.look(snapshot(CHECK_IN, ZONE))
    assert heard.said == [FINE]
    assert heard.zones == [(Zone.L1_L3, False)]
    later = (Prompt(3, Ask.CHECK_IN, None, 9), Prompt(4, Ask.ZONE, Zone.T9_T12, 9))
    for _ in range(2):
        lines = scripted.lines(snapshot(*later))
        assert "massager answer 'Anna B' --pain 0..10" in lines[0]
        assert "massager answer 'Anna B' --zone T9-T12 --yes (or --no)" in lines[1]
        scripted.look(snapshot(*later))
    assert len(heard.said) == len(heard.zones) == 1


def test_a_script_speaks_unasked_in_its_time_from_the_first_it_sees_of_the_massage(heard, monkeypatch):
    now_s = 0.0
    monkeypatch.setattr("massager.session.scripted.time.monotonic", lambda: now_s)
    strong = CheckIn(comfort=Comfort.TOO_STRONG)
    scripted = Scripted(heard, Script(unasked=(Unasked(40, FINE), Unasked(5, strong))))
    now_s = 100.0
    scripted.look(snapshot(stage=Stage.PLACING))
    now_s = 200.0
    scripted.look(snapshot())
    now_s = 204.0
    scripted.look(snapshot())
    assert heard.said == []
    now_s = 205.0
    scripted.look(snapshot())
    assert heard.said == [strong]
    now_s = 250.0
    scripted.look(snapshot(stage=Stage.PAUSED))
    assert heard.said == [strong, FINE]


def test_who_does_not_answer_here_shows_the_commands():
    assert "massager answer 'Anna B' --zone L1-L3" in Elsewhere().lines(snapshot(ZONE))[0]
