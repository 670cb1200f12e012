"""The questions before the first session: what an answer puts on record, and who may do that."""

import json

import pytest

from blackbox_rig import Room
from massager.cli.exits import Exit
from massager.model.body import VERTEBRA_SPANS_PPM
from massager.model.people import Modifier
from massager.texts import condition_question, phrase_text
from massager.texts.language import Phrase
from people_desk import SCREEN
from people_rig import PASSPHRASE

SIZE = (24, 200)
ASKED = [modifier for modifier in Modifier if condition_question(modifier) is not None]


def test_a_screening_needs_a_caregiver_and_says_what_it_puts_on_record(staffed):
    assert staffed.run(*SCREEN).code is Exit.AUTH
    assert not staffed.shown()["screened"]
    staffed.ok(*SCREEN, "--yes-to", "hypertension")
    assert "screened: no; nothing starts; massager person screen NAME -> yes" in staffed.err
    assert "high blood pressure under control (hypertension)" in staffed.err
    shown = staffed.shown()
    assert (shown["screened"], shown["usual_pain"], shown["modifiers"]) == (True, 2, ["hypertension"])


def test_whoever_is_screened_again_adds_a_condition_alone_and_drops_none(staffed):
    staffed.ok(*SCREEN, "--yes-to", "hypertension")
    assert staffed.run(*SCREEN, "--yes-to", "hypertension", "--yes-to", "cancer").code is Exit.OK
    assert staffed.shown()["modifiers"] == ["cancer", "hypertension"]
    assert staffed.run(*SCREEN).code is Exit.AUTH
    staffed.ok(*SCREEN)
    assert staffed.shown()["modifiers"] == []


def test_a_condition_that_nobody_is_asked_about_outlives_a_screening(staffed):
    staffed.run("person", "set", "anna", "--modifier", "after-symptoms", "--why", "tingling", "--yes")
    staffed.ok(*SCREEN)
    assert staffed.shown()["modifiers"] == ["after-symptoms"]


@pytest.mark.parametrize(
    ("condition", "place", "first", "last"),
    [
        ("surgery-older", "L4:L5", "L3", "S1"),
        ("surgery-older", "c1:s2", "C1", "S2"),
        ("fracture-recent", "T12:T12", "T12", "T12"),
    ],
)
def test_a_condition_gets_its_place_and_old_surgery_a_level_more_on_either_side(
    staffed, condition, place, first, last
):
    staffed.ok(*SCREEN, "--yes-to", f"{condition}={place}")
    span = [VERTEBRA_SPANS_PPM[first][0], VERTEBRA_SPANS_PPM[last][1]]
    assert staffed.shown()["keep_outs"] == [
        {"name": condition, "span_ppm": span, "left_mm": -500, "right_mm": 500}
    ]
    # No longer known, or no longer there: the place goes with the answer.
    staffed.ok(*SCREEN, "--yes-to", condition)
    shown = staffed.shown()
    assert (shown["keep_outs"], shown["modifiers"]) == ([], [condition])
    staffed.ok(*SCREEN, "--yes-to", f"{condition}={place}")
    staffed.ok(*SCREEN)
    shown = staffed.shown()
    assert (shown["keep_outs"], shown["modifiers"]) == ([], [])


def test_a_place_added_for_a_condition_needs_a_caregiver(staffed):
    staffed.ok(*SCREEN, "--yes-to", "surgery-older")
    span = ("--from", "L4", "--to", "L5", "--left-mm", -500, "--right-mm", 500)
    add = ("person", "keep-out", "add", "anna", "--name", "surgery-older", *span, "--yes")
    assert staffed.run(*add).code is Exit.AUTH
    assert staffed.shown()["keep_outs"] == []
    staffed.ok(*add)
    assert len(staffed.shown()["keep_outs"]) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--yes-to", "gout"), "'gout' is none of"),
        (("--yes-to", "after-symptoms"), "nobody is asked about after-symptoms"),
        (("--yes-to", "surgery-older=L5:L4"), "surgery-older=L4:L5"),
        (("--yes-to", "surgery-older=L4"), "surgery-older=L4:L5"),
        (("--yes-to", "surgery-older=?:L4"), "surgery-older=L4:L5"),
        (("--yes-to", "diabetes=L4:L5"), "a condition with a place"),
        (("--usual-pain", "11"), "less than or equal to 10"),
        (("--region", "lumbar"), "not of the form lumbar=mild"),
    ],
)
def test_a_wrong_answer_is_refused_and_changes_nothing(staffed, words, says):
    before = staffed.shown()
    assert staffed.signed(*SCREEN, *words).code is Exit.USAGE
    assert says in " ".join(staffed.err.replace("\u2502", " ").split())
    assert staffed.shown() == before


def test_without_a_terminal_it_is_said_what_to_add(staffed):
    staffed.ok("person", "add", "bert")
    assert staffed.signed("person", "screen", "bert").code is Exit.USAGE
    said = " ".join(staffed.err.replace("\u2502", " ").split())
    for option in ("--region lumbar=mild", "--born YEAR", "--usual-pain N", "--no-to-the-rest"):
        assert option in said
    given = ("--region", "lumbar=mild", "--born", 1980, "--usual-pain", 0, "--no-to-the-rest")
    staffed.ok("person", "screen", "bert", *given, "--yes")
    shown = staffed.shown("bert")
    assert (shown["conditions"], shown["born"], shown["screened"]) == ({"lumbar": "mild"}, 1980, True)


# At a terminal.


@pytest.fixture
def room(tmp_path):
    made = Room(tmp_path)
    yield made
    made.close()


@pytest.fixture
def screening(room):
    """Screen anna, of whom nothing is known, at a terminal; what she says and what is on record then."""
    file = room.folder / "passphrase"
    file.write_text(PASSPHRASE)
    file.chmod(0o600)
    assert room.finished("caregiver", "add", "carla", "--new-passphrase-file", file).wait() == 0
    assert room.finished("person", "add", "anna", "--passphrase-file", file).wait() == 0

    def screen(dialogue):
        program = room.massager("person", "screen", "anna", "--passphrase-file", file, terminal=SIZE)
        for question, answer in dialogue:
            program.wait_said(question)
            program.terminal.type(answer)
        code = program.wait()
        return code, program.said, json.loads(room.finished("person", "show", "anna", "--json").stdout.text)

    return screen


def beside(where, *, severity="mild", consulted="y"):
    """The questions beside the conditions, and answers."""
    return [
        (phrase_text(Phrase.WHERE), f"{where}\n"),
        (phrase_text(Phrase.SEVERITY), f"{severity}\n"),
        (phrase_text(Phrase.BORN), "1980\n"),
        (phrase_text(Phrase.USUAL_PAIN), "3\n"),
        (phrase_text(Phrase.ATTESTED), f"{consulted}\n"),
    ]


def conditions(*yes):
    """The questions about conditions, with no to all but some."""
    for modifier in ASKED:
        yield condition_question(modifier), "?\n" if modifier in yes else "n\n"
        if modifier is Modifier.SURGERY_OLDER and modifier in yes:
            yield phrase_text(Phrase.PLACE_FROM), "L9\n"
            yield "Please answer with C1 to S2, or ? if not known.", "l5\n"
            yield phrase_text(Phrase.PLACE_TO), "L4\n"
            yield "The uppermost vertebra comes first.", "L4\nL5\n"
        elif modifier is Modifier.CANCER and modifier in yes:
            yield phrase_text(Phrase.PLACE_FROM), "?\n"


LOOSEN = ("Loosen that? It needs a caregiver. [y/N]", "y\n")


def test_every_question_is_asked_one_by_one_and_not_sure_counts_as_yes(screening):
    yes = (Modifier.SURGERY_OLDER, Modifier.CANCER, Modifier.DIABETES)
    code, said, shown = screening([*beside("lower"), *conditions(*yes), LOOSEN])
    assert code == 0, said
    assert (shown["conditions"], shown["born"], shown["attested"]) == ({"lumbar": "mild"}, 1980, True)
    assert (shown["screened"], shown["usual_pain"]) == (True, 3)
    assert shown["modifiers"] == sorted(yes)
    (place,) = shown["keep_outs"]
    assert place["name"] == "surgery-older"
    assert place["span_ppm"] == [VERTEBRA_SPANS_PPM["L3"][0], VERTEBRA_SPANS_PPM["S1"][1]]


def test_whoever_does_not_know_where_has_it_everywhere(screening):
    code, said, shown = screening([*beside("?", severity="moderate", consulted="?"), *conditions(), LOOSEN])
    assert code == 0, said
    assert shown["conditions"] == dict.fromkeys(("cervical", "thoracic", "lumbar"), "moderate")
    assert shown["modifiers"] == ["region-unknown"]
    assert not shown["attested"]


def test_questions_that_are_not_all_answered_change_nothing(screening):
    code, said, shown = screening([*beside("lower")[:4], (phrase_text(Phrase.ATTESTED), "\x04")])
    assert code == 2
    assert "not all answered" in " ".join(said.split())
    assert "Traceback" not in said
    assert (shown["screened"], shown["conditions"]) == (False, {})
