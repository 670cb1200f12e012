"""Questions at a terminal: what is typed, what is left open, and what ends them."""

import io
import sys

import pytest

from massager.cli.asking import ask_afterwards, ask_before
from massager.model.body import Zone
from massager.model.questions import Answer, Feeling, Question, Reaction, Screening
from massager.model.script import Afterwards
from massager.texts import question_text

RULED_OUT = ["n"] * 12


@pytest.fixture
def typed(monkeypatch):
    def lines(*said):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in said)))

    return lines


def test_every_question_is_asked_in_turn_and_every_answer_kept(typed, capsys):
    typed(*RULED_OUT, "Yes", "10", "l1-l3, L4-S1", "2")
    found = ask_before()
    assert found.answers == {
        question: Answer.YES if question is Question.STOP_REACHABLE else Answer.NO for question in Question
    }
    assert (found.pain, found.skin) == (10, {Zone.L1_L3, Zone.L4_S1})
    assert found.reaction is Reaction.MILD
    said = capsys.readouterr()
    assert [question_text(question) in said.err for question in Question] == [True] * len(Question)
    assert said.out == "", "standard output is for the session alone"


def test_enter_alone_asks_once_more_and_then_leaves_it_open(typed, capsys):
    typed("", "n", "", "", *["n"] * 10, "y", "", "", "none", "", "")
    found = ask_before()
    assert found.answers[Question.SADDLE] is Answer.NO
    assert Question.BLADDER not in found.answers
    assert found.answers[Question.STOP_REACHABLE] is Answer.YES
    assert (found.pain, found.skin, found.reaction) == (None, frozenset(), None)
    assert capsys.readouterr().err.count("Not answered.") == 3


def test_the_end_of_the_input_answers_nothing(typed):
    typed()
    assert ask_before() == Screening()


@pytest.mark.parametrize("said", ["y", "?", "not sure"])
@pytest.mark.parametrize(
    "flag",
    [
        Question.SADDLE,
        Question.BLADDER,
        Question.BOTH_LEGS,
        Question.CORD,
        Question.STROKE,
        Question.CHEST,
        Question.LIMB,
    ],
)
def test_a_red_flag_ends_the_questions_at_once(typed, capsys, flag, said):
    number = list(Question).index(flag)
    typed(*RULED_OUT[:number], said, "n", "n")
    found = ask_before()
    assert len(found.answers) == number + 1
    assert found.answers[flag] is (Answer.YES if said == "y" else Answer.NOT_SURE)
    assert question_text(list(Question)[number + 1]) not in capsys.readouterr().err


def test_what_is_not_understood_is_asked_again_and_never_taken_for_an_answer(typed, capsys):
    typed(
        "nope",
        "N0",
        "0",
        "true",
        "n",
        *RULED_OUT[1:],
        "y",
        "-1",
        "11",
        "3.5",
        "ten",
        "4",
        "L9",
        "none",
        "0",
        "4",
        "3",
    )
    found = ask_before()
    assert found.answers[Question.SADDLE] is Answer.NO
    assert (found.pain, found.skin, found.reaction) == (4, frozenset(), Reaction.LASTING)
    assert capsys.readouterr().err.count("Please answer with") == 11


def test_how_it_went_takes_three_answers(typed):
    typed("3", "?", "12")
    assert ask_afterwards() == Afterwards(3, Answer.NOT_SURE, Feeling.OTHER)
    typed("0", "n", "1")
    assert ask_afterwards() == Afterwards(0, Answer.NO, Feeling.NONE)
