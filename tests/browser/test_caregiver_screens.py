"""A caregiver's way: every screen; and a limit lowered and raised without a script, both in the log."""

from browser_rig import PASSPHRASE, Screens, opened, with_caregiver


def sign_in(page, look=lambda _name: None):
    """From the first page to the overview."""
    page.get_by_role("link", name="For caregivers").click()
    look("sign in")
    page.get_by_label("Passphrase").fill("not this one at all")
    page.get_by_role("button", name="Sign in as a caregiver").click()
    page.get_by_role("alert").filter(has_text="not the passphrase").wait_for()
    look("sign in, wrong")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in as a caregiver").click()
    page.get_by_role("heading", name="Overview").wait_for()


def change_minutes(page, minutes, why, look=lambda _name: None):
    """From a form of limits to the record."""
    page.get_by_label("Longest massage, in minutes").fill(minutes)
    page.get_by_role("button", name="See what changes").click()
    page.get_by_role("heading", name="Is this right?").wait_for()
    look(f"change to {minutes or 'none'}")
    page.get_by_label("Why?").fill(why)
    page.get_by_role("button", name="Save this change").click()
    page.get_by_text("That is on record.").wait_for()


def test_every_screen_about_people_and_limits(room, browser):
    page = opened(browser, with_caregiver(room)[0])
    screens = Screens(page)
    sign_in(page, screens.look)
    screens.look("overview")
    page.get_by_role("link", name="People").click()
    screens.look("people")
    page.get_by_label("Name").fill("ben")
    page.get_by_role("button", name="Add a person").click()
    page.get_by_text("ben is on record.").wait_for()
    screens.look("record of somebody new")
    page.get_by_role("link", name="Forget this person").click()
    screens.look("forget")
    for path in (
        "people/anna",
        "people/anna/history",
        "people/anna/conditions",
        "people/anna/programs",
        "people/anna/keep-outs",
        "access",
    ):
        page.goto(f"/caregiver/{path}")
        if path.endswith("conditions"):
            page.locator("summary").click()
        screens.look(path)
    page.goto("/caregiver/access/caregivers/cara")
    screens.look("revoke")
    page.goto("/people/anna/limits")
    screens.look("limits of anyone")
    change_minutes(page, "8", "too long for her", screens.look)
    screens.look("limits, saved")
    page.get_by_label("Longest massage, in minutes").fill("99")
    page.get_by_role("button", name="See what changes").click()
    page.get_by_role("alert").wait_for()
    screens.look("limits, wrong")
    page.get_by_role("link", name="Longest massage, in minutes").click()
    assert page.evaluate("document.activeElement.id") == "minutes"
    page.goto("/people/anna/limits")
    page.get_by_label("Longest massage, in minutes").fill("")
    page.get_by_role("button", name="See what changes").click()
    page.get_by_text("only a caregiver may do that").wait_for()
    screens.look("needs a caregiver")
    assert not screens.wrong, "\n".join(screens.wrong)
    assert [said for said in page.complaints if "422" not in said] == []


def test_without_a_script_a_caregiver_lowers_and_raises_a_limit_and_finds_both_in_the_log(room, browser):
    page = opened(browser, with_caregiver(room)[0], java_script_enabled=False)
    sign_in(page)
    page.goto("/caregiver/people/anna")
    page.get_by_role("link", name="Strength and minutes").click()
    change_minutes(page, "5", "she was sore")
    change_minutes(page, "", "she is well again")
    page.goto("/caregiver/log")
    said = page.inner_text("main")
    assert "she was sore" in said
    assert "she is well again" in said
    page.get_by_role("button", name="cara: sign out").click()
    page.get_by_text("You are signed out.").wait_for()
    page.goto("/caregiver/log")
    assert "/caregiver/sign-in" in page.url
