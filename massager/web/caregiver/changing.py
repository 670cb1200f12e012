"""Changing what is on record: a form, what it changes and which of that is looser, the reason; then saved.

What anyone may tighten has two addresses, one for caregivers and one for anyone; session's service decides,
and what loosens takes a caregiver. What is known of somebody's health is on the caregiver's side alone.
"""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.errors import BusyError, NotAllowedError
from massager.model.people import Person
from massager.session.caregivers import SignedIn
from massager.session.changes import Change, Piece, changes, mark_of
from massager.texts.caregiver_labels import CaregiverLabel
from massager.texts.language import Language
from massager.web.caregiver.conditions import CONDITIONS
from massager.web.caregiver.editing import Editor, Reading
from massager.web.caregiver.keep_outs import KEEP_OUTS
from massager.web.caregiver.limits import LIMITS
from massager.web.caregiver.programs import PROGRAMS
from massager.web.caregiver.screens import CaregiverScreens
from massager.web.caregiver.words import called, is_of_condition, told
from massager.web.forms import Form, about_person, about_record, form_of, from_address, go_to

OF_ANYONE: Final = (LIMITS, PROGRAMS, KEEP_OUTS)
OF_CAREGIVER: Final = (CONDITIONS, *OF_ANYONE)
# What a form says beside the record that it asks for.
_BESIDE: Final = frozenset({"do", "why", "mark"})
_SAVE, _EDIT = "save", "edit"


def serve_changing(router: APIRouter, screens: CaregiverScreens) -> None:
    """All of both sides."""
    for editor in OF_CAREGIVER:
        _serve(router, _Screen(screens, editor, of_caregiver=True))
    for editor in OF_ANYONE:
        _serve(router, _Screen(screens, editor, of_caregiver=False))


def _serve(router: APIRouter, screen: "_Screen") -> None:
    @router.get(screen.path)
    async def ask(request: Request, part: str, kept: str = "") -> Response:
        asking = await screen.asking(request, part)
        return await asking.form_page(kept=bool(kept))

    @router.post(screen.path)
    async def change(request: Request, part: str) -> Response:
        asking, form = await screen.asking(request, part), await form_of(request)
        return await asking.sent(form)


@dataclass(frozen=True, slots=True)
class _Screen:
    """One editor on one side."""

    screens: CaregiverScreens
    editor: Editor
    of_caregiver: bool

    @property
    def path(self) -> str:
        side = "/caregiver" if self.of_caregiver else ""
        return f"{side}/people/{{part}}/{self.editor.name}"

    async def asking(self, request: Request, part: str) -> "_Asking":
        """Who asks, and whose record it is. Raises NotFoundError where nobody has the name."""
        screens = self.screens
        caregiver = await screens.signed_in(request) if self.of_caregiver else None
        person = await screens.desk.do(partial(screens.desk.people.get, from_address(part)))
        return _Asking(screens, self.editor, request, caregiver, person)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One request to change, or to see, a part of a record.

    Attributes:
        old: The record as it is now.
    """

    screens: CaregiverScreens
    editor: Editor
    request: Request
    caregiver: SignedIn | None
    old: Person

    @property
    def words(self) -> Language:
        return self.screens.pages.language(self.request)

    @property
    def back(self) -> str:
        name = self.old.name
        return about_person(name) if self.caregiver is None else about_record(name)

    @property
    def here(self) -> str:
        return f"{self.back}/{self.editor.name}"

    async def sent(self, form: Form) -> Response:
        """What becomes of a form: shown again, what it changes, or saved."""
        if form.one("mark") != mark_of(self.old):
            return await self.form_page(note=CaregiverLabel.CHANGED_MEANWHILE, status=HTTPStatus.CONFLICT)
        reading = Reading(form, self.words)
        new = self.editor.read(reading, self.old)
        if reading.wrong or form.one("do") == _EDIT:
            return await self.form_page(form, reading.wrong)
        found = changes(self.old, new)
        if not found:
            return await self.form_page(form, note=CaregiverLabel.CHANGES_NOTHING)
        desk = self.screens.desk
        try:
            await desk.do(partial(desk.people.require_possible, new))
        except NotAllowedError as error:
            return await self.form_page(form, {"all": str(error)})
        if form.one("do") != _SAVE:
            return await self.change_page(form, found)
        return await self.save(form, new, found)

    async def save(self, form: Form, new: Person, found: tuple[Change, ...]) -> Response:
        """Put it on record, or say why not."""
        desk, why = self.screens.desk, form.one("why").strip()
        looser = any(change.loosens for change in found)
        if looser and self.caregiver is None:
            return await self.change_page(form, found)
        if not why:
            wrong = {"why": self.words.caregiver[CaregiverLabel.WHY_NEEDED]}
            return await self.change_page(form, found, wrong)
        try:
            await desk.do(partial(desk.people.change, self.old, new, why=why, caregiver=self.caregiver))
        except (BusyError, NotAllowedError) as error:
            return await self.change_page(form, found, {"all": str(error)})
        return go_to(f"{self.here}?kept=1")

    async def form_page(
        self,
        form: Form | None = None,
        wrong: dict[str, str] | None = None,
        *,
        note: CaregiverLabel | None = None,
        kept: bool = False,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Response:
        """The form: as the record fills it in, or as somebody has."""
        editor, words = self.editor, self.words
        said = CaregiverLabel.CHANGED if kept else note
        return self.page(
            editor.name.replace("-", "_"),
            status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else status,
            typed=editor.filled(self.old) if form is None else form,
            mark=mark_of(self.old),
            wrong=wrong or {},
            others=[
                (f"{self.back}/{one.name}", words.caregiver[one.title])
                for one in (OF_ANYONE if self.caregiver is None else OF_CAREGIVER)
                if one is not editor
            ],
            note="" if said is None else words.caregiver[said],
            **await editor.shown(self.screens.desk, self.old, words),
        )

    async def change_page(
        self, form: Form, found: tuple[Change, ...], wrong: dict[str, str] | None = None
    ) -> Response:
        """What changes, with the form in hidden fields."""
        desk, words, name = self.screens.desk, self.words, self.old.name
        titles = {one.name: one.title for one in await desk.think(desk.offers.programs)}
        return self.page(
            "change",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
            fields=[pair for pair in form.fields if pair[0] not in _BESIDE],
            mark=mark_of(self.old),
            changes=[
                {
                    "what": self.called(change.after),
                    "before": told(words, change.before, titles),
                    "after": told(words, change.after, titles),
                    "loosens": change.loosens,
                }
                for change in found
            ],
            looser=any(change.loosens for change in found),
            tighter=not all(change.loosens for change in found),
            running=any(one.person == name for one in desk.massage.running().values()),
            at_caregivers=f"{about_record(name)}/{self.editor.name}",
            typed=form,
            wrong=wrong or {},
        )

    def called(self, piece: Piece) -> str:
        """What a piece of the record is; to anyone, without the condition that a place is left out for."""
        if self.caregiver is None and piece.key is not None and is_of_condition(piece.key):
            return self.words.caregiver[CaregiverLabel.FIELD_KEEP_OUTS]
        return called(self.words, piece)

    def page(self, template: str, *, status: HTTPStatus, **shown: Any) -> Response:
        """A page about this record."""
        return self.screens.page(
            self.request,
            template,
            self.caregiver,
            status=status,
            person=self.old.name,
            title=self.words.caregiver[self.editor.title],
            here=self.here,
            back=self.back,
            **shown,
        )
