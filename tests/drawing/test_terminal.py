"""The picture for a terminal: as wide as it may be, in characters that the terminal has."""

from dataclasses import replace

import pytest

from massager.drawing import Ink, picture, sections
from massager.model.body import VERTEBRA_SPANS_PPM
from massager.texts import LANGUAGES
from preview_rig import crowded, cushion, held, plain

ENGLISH = LANGUAGES["en"]
BLOCKS, PLAIN = Ink.for_encoding("utf-8"), Ink.for_encoding("ascii")
MADE = [plain, crowded, cushion, held]


def lines(preview, *, width=80, ink=PLAIN):
    return picture(preview, ENGLISH, width=width, ink=ink)


def back(preview, ink=PLAIN):
    """The rows of the back by vertebra: what lies between its edges."""
    rows = [line.split(ink.edge) for line in lines(preview, ink=ink)]
    return {row[0].strip(): row[1] for row in rows if row[0].strip() in VERTEBRA_SPANS_PPM}


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("width", [60, 72, 80, 100, 200])
@pytest.mark.parametrize("ink", [BLOCKS, PLAIN])
def test_no_line_is_wider_than_asked(made, width, ink):
    assert max(map(len, lines(made(), width=width, ink=ink))) <= width


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("made", MADE)
def test_no_word_is_lost_for_want_of_width(made, width):
    words = {word.lower() for line in lines(made(), width=width) for word in line.split()}
    for line in sections(made(), ENGLISH)[1].lines:
        assert set(line.partition(".")[0].lower().split()) <= words


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437-no-such", None])
def test_a_terminal_without_blocks_gets_plain_characters(encoding):
    ink = Ink.for_encoding(encoding)
    assert "".join(lines(plain(), ink=ink)).isascii()


def test_a_terminal_with_blocks_gets_them():
    text = "".join(lines(plain(), ink=BLOCKS))
    assert BLOCKS.strengths[3] in text
    assert BLOCKS.closed in text


def test_every_vertebra_has_its_row_from_above_downwards():
    assert list(back(plain())) == list(VERTEBRA_SPANS_PPM)


def test_left_is_left_and_the_spine_is_closed_in_the_middle():
    rows = back(crowded())
    scar = rows["T10"]
    middle = len(scar) // 2
    assert scar[:middle].count(PLAIN.closed) > scar[middle + 1 :].count(PLAIN.closed)
    for name in ("T5", "L1", "L5"):
        assert rows[name][middle] == PLAIN.closed
    assert set(rows["C4"]) == set(rows["T2"]) == {PLAIN.closed}


def test_the_way_is_shown_by_its_strength():
    rows = back(crowded())
    assert "###" in rows["L5"]
    assert "%%%" in rows["L1"]
    assert set(rows["T5"]) == {" ", PLAIN.closed}


@pytest.mark.parametrize("made", MADE)
def test_the_chart_says_why_it_is_weaker_wherever_it_is(made):
    text = lines(made(), width=100)
    floor = next(line.index(PLAIN.edge) for line in text if line.endswith(5 * PLAIN.floor)) + 1
    why = next(line for line in text if line.strip().startswith("why weaker"))[floor:].ljust(100)
    bars = [line[floor:].ljust(100) for line in text if line[floor - 1 : floor] == PLAIN.edge]
    bars = [bar for bar in bars if not bar.startswith(PLAIN.floor)]
    wanting = [n for n in range(100) if any(bar[n] == PLAIN.missing for bar in bars[-9:])]
    assert bool(wanting) == bool(made().clamps)
    assert all(why[n].isdigit() for n in wanting)


def test_warmth_has_a_sign_of_its_own():
    assert PLAIN.warm in back(cushion())["L5"]
    assert any(line.endswith(f"{2 * PLAIN.warm} warm") for line in lines(cushion()))
    assert PLAIN.warm not in "".join(lines(plain()))


def test_a_session_of_which_nothing_comes_is_drawn_too():
    nothing = replace(plain(), instants=(), visits=(), clamps=(), askings=())
    assert "".join(back(nothing).values()).strip(f" {PLAIN.closed}") == ""
