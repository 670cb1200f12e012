"""The log: what was done, by whom, why, from what into what; whether it is whole; and the same as a file."""

import csv
import io
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from massager.session.history import BATCH, Filter, LogEntry
from massager.texts.oversight_labels import OversightLabel
from massager.web.caregiver.log_words import KINDS, TOPICS, Topic, line
from massager.web.caregiver.logins import HOME
from massager.web.caregiver.screens import CaregiverScreens
from massager.web.forms import Form

LOG: Final = f"{HOME}/log"
# Chosen: as many as one reads without getting lost.
PAGE: Final = 30
_DAY_S: Final = 24 * 3600
_SINCE: Final = MappingProxyType(
    {
        "": (OversightLabel.LOG_SINCE_ALWAYS, None),
        "1": (OversightLabel.LOG_SINCE_DAY, _DAY_S),
        "7": (OversightLabel.LOG_SINCE_WEEK, 7 * _DAY_S),
        "30": (OversightLabel.LOG_SINCE_MONTH, 30 * _DAY_S),
    }
)
_COLUMNS: Final = ("number", "time", "person", "session", "kind", "code", "who", "why", "facts", "hash")
# What a table's program would take for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def serve_log(router: APIRouter, screens: CaregiverScreens) -> None:
    """The log, its check, and its two files."""
    desk, history = screens.desk, screens.desk.history

    @router.get(LOG)
    async def log(request: Request) -> Response:
        caregiver = await screens.signed_in(request)
        words, asked = screens.pages.language(request), request.query_params
        names = await desk.do(desk.people.names)
        wanted, before = wanted_of(request, names), _number(asked.get("before", ""))
        found = await desk.do(partial(history.latest, wanted, before=before, limit=PAGE + 1))
        page = words.oversight
        return screens.page(
            request,
            "log",
            caregiver,
            lines=[line(words, entry) for entry in found[:PAGE]],
            older=_with(request, before=str(found[PAGE - 1].seq)) if len(found) > PAGE else None,
            newest=_with(request, before="") if before is not None else None,
            names=[(name, name) for name in names],
            topics=[(topic, page[label]) for topic, label in TOPICS.items()],
            since=[(key, page[label]) for key, (label, _seconds) in _SINCE.items()],
            typed=Form(tuple(asked.items())),
            files=[
                (f"{LOG}/log.csv?{request.url.query}", page[OversightLabel.LOG_CSV]),
                (f"{LOG}/log.jsonl?{request.url.query}", page[OversightLabel.LOG_LINES]),
            ],
        )

    @router.get(f"{LOG}/check")
    async def check(request: Request) -> Response:
        caregiver = await screens.signed_in(request)
        steps = await desk.do(history.verifying)
        # A step at a time: sessions need the store's thread in between.
        while (verdict := await desk.do(partial(next, steps))) is None:
            pass
        return screens.page(request, "log_check", caregiver, verdict=verdict)

    def serve_file(name: str, kind: str, head: str, written: Callable[[LogEntry], str]) -> None:
        @router.get(f"{LOG}/{name}", name=name)
        async def file(request: Request) -> Response:
            await screens.signed_in(request)
            wanted = wanted_of(request, await desk.do(desk.people.names))

            async def text() -> AsyncIterator[str]:
                yield head
                after = 0
                while batch := await desk.do(partial(history.batch, wanted, after=after)):
                    yield "".join(map(written, batch))
                    if len(batch) < BATCH:
                        return
                    after = batch[-1].seq

            attached = {"Content-Disposition": f'attachment; filename="{name}"'}
            return StreamingResponse(text(), media_type=kind, headers=attached)

    serve_file("log.csv", "text/csv; charset=utf-8", _row(_COLUMNS), _as_row)
    serve_file("log.jsonl", "application/jsonl", "", _as_line)


def wanted_of(request: Request, names: tuple[str, ...]) -> Filter:
    """What is asked for; what is none of the choices leaves nothing out."""
    asked = request.query_params
    person, topic = asked.get("person", ""), asked.get("topic", "")
    _label, seconds = _SINCE.get(asked.get("since", ""), _SINCE[""])
    fine = frozenset(KINDS[Topic.FINE])
    is_chosen = topic in set(Topic) - {Topic.USUAL, Topic.FINE}
    return Filter(
        person=person if person in names else None,
        since_s=None if seconds is None else int(time.time()) - seconds,
        kinds=frozenset(KINDS[Topic(topic)]) if is_chosen else None,
        without=frozenset() if is_chosen or topic == Topic.FINE else fine,
    )


def _number(text: str) -> int | None:
    # A number is 64 bits wide in the store.
    return int(text) if text.isascii() and text.isdigit() and int(text) < 1 << 63 else None


def _with(request: Request, **other: str) -> str:
    """The same choice, with something else in it."""
    asked = {**request.query_params, **other}
    return f"{LOG}?{urlencode({key: value for key, value in asked.items() if value})}"


def _as_line(entry: LogEntry) -> str:
    return f"{json.dumps(asdict(entry))}\n"


def _as_row(entry: LogEntry) -> str:
    record = entry.record
    facts = record.facts or {}
    return _row(
        (
            entry.seq,
            f"{datetime.fromtimestamp(record.unix_s, UTC):%Y-%m-%dT%H:%M:%SZ}",
            record.person or "",
            "" if record.session is None else record.session,
            record.kind,
            record.code,
            facts.get("who", ""),
            facts.get("why", ""),
            "" if record.facts is None else json.dumps(dict(facts), ensure_ascii=False),
            entry.hash,
        )
    )


def _row(values: tuple[object, ...]) -> str:
    text = io.StringIO()
    cells = (f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in values)
    csv.writer(text).writerow(cells)
    return text.getvalue()
