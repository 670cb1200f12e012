"""The live socket's AsyncAPI document, made of the shapes that its frames have."""

from importlib.metadata import version
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from massager.web.examples import SESSION, STOPPED
from massager.web.person.shown import Shown
from massager.web.shapes import SessionState, StopResult

_SCHEMAS = "#/components/schemas/"

_SCREEN = {
    "view": "running-picture",
    "stage": "Massage is running",
    "announce": "Massage is running",
    "left": "9:41",
    "strength": "2",
    "most": "of 6",
    "why": "",
    "why_not": "",
    "where": "Lower back",
    "weaker": True,
    "stronger": False,
    "bar": {"wanted": 1000, "given": 333},
    "marks": [{"name": "roller_left", "x": 80, "y": 240, "presses": True}],
}


class LiveSession(SessionState):
    """A session as the API tells it, and as the page shows it."""

    screen: Annotated[Shown, Field(description="what the page of this client shows")]


class Asked(BaseModel):
    """A start that somebody asks for from elsewhere; it begins only on the page."""

    person: str
    program: str
    device: str


class Frame(BaseModel):
    """Every session of this core, now, and every start that somebody asks for."""

    sessions: list[LiveSession]
    requests: list[Asked]


class StopTold(BaseModel):
    """What became of the stop that this client sent."""

    stopped: StopResult


class StopWish(BaseModel):
    """Stop everything. Whatever else stands beside it is not looked at."""

    stop: Literal[True]


_ABOUT = """\
Tells what every session does to whoever looks, at most ten times a second, and once a second also where
nothing is new: a client that hears nothing for two seconds is cut off, and should say so. One that is slow
misses frames and gets the newest. It may send a stop, which needs nothing and is answered after rest;
anything else that it sends is not looked at.

Frames are texts in JSON. Pages of other sites, and names that are not this computer's, are turned away with
403; beyond 500 clients a further one is closed with 1013. The form `POST /stop` takes a stop all the same.
"""


def live_document() -> dict[str, Any]:
    """The whole document."""
    kinds: list[type[BaseModel]] = [Frame, StopTold, StopWish]
    _refs, definitions = models_json_schema(
        [(kind, "serialization") for kind in kinds], ref_template=_SCHEMAS + "{model}"
    )
    schemas = definitions["$defs"]
    schemas["Shown"]["description"] = "What a page says of a session just now, in words."
    # The clock of the day alone makes no news, so it is not sent.
    del schemas["Shown"]["properties"]["time"]
    schemas["Shown"]["required"].remove("time")
    session = SESSION.model_dump(mode="json") | {"screen": _SCREEN}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "massager: live socket",
            "version": version("massager"),
            "description": _ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {
            "live": {
                "address": "/api/v1/live",
                "title": "What every session does",
                "messages": {kind.__name__: _ref(f"components/messages/{kind.__name__}") for kind in kinds},
            }
        },
        "operations": {
            "tellSessions": _operation("send", Frame, "At most ten times a second, at least once a second."),
            "tellStopped": _operation("send", StopTold, "To the client that sent the stop, after rest."),
            "takeStop": _operation("receive", StopWish, "At any moment, as often as anybody likes."),
        },
        "components": {
            "messages": {
                "Frame": _message(Frame, {"sessions": [session], "requests": []}),
                "StopTold": _message(StopTold, {"stopped": STOPPED.model_dump(mode="json")}),
                "StopWish": _message(StopWish, {"stop": True}),
            },
            "schemas": schemas,
        },
    }


def _ref(where: str) -> dict[str, str]:
    return {"$ref": f"#/{where}"}


def _operation(action: str, kind: type[BaseModel], summary: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": _ref("channels/live"),
        "summary": summary,
        "messages": [_ref(f"channels/live/messages/{kind.__name__}")],
    }


def _message(kind: type[BaseModel], example: dict[str, Any]) -> dict[str, Any]:
    return {
        "summary": kind.__doc__,
        "payload": _ref(f"components/schemas/{kind.__name__}"),
        "examples": [{"name": "usual", "payload": example}],
    }
