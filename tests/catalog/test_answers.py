"""Files of answers: the shipped ones, what is read, and what is said about each wrong one, and where."""

from pathlib import Path

import pytest

from massager._resources import answers_folder
from massager.catalog.answers import fine_answers, load_answers
from massager.model.body import Zone
from massager.model.errors import NotFoundError
from massager.model.questions import Answer, CheckIn, Comfort, Feeling, Question, Reaction, Screening
from massager.model.script import Afterwards, Script, Unasked

FOLDER = Path(__file__).parents[2] / "examples" / "answers"
FINE = CheckIn(2, Comfort.FINE, Feeling.NONE)
# Chosen, because a severe person is asked every 60 s and no session is longer than 15 minutes.
MOST_CHECK_INS = 15


def test_the_shipped_answers_are_three():
    assert sorted(path.name for path in FOLDER.iterdir()) == ["fine.yaml", "red-flag.yaml", "too-strong.yaml"]


@pytest.mark.parametrize("name", ["fine.yaml", "red-flag.yaml", "too-strong.yaml"])
def test_every_shipped_file_answers_every_question_before_with_nothing_wrong(name):
    before = load_answers(FOLDER / name).before
    assert before.answers == {
        question: Answer.YES if question is Question.STOP_REACHABLE else Answer.NO for question in Question
    }
    assert (before.pain, before.skin, before.reaction) == (2, frozenset(), Reaction.NONE)


def test_the_answers_of_demo_are_fine_to_the_end_of_the_longest_session():
    fine = fine_answers()
    assert fine == load_answers(FOLDER / "fine.yaml")
    assert set(fine.check_ins) == {FINE}
    assert len(fine.check_ins) > MOST_CHECK_INS
    assert fine.zones == dict.fromkeys(Zone, True)
    assert fine.afterwards == Afterwards(2, Answer.NO, Feeling.NONE)


def test_too_strong_says_so_once_and_is_fine_then():
    said = load_answers(FOLDER / "too-strong.yaml").check_ins
    assert [check_in.comfort for check_in in said][:2] == [Comfort.TOO_STRONG, Comfort.FINE]
    assert set(said[1:]) == {FINE}
    assert len(said) > MOST_CHECK_INS


def test_red_flag_speaks_unasked():
    said = load_answers(FOLDER / "red-flag.yaml")
    assert said.unasked == (Unasked(40, CheckIn(feeling=Feeling.BLADDER_BOWEL_SADDLE)),)
    assert not said.check_ins


def test_the_least_file_answers_nothing(write):
    assert load_answers(write("kind: answers\n")) == Script()
    assert Script().before == Screening()


def test_no_skin_named_is_an_answer_and_no_skin_at_all_is_none(write):
    assert load_answers(write("kind: answers\nbefore: {skin: []}\n")).before.skin == frozenset()
    assert load_answers(write("kind: answers\nbefore: {pain: 0}\n")).before.skin is None


def test_every_question_can_be_answered_in_every_way(write):
    for question in Question:
        for answer in Answer:
            key = question.replace("-", "_")
            said = load_answers(write(f"kind: answers\nbefore: {{{key}: {answer}}}\n"))
            assert said.before == Screening({question: answer})


def test_what_is_said_during_a_session_keeps_its_order_and_its_parts(write):
    text = """\
kind: answers
during:
  - {pain: 1, comfort: too-soft, feeling: none, times: 2}
  - {at_s: 0, comfort: too-strong}
  - {pain: 3}
  - {feeling: other, at_s: 90}
zones: [{zone: L1-L3, answer: yes}, {zone: L4-S1, answer: no}]
afterwards: {worse: not-sure}
"""
    said = load_answers(write(text))
    soft = CheckIn(1, Comfort.TOO_SOFT, Feeling.NONE)
    assert said.check_ins == (soft, soft, CheckIn(pain=3))
    assert said.unasked == (
        Unasked(0, CheckIn(comfort=Comfort.TOO_STRONG)),
        Unasked(90, CheckIn(feeling=Feeling.OTHER)),
    )
    assert said.zones == {Zone.L1_L3: True, Zone.L4_S1: False}
    assert said.afterwards == Afterwards(None, Answer.NOT_SURE, None)


WRONG = [
    ("kind: program\n", "1:7: kind: this must be 'answers' (got 'program'). Choose one of them."),
    (
        "kind: answers\nbefore: {sadle: no}\n",
        "2:10: before.sadle: this key is not known. Did you mean 'saddle'?",
    ),
    (
        "kind: answers\nbefore: {saddle: maybe}\n",
        "2:18: before.saddle: this must be 'no', 'yes' or 'not-sure' (got 'maybe'). Choose one of them.",
    ),
    (
        "kind: answers\nbefore: {saddle: false}\n",
        "2:18: before.saddle: this must be 'no', 'yes' or 'not-sure' (got False). Choose one of them.",
    ),
    (
        "kind: answers\nbefore: {saddle: }\n",
        "2:10: before.saddle: this must be 'no', 'yes' or 'not-sure' (got nothing). Choose one of them.",
    ),
    (
        "kind: answers\nbefore: {pain: 11}\n",
        "2:16: before.pain: this must be at most 10 (got 11). Lower it.",
    ),
    (
        "kind: answers\nbefore: {skin: [L4-S1, L4-S1]}\n",
        "2:24: before.skin.1: a second entry of this zone (got 'L4-S1'). Keep one of them.",
    ),
    (
        "kind: answers\nbefore: {skin: [L4]}\n",
        (
            "2:17: before.skin.0: this must be 'C3-C7', 'T1-T4', 'T5-T8', 'T9-T12', 'L1-L3' or 'L4-S1' "
            "(got 'L4'). Choose one of them."
        ),
    ),
    (
        "kind: answers\nduring:\n  - {times: 3}\n",
        "3:5: during.0: this says nothing. Add pain, comfort or feeling.",
    ),
    (
        "kind: answers\nduring:\n  - {pain: 1, at_s: 3, times: 3}\n",
        "3:31: during.0.times: what is said unasked is said once (got 3). Remove 'times', or 'at_s'.",
    ),
    (
        "kind: answers\nduring:\n  - {pain: 1, times: 0}\n",
        "3:22: during.0.times: this must be at least 1 (got 0). Raise it.",
    ),
    (
        "kind: answers\nduring:\n  - {pain: 1, at_s: -1}\n",
        "3:21: during.0.at_s: this must be at least 0 (got -1). Raise it.",
    ),
    (
        "kind: answers\nzones: [{zone: L1-L3, answer: not-sure}]\n",
        "2:31: zones.0.answer: this must be 'yes' or 'no' (got 'not-sure'). Choose one of them.",
    ),
    (
        "kind: answers\nzones: [{zone: L1-L3, answer: yes}, {zone: L1-L3, answer: no}]\n",
        "2:37: zones.1: a second entry of this zone (got 'L1-L3'). Keep one of them.",
    ),
    (
        "kind: answers\nafterwards: {worse: bit}\n",
        "2:21: afterwards.worse: this must be 'no', 'yes' or 'not-sure' (got 'bit'). Choose one of them.",
    ),
]


@pytest.mark.parametrize(("text", "says"), WRONG, ids=[says.split(": ")[1] for _, says in WRONG])
def test_a_wrong_file_of_answers_is_refused_with_its_places(write, complaints, text, says):
    assert complaints(lambda: load_answers(write(text))) == [says]


def test_a_file_of_answers_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NotFoundError, match="cannot be read: No such file"):
        load_answers(tmp_path / "none.yaml")


def test_the_wheel_s_answers_come_before_the_source_tree_s(tmp_path):
    package = tmp_path / "massager"
    (tmp_path / "examples/answers").mkdir(parents=True)
    with pytest.raises(NotFoundError, match="the built-in answers are missing"):
        answers_folder(package)
    (tmp_path / "examples/answers/fine.yaml").touch()
    assert answers_folder(package) == tmp_path / "examples/answers"
    (package / "_answers").mkdir(parents=True)
    (package / "_answers/fine.yaml").touch()
    assert answers_folder(package) == package / "_answers"
