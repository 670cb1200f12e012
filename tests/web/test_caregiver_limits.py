"""Limits on the page: anyone tightens, only a caregiver loosens, and what changes is read back before."""

import re
from dataclasses import replace

import pytest

from caregiver_rig import caregiver_in, filled, send
from core_rig import BY
from massager.app.moments import moment
from massager.model.body import Region, Zone
from massager.model.ceilings import Severity
from massager.model.people import Modifier
from massager.session.places import place_of
from massager.store import Journal, People
from massager.texts import LANGUAGES
from massager.web.caregiver.words import SEVERITIES
from web_rig import page_in

OPEN = "/people/anna"
SIGNED = "/caregiver/people/anna"


async def on_record(served, name="anna"):
    return await served.memory.do(lambda: People(served.store).get(name))


async def put_on_record(served, **fields):
    """As if somebody else did."""

    def put():
        people = People(served.store)
        old = people.get("anna")
        new = replace(old, **fields)
        people.change(old, new, by=BY, why="test", now=moment(), between_sessions=False)

    await served.memory.do(put)


async def last_change(served):
    entries = await served.memory.do(lambda: Journal(served.store).records(person="anna", limit=1000))
    return [entry for entry in entries if entry.record.kind == "person-change"][-1]


async def looked(served, side, screen, /, **fields):
    """The page that says what a form changes."""
    path = f"{side}/{screen}"
    form = filled(await served.get(path), 0 if side == OPEN else 1)
    return await send(served, path, form, **fields)


async def saved(served, side, screen, shown, why="as agreed"):
    """What follows when that is saved."""
    form = filled(shown, 0 if side == OPEN else 1)
    return await send(served, f"{side}/{screen}", form, do="save", why=why)


async def test_anyone_makes_a_limit_tighter_without_signing_in_and_the_log_knows_who_and_why(tmp_path):
    async with page_in(tmp_path) as served:
        shown = await looked(served, OPEN, "limits", **{"percent-L1-L3": "20", "minutes": "8"})
        assert "lower back, at the waist (L1-L3) no limit of its own becomes 20 % Tighter" in shown.text
        assert "Looser" not in shown.text
        assert not (await on_record(served)).zone_permille
        shown = await saved(served, OPEN, "limits", shown)
        assert "That is on record" in shown.text
        person = await on_record(served)
        assert (dict(person.zone_permille), person.session_min) == ({Zone.L1_L3: 200}, 8)
        entry = await last_change(served)
        assert (entry.record.facts["who"], entry.record.facts["why"]) == ("page", "as agreed")


async def test_without_a_caregiver_nothing_gets_looser_whatever_the_form_says(tmp_path):
    async with page_in(tmp_path) as served:
        await put_on_record(served, session_min=5)
        before = await on_record(served)
        shown = await looked(served, OPEN, "limits", minutes="10")
        assert "5 minutes becomes 10 minutes Looser" in shown.text
        assert "only a caregiver" in shown.text
        assert f"{SIGNED}/limits" in shown.html
        form = filled(await served.get(f"{OPEN}/limits"), 0)
        for do in ("save", "look"):
            shown = await send(served, f"{OPEN}/limits", form, minutes="10", do=do, why="because")
            assert "only a caregiver" in shown.text
        assert await on_record(served) == before


async def test_what_is_tighter_and_looser_at_once_says_which_is_which_and_takes_a_caregiver(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await put_on_record(served, zone_permille={Zone.L1_L3: 200, Zone.L4_S1: 200})
        change = {"percent-L1-L3": "30", "percent-L4-S1": "10"}
        shown = await looked(served, OPEN, "limits", **change)
        assert "(L1-L3) 20 % becomes 30 % Looser" in shown.text
        assert "(L4-S1) 20 % becomes 10 % Tighter" in shown.text
        assert "only a caregiver" in shown.text
        shown = await looked(served, SIGNED, "limits", **change)
        assert "only a caregiver" not in shown.text
        await saved(served, SIGNED, "limits", shown, why="Dr Ames said so")
        found = await on_record(served)
        assert dict(found.zone_permille) == {Zone.L1_L3: 300, Zone.L4_S1: 100}
        entry = await last_change(served)
        assert (entry.record.facts["who"], entry.record.facts["why"]) == ("cara", "Dr Ames said so")


async def test_a_caregiver_changes_severity_conditions_and_years(tmp_path):
    async with caregiver_in(tmp_path) as served:
        shown = await looked(
            served,
            SIGNED,
            "conditions",
            **{
                "severity-lumbar": "moderate",
                "severity-thoracic": "mild",
                "modifier": ["diabetes", "hypertension"],
                "born": "1950",
                "stature": "175",
                "usual-pain": "3",
                "screened": None,
            },
        )
        await saved(served, SIGNED, "conditions", shown)
        found = await on_record(served)
        assert dict(found.conditions) == {Region.LUMBAR: Severity.MODERATE, Region.THORACIC: Severity.MILD}
        assert found.modifiers == {Modifier.DIABETES, Modifier.HYPERTENSION}
        assert (found.born, found.stature_mm, found.usual_pain, found.screened) == (1950, 1750, 3, False)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("percent-L1-L3", "101", "0 to 100"),
        ("percent-L1-L3", "-5", "0 to 100"),
        ("percent-L1-L3", "²0", "0 to 100"),
        ("minutes", "0", "1 to 60"),
        ("minutes", "61", "1 to 60"),
        ("minutes", "ten", "1 to 60"),
    ],
)
async def test_what_cannot_be_is_told_beside_its_field_and_the_rest_stays_as_typed(
    tmp_path, field, value, said
):
    async with page_in(tmp_path) as served:
        shown = await looked(served, OPEN, "limits", **({"percent-L4-S1": "17"} | {field: value}))
        assert shown.status == 422
        assert said in shown.text
        assert f'id="wrong-{field}"' in shown.html
        assert filled(shown, 0)["percent-L4-S1"] == ["17"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("born", "1850", "1900 to 2100"),
        ("stature", "30", "120 to 220"),
        ("usual-pain", "11", "0 to 10"),
        ("severity-lumbar", "worst", "Choose one"),
    ],
)
async def test_of_conditions_too_what_cannot_be_is_told_beside_its_field(tmp_path, field, value, said):
    async with caregiver_in(tmp_path) as served:
        shown = await looked(served, SIGNED, "conditions", **({"modifier": ["diabetes"]} | {field: value}))
        assert shown.status == 422
        assert said in shown.text
        assert f'id="wrong-{field}"' in shown.html
        assert filled(shown, 1)["modifier"] == ["diabetes"]


async def test_all_that_is_wrong_is_told_once_at_the_top_with_a_link_to_each_field(tmp_path):
    async with caregiver_in(tmp_path) as served:
        wrong = {"severity-lumbar": "worst", "born": "1850", "usual-pain": "11"}
        shown = await looked(served, SIGNED, "conditions", **wrong)
        top = shown.html.partition("</h1>")[2].partition("<form")[0]
        assert re.findall(r'<a class="quiet" href="#([^"]+)"', top) == list(wrong)
        assert "Year of birth; empty where it is not known: Write a whole number from 1900 to 2100" in top
        assert shown.html.count('role="alert"') == 2, "this one, and the hidden one of the connection"
        assert {found.get("id") for _tag, found in shown.tags} >= set(wrong)
        assert 'role="alert"' not in (await served.get(f"{SIGNED}/conditions")).html.partition("</h1>")[2]


async def test_each_screen_changes_only_its_own_part_of_a_record(tmp_path):
    async with caregiver_in(tmp_path) as served:
        before = await on_record(served)
        everything = {"severity-lumbar": "severe", "modifier": ["diabetes"], "born": "1930", "minutes": "7"}
        shown = await looked(served, OPEN, "limits", **everything, attested="", screened="")
        await saved(served, OPEN, "limits", shown)
        assert await on_record(served) == replace(before, session_min=7)
        shown = await looked(served, SIGNED, "conditions", born="1930", minutes="3", **{"percent-L1-L3": "5"})
        await saved(served, SIGNED, "conditions", shown)
        assert await on_record(served) == replace(before, session_min=7, born=1930)


def health(words):
    """What says something of how somebody is."""
    severities = {words.caregiver[label] for label in SEVERITIES.values()}
    return severities | set(Modifier) | {*words.condition_names.values(), *words.condition_questions.values()}


async def test_without_signing_in_no_word_is_read_of_how_narrow_a_spine_is_or_of_a_condition(tmp_path):
    async with page_in(tmp_path) as served:
        ill = frozenset({Modifier.SURGERY_OLDER, Modifier.DIABETES, Modifier.HYPERTENSION})
        place = place_of(Modifier.SURGERY_OLDER, "L4", "L5")
        narrow = {Region.LUMBAR: Severity.MODERATE, Region.THORACIC: Severity.MILD}
        await put_on_record(served, conditions=narrow, modifiers=ill, keep_outs=(place,))
        forged = {"severity-lumbar": "severe", "modifier": ["stroke"], "minutes": "7"}
        seen = [await served.get(f"{OPEN}/{screen}") for screen in ("limits", "programs", "keep-outs")]
        seen += [
            await looked(served, OPEN, "limits", minutes="7"),
            await looked(served, OPEN, "limits", minutes="99"),
            await looked(served, OPEN, "programs", which="some", program=["gentle-lumbar"]),
            await looked(served, OPEN, "keep-outs", remove=["0"]),
        ]
        assert "L3 to S1" in seen[2].text
        assert "7 minutes Tighter" in seen[3].text
        for shown in seen:
            # What a program is called says nothing of a person.
            text = re.sub(r"[Mm]oderate[-,] ?(cushion|lumbar)", "", shown.html)
            found = [word for word in health(LANGUAGES["en"]) if word and word in text]
            assert found == [], shown.path
        shown = await looked(served, OPEN, "limits", **forged)
        assert shown.text.count("becomes") == 1
        assert f"{OPEN}/conditions" not in "".join(shown.html for shown in seen)
        for answer in (
            await served.browser.get(f"{OPEN}/conditions"),
            await served.browser.post(f"{OPEN}/conditions", data=forged),
        ):
            assert answer.status_code == 404


async def test_a_caregiver_reads_which_condition_a_place_is_left_out_for(tmp_path):
    async with caregiver_in(tmp_path) as served:
        place = place_of(Modifier.SURGERY_OLDER, "L4", "L5")
        await put_on_record(served, modifiers=frozenset({Modifier.SURGERY_OLDER}), keep_outs=(place,))
        name = LANGUAGES["en"].condition_names[Modifier.SURGERY_OLDER]
        assert f"Take away: {name}, L3 to S1" in (await served.get(f"{SIGNED}/keep-outs")).text
        assert name in (await looked(served, SIGNED, "keep-outs", remove=["0"])).text


async def test_a_change_takes_a_reason(tmp_path):
    async with page_in(tmp_path) as served:
        shown = await looked(served, OPEN, "limits", minutes="8")
        for why in ("", "  ", "x" * 501, "two\nlines"):
            refused = await saved(served, OPEN, "limits", shown, why=why)
            assert refused.status == 422
            assert "500" in refused.text
        assert (await on_record(served)).session_min is None


async def test_a_record_that_changed_meanwhile_is_shown_anew_and_not_overwritten(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await put_on_record(served, session_min=10)
        shown = await looked(served, SIGNED, "limits", minutes="12")
        await put_on_record(served, session_min=3)
        shown = await saved(served, SIGNED, "limits", shown)
        assert shown.status == 409
        assert "changed meanwhile" in shown.text
        assert filled(shown, 1)["minutes"] == ["3"]
        assert (await on_record(served)).session_min == 3


async def test_a_form_that_changes_nothing_says_so(tmp_path):
    async with page_in(tmp_path) as served:
        for screen in ("limits", "programs", "keep-outs"):
            shown = await looked(served, OPEN, screen)
            assert "changes nothing" in shown.text, screen


async def test_while_somebody_has_a_massage_it_gets_tighter_at_once_and_looser_not_at_all(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await put_on_record(served, session_min=12)
        number = await served.start()
        await served.until_pressing(number)
        shown = await looked(served, SIGNED, "limits", minutes="")
        assert "having a massage now" in shown.text
        shown = await saved(served, SIGNED, "limits", shown)
        assert shown.status == 422
        assert "Stop it first" in shown.text
        assert (await on_record(served)).session_min == 12
        shown = await looked(served, OPEN, "limits", **{f"percent-{zone}": "8" for zone in Zone})
        await saved(served, OPEN, "limits", shown)
        await served.until(
            lambda: served.core.massage.session(number)._governor.envelope.person.zone_permille
        )
        assert served.core.massage.ending(number) is None


async def test_a_form_keeps_what_was_typed_when_somebody_goes_back(tmp_path):
    async with page_in(tmp_path) as served:
        shown = await looked(served, OPEN, "limits", minutes="8")
        shown = await send(served, f"{OPEN}/limits", filled(shown, -1), do="edit")
        assert filled(shown, 0)["minutes"] == ["8"]
        assert (await on_record(served)).session_min is None


async def test_programs_and_hours_are_left_to_some(tmp_path):
    async with page_in(tmp_path) as served:
        shown = await looked(
            served,
            OPEN,
            "programs",
            **{"which": "some", "program": ["gentle-lumbar"], "when": "some", "from": "09:00", "to": "00:00"},
        )
        assert "at any time becomes 09:00 to 24:00 Tighter" in shown.text
        await saved(served, OPEN, "programs", shown)
        found = await on_record(served)
        assert (found.programs, found.hours) == ({"gentle-lumbar"}, (9 * 60, 24 * 60))
        assert "changes nothing" in (await looked(served, OPEN, "programs")).text
        shown = await looked(served, OPEN, "programs", which="all")
        assert "only a caregiver" in shown.text


async def test_a_caregiver_switches_remote_control_on_and_anyone_off(tmp_path):
    async with caregiver_in(tmp_path) as served:
        shown = await looked(served, OPEN, "programs", remote="yes")
        assert "Remote control no becomes yes Looser" in shown.text
        assert "only a caregiver" in shown.text
        shown = await looked(served, SIGNED, "programs", remote="yes")
        await saved(served, SIGNED, "programs", shown)
        assert (await on_record(served)).remote is True
        assert "changes nothing" in (await looked(served, OPEN, "programs")).text
        shown = await looked(served, OPEN, "programs", remote=None)
        assert "Remote control yes becomes no Tighter" in shown.text
        await saved(served, OPEN, "programs", shown)
        assert (await on_record(served)).remote is False
        entries = (await served.get("/caregiver/log")).text
        assert "Remote control" in entries


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"which": "some"}, "program"),
        ({"which": "none"}, "which"),
        ({"when": "some", "from": "09:00", "to": "09:00"}, "from"),
        ({"when": "some", "from": "", "to": "09:00"}, "from"),
        ({"when": "some", "from": "24:30", "to": "09:00"}, "from"),
        ({"when": "later"}, "when"),
    ],
)
async def test_programs_and_hours_that_cannot_be_are_told_beside_their_field(tmp_path, fields, where):
    async with page_in(tmp_path) as served:
        shown = await looked(served, OPEN, "programs", **fields)
        assert shown.status == 422
        assert f'id="wrong-{where}"' in shown.html


async def test_anyone_leaves_out_a_place_and_only_a_caregiver_takes_it_away(tmp_path):
    async with caregiver_in(tmp_path) as served:
        place = {"name": "scar", "from": "L2", "to": "L3", "side": "left"}
        shown = await looked(served, OPEN, "keep-outs", **place)
        assert "scar none becomes L2 to L3, from 500 mm left to the middle Tighter" in shown.text
        await saved(served, OPEN, "keep-outs", shown)
        (found,) = (await on_record(served)).keep_outs
        assert (found.name, found.left_mm, found.right_mm) == ("scar", -500, 0)
        shown = await looked(served, OPEN, "keep-outs", remove=["0"])
        assert "only a caregiver" in shown.text
        shown = await looked(served, SIGNED, "keep-outs", remove=["0"])
        await saved(served, SIGNED, "keep-outs", shown)
        assert (await on_record(served)).keep_outs == ()


async def test_a_place_of_a_condition_closes_that_alone_which_is_looser(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await put_on_record(served, modifiers=frozenset({Modifier.SURGERY_OLDER}))
        place = {"what": "surgery-older", "from": "L4", "to": "L5"}
        assert "only a caregiver" in (await looked(served, OPEN, "keep-outs", **place)).text
        shown = await looked(served, SIGNED, "keep-outs", **place)
        assert "L3 to S1, the whole width" in shown.text
        await saved(served, SIGNED, "keep-outs", shown)
        assert [one.name for one in (await on_record(served)).keep_outs] == ["surgery-older"]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": "", "from": "L2", "to": "L3"}, "name"),
        ({"name": "scar", "from": "L3", "to": "L2"}, "from"),
        ({"name": "scar", "from": "", "to": ""}, "from"),
        ({"name": "scar", "from": "X9", "to": "L2"}, "from"),
        ({"name": "scar", "from": "L2", "to": "L3", "side": "front"}, "side"),
        (
            {"name": "scar", "from": "L2", "to": "L3", "side": "exact", "left-mm": "9", "right-mm": "-9"},
            "left-mm",
        ),
        (
            {"name": "scar", "from": "L2", "to": "L3", "side": "exact", "left-mm": "-501", "right-mm": "0"},
            "left-mm",
        ),
    ],
)
async def test_a_place_that_cannot_be_is_told_beside_its_field(tmp_path, fields, where):
    async with page_in(tmp_path) as served:
        shown = await looked(served, OPEN, "keep-outs", **fields)
        assert shown.status == 422
        assert f'id="wrong-{where}"' in shown.html


async def test_nobody_of_another_name_has_limits_here(tmp_path):
    async with page_in(tmp_path) as served:
        for screen in ("limits", "programs", "keep-outs"):
            assert (await served.get(f"/people/nobody/{screen}")).status == 404
