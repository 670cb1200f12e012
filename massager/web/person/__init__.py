"""The screens of whoever has a massage: who, now, choosing, questions, confirm, session, afterwards.

Each module has the screens that its name says, and one function that adds their routes. To add a screen: a
template, its words in texts/labels.py and each language, a route here or in a module of its own.
"""

from fastapi import APIRouter

from massager.web.person.afterwards import serve_afterwards
from massager.web.person.choosing import serve_choosing
from massager.web.person.doubts import serve_doubts
from massager.web.person.past import serve_past
from massager.web.person.questions import serve_questions
from massager.web.person.running import serve_running
from massager.web.person.screens import Screens
from massager.web.person.settings import serve_settings
from massager.web.person.starting import serve_starting
from massager.web.person.steering import serve_steering
from massager.web.person.who import serve_who


def serve_person(router: APIRouter, screens: Screens) -> None:
    """Add all of them."""
    serve_who(router, screens)
    serve_choosing(router, screens)
    serve_questions(router, screens)
    serve_doubts(router, screens)
    serve_starting(router, screens)
    serve_running(router, screens)
    serve_steering(router, screens)
    serve_afterwards(router, screens)
    serve_past(router, screens)
    serve_settings(router, screens.pages)
