"""The screens of a caregiver: signing in, overview, people and their limits, access, log, live view, set-up.

Each module has the screens that its name says, and one function that adds their routes. Every route begins
with `await screens.signed_in(request)`; every address that takes a form also shows one, so that whoever was
signed out meanwhile comes back to it. Words: texts/caregiver_labels.py and texts/oversight_labels.py.
"""

from fastapi import APIRouter

from massager.web.caregiver.access import serve_access
from massager.web.caregiver.changing import serve_changing
from massager.web.caregiver.clearance import serve_clearance
from massager.web.caregiver.home import serve_home
from massager.web.caregiver.live import serve_live_view
from massager.web.caregiver.lockouts import serve_lockouts
from massager.web.caregiver.log import serve_log
from massager.web.caregiver.measuring import serve_measuring
from massager.web.caregiver.past import serve_past
from massager.web.caregiver.people import serve_people
from massager.web.caregiver.screens import CaregiverScreens
from massager.web.caregiver.set_up import serve_set_up
from massager.web.caregiver.setting_up import serve_setting_up
from massager.web.caregiver.signing import serve_signing
from massager.web.caregiver.trying import serve_trying


def serve_caregiver(router: APIRouter, screens: CaregiverScreens) -> None:
    """Add all of them."""
    serve_signing(router, screens)
    serve_home(router, screens)
    serve_people(router, screens)
    serve_changing(router, screens)
    serve_access(router, screens)
    serve_log(router, screens)
    serve_lockouts(router, screens)
    serve_clearance(router, screens)
    serve_past(router, screens)
    serve_live_view(router, screens)
    serve_set_up(router, screens)
    serve_setting_up(router, screens)
    serve_measuring(router, screens)
    serve_trying(router, screens)
