"""What may start, from when and why not, told before anybody starts it: the real admission."""

from dataclasses import replace

import pytest

from massager.app.moments import moment
from massager.model.decisions import Reason, Refusal
from massager.model.history import By, Role
from massager.model.people import Modifier
from massager.model.questions import Answer, Question, Reaction, Screening
from massager.session.massage import NO_BOUNDS, Basis, Bounds, Wish
from massager.session.offers import OfferService
from massager.session.outlook import WELL
from massager.store import People, Store, seed_demo

DAY_S = 24 * 3600


@pytest.fixture
def service(tmp_path):
    with Store.open(tmp_path) as store:
        seed_demo(store, moment())
        yield OfferService(store, None, now=moment)


@pytest.fixture
def known(service):
    return service.known("demo")


def wish(program="gentle-lumbar", device="chair", screening=WELL):
    return Wish(program, "demo", device, None, None, interactive=True, screening=screening)


def test_every_program_of_the_massager_is_offered_or_refused_with_its_reason(service, known):
    found = service.offers(known, wish())
    assert {one.program.modality for one in found} == {"roller"}
    assert all(isinstance(one.now, int) for one in found)
    lumbar = next(one for one in found if one.program.name == "gentle-lumbar")
    assert (lumbar.now, lumbar.highest, lumbar.levels) == (480, 8, 20)
    hurt = replace(known, person=replace(known.person, modifiers=frozenset({Modifier.PREGNANT})))
    refused = {one.program.name: one.now for one in service.offers(hurt, wish())}
    assert isinstance(refused["gentle-lumbar"], Refusal)


def test_what_may_start_comes_first(service, known):
    only = replace(known, person=replace(known.person, programs=frozenset({"upper-back"})))
    found = service.offers(only, wish())
    assert [one.program.name for one in found if isinstance(one.now, int)] == ["upper-back"]
    assert found[0].program.name == "upper-back"
    assert {one.now.reason for one in found[1:]} == {Reason.PROGRAM_NOT_ALLOWED}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Screening(answers={Question.SADDLE: Answer.YES}), Reason.RED_FLAG_SPINE),
        (Screening(answers={Question.FEVER: Answer.NOT_SURE}), Reason.FEVER),
        (Screening(answers={Question.STOP_REACHABLE: Answer.NO}), Reason.STOP_OUT_OF_REACH),
        (Screening(pain=7), Reason.PAIN_TODAY),
        (Screening(reaction=Reaction.LASTING), Reason.LASTING_REACTION),
    ],
)
def test_an_answer_that_bars_shows_before_the_others_are_given(service, known, said, reason):
    assert service.so_far(known, wish(screening=said)).reason is reason


def test_answers_that_bar_nothing_let_it_stand_until_all_are_given_and_silence_never_starts(service, known):
    assert isinstance(service.so_far(known, wish(screening=Screening())), Basis)
    assert isinstance(service.so_far(known, wish(screening=Screening(pain=2))), Basis)
    assert isinstance(service.admit(known, wish(screening=Screening())), Refusal)
    assert isinstance(service.admit(known, wish()), Basis)


def test_whoever_is_barred_as_a_person_is_told_so_whatever_the_program(service, known):
    assert service.bars(known) is None
    locked = replace(known, person=replace(known.person, screened=False))
    assert service.bars(locked).reason is Reason.NOT_SCREENED


def test_it_says_from_when_where_waiting_is_all_that_is_in_the_way(service, known):
    past = known.history.past
    just = replace(past[-1], started_s=known.history.now_s - 900, ended_s=known.history.now_s)
    tired = replace(known, history=replace(known.history, past=(*past[:-1], just)))
    from_s = service.earliest_s(tired, wish())
    assert from_s == known.history.now_s + 2 * DAY_S
    assert service.earliest_s(known, wish()) is None, "it may start now"
    barred = replace(tired, person=replace(known.person, programs=frozenset()))
    assert service.earliest_s(barred, wish()) is None, "waiting does not help"


def test_a_week_counts_what_was_used_and_rounds_what_is_left_down(known):
    assert (known.week.left, known.week.most) == (30, 45)
    more = replace(known.history.past[-1], used_s=901)
    used = replace(known, history=replace(known.history, past=(more,)))
    assert used.week.left == 29


def test_a_core_starts_no_more_than_its_bounds_whatever_is_wished():
    bounds = Bounds(60, 20)
    assert (bounds.on(wish()).seconds, bounds.on(wish()).caller_percent) == (60, 20)
    tighter = replace(wish(), seconds=30, caller_percent=5)
    assert bounds.on(tighter) == tighter
    looser = replace(wish(), seconds=3600, caller_percent=100)
    assert (bounds.on(looser).seconds, bounds.on(looser).caller_percent) == (60, 20)
    assert NO_BOUNDS.on(looser) == looser


def test_a_paired_device_is_known_by_its_name_and_another_by_its_profile(service, known):
    named = replace(known, devices={"armchair": "chair"})
    assert service.device(named, wish(device="armchair")).name == "chair"
    assert service.device(named, wish(device="cushion")).name == "cushion"


def test_what_is_offered_reads_the_record_anew(tmp_path):
    with Store.open(tmp_path) as store:
        person = seed_demo(store, moment())
        service = OfferService(store, None, now=moment)
        by = By("anna", Role.CAREGIVER)
        less = replace(person, session_min=2)
        People(store).change(person, less, by=by, why="tired", now=moment(), between_sessions=True)
        offers = service.offers(service.known("demo"), wish())
        assert {one.now.reason for one in offers} == {Reason.SESSION_TOO_LONG}
