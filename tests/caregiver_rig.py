"""A caregiver on record, signed in on the page of a test; and forms as a browser fills them in."""

from contextlib import asynccontextmanager
from functools import partial
from html.parser import HTMLParser

from massager.app.moments import moment
from massager.session.caregivers import CaregiverService
from massager.session.passphrases import Passphrases, usual_hasher
from people_rig import PASSPHRASE
from web_rig import Shown, page_in

CARA = "cara"
SIGN_IN = "/caregiver/sign-in"


async def add_caregiver(served, name=CARA):
    """Put one on record, as the command line does for the first."""
    office = CaregiverService(served.store, Passphrases(usual_hasher()), now=moment, door="test")
    first = not await served.memory.do(office.names)
    by = None if first else await served.memory.do(partial(office.sign_in, CARA, PASSPHRASE))
    await served.memory.do(partial(office.add, name, PASSPHRASE, alone=False, caregiver=by))


async def sign_in(served, name=CARA, passphrase=PASSPHRASE, back="/caregiver"):
    """The screen after the form was sent."""
    return await served.post(SIGN_IN, name=name, passphrase=passphrase, next=back)


@asynccontextmanager
async def caregiver_in(folder, **how):
    """A core, its page, and cara signed in on it."""
    async with page_in(folder, **how) as served:
        await add_caregiver(served)
        shown = await sign_in(served)
        assert shown.path == "/caregiver", shown.text
        yield served


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self._select = [], None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.forms.append((found["action"], []))
        elif tag == "select":
            self._select = found["name"]
            self.forms[-1][1].append([self._select, ""])
        elif tag == "option" and "selected" in found:
            self.forms[-1][1][-1][1] = found.get("value", "")
        elif tag == "input" and "name" in found:
            is_choice = found.get("type") in {"radio", "checkbox"}
            if not is_choice or "checked" in found:
                self.forms[-1][1].append([found["name"], found.get("value", "")])


def filled(shown, which=-1):
    """What a form of the page would send as it is; the last but where `which` says otherwise."""
    reader = _Forms()
    reader.feed(shown.html)
    _action, fields = [form for form in reader.forms if form[0] != "/stop"][which]
    found = {}
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found


async def send(served, path, fields, /, **other):
    """A form sent with some fields otherwise; None takes one out."""
    sent = {name: value for name, value in (fields | other).items() if value is not None}
    return Shown(await served.browser.post(path, data=sent, follow_redirects=True))
