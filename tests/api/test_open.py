"""Sessions from a script, on a simulator in a process of its own; and what they leave of the device."""

import asyncio
import subprocess
import sys
from contextlib import nullcontext, suppress

import pytest

import massager
from blackbox_rig import FINE, Room, until
from massager.app.opening import Session, _leave
from massager.model.body import Zone
from massager.model.decisions import Reason
from massager.model.errors import BusyError, NotAllowedError, NotAtRestError, NotFoundError, RefusedError
from massager.model.questions import CheckIn
from massager.model.script import Script
from massager.session.snapshot import Ending, Stage
from massager.texts import reason_text
from serve_rig import served


@pytest.fixture
def room(tmp_path_factory, monkeypatch):
    """A place of this test's own; a long path would not fit a socket's name."""
    room = Room(tmp_path_factory.mktemp("api"))
    for name, value in room.env.items():
        monkeypatch.setenv(name, value)
    yield room
    room.close()


@pytest.fixture
def chair(room):
    return room.simulator()


def opened(chair, **how):
    return massager.open("gentle-lumbar", radio=chair.place, device="chair", confirmed=True, **how)


async def contact(session):
    async for state in session.states():
        if state.reported:
            return state
    pytest.fail(f"no contact: {await session.ended()}")


async def test_a_program_runs_to_its_end_and_is_seen_on_the_way(chair):
    async with opened(chair, seconds=3) as session:
        state = await contact(session)
        assert (state.person, state.device, state.stage) == ("demo", "chair", Stage.RUNNING)
        ending = await session.ended()
    assert (ending.reason, ending.confirmed) == (Reason.FINISHED, True)
    assert chair.trace.levels == [0, 1, 0]
    assert chair.trace.rests
    chair.trace.assert_limits()


async def test_a_cancelled_script_leaves_a_device_at_rest(chair):
    touching = asyncio.Event()

    async def script():
        async with opened(chair) as session:
            await contact(session)
            touching.set()
            await session.ended()

    running = asyncio.create_task(script())
    await touching.wait()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert "stop" in chair.trace.events
    until(lambda: chair.trace.rests, lambda: "rest", seconds=1)


async def test_another_terminal_stops_a_scripts_session_and_a_second_one_is_refused(room, chair):
    async with opened(chair) as session:
        await contact(session)
        with pytest.raises(BusyError, match="demo is in session on chair"):
            async with opened(chair):
                pass
        stopping = room.massager("stop")
        ending = await session.ended()
    assert (ending.reason, ending.confirmed) == (Reason.STOPPED_BY_PERSON, True)
    assert stopping.wait() == 0


async def test_what_the_limits_refuse_is_an_error_with_its_reason_and_nothing_moves(chair):
    with pytest.raises(RefusedError) as refused:
        async with opened(chair, answers=Script()):
            pass
    assert refused.value.refusal.reason is Reason.RED_FLAG_SPINE
    assert str(refused.value).startswith(reason_text(Reason.RED_FLAG_SPINE, refused.value.refusal.detail))
    assert chair.trace.events == []


async def test_a_radio_that_is_not_there_ends_the_session_and_says_so(room):
    async with massager.open("gentle-lumbar", radio=f"unix:{room.folder}/nobody", confirmed=True) as session:
        ending = await session.ended()
    assert ending.reason is Reason.RADIO_UNUSABLE
    assert "nobody" in ending.detail


@pytest.mark.usefixtures("room")
async def test_nobody_starts_by_leaving_something_out():
    with pytest.raises(NotAllowedError, match="confirmed=True"):
        async with massager.open("gentle-lumbar", radio="unix:/x"):
            pass
    with pytest.raises(NotFoundError, match="exists only with the simulator"):
        async with massager.open("gentle-lumbar", confirmed=True):
            pass
    with pytest.raises(NotFoundError, match="no-such-program"):
        async with massager.open("no-such-program", radio="unix:/x", confirmed=True):
            pass


async def test_where_a_core_serves_the_radio_the_session_runs_in_that_core(room):
    core = await asyncio.to_thread(served, room)
    to_anna = {"person": "anna", "device": "left", "answers": FINE, "confirmed": True}
    async with massager.open("gentle-lumbar", radio=core.place, **to_anna) as session:
        await contact(session)
        states = await asyncio.to_thread(core.api.sessions)
        assert [state["person"] for state in states] == ["anna"]
    assert (await session.ended()).confirmed is True
    assert core.traces[0].rest_after(0) > 0
    core.assert_limits()


class Buttons:
    """A session that notes what was pressed."""

    def __init__(self):
        self.pressed = []

    def __getattr__(self, name):
        return lambda *args, **named: self.pressed.append((name, args, named))


async def test_every_button_is_that_of_the_session():
    buttons = Buttons()
    session = Session(buttons, asyncio.get_running_loop().create_future())
    alone = ["stop", "pause", "resume", "weaker", "stronger"]
    for name in alone:
        getattr(session, name)()
    session.answer(CheckIn(pain=3))
    session.answer_zone(Zone.L1_L3, yes=False)
    assert buttons.pressed == [
        *((name, (), {}) for name in alone),
        ("answer", (CheckIn(pain=3),), {}),
        ("answer_zone", (Zone.L1_L3,), {"yes": False}),
    ]


@pytest.mark.parametrize("confirmed", [True, None, False])
async def test_a_device_that_has_not_confirmed_rest_is_an_error_on_leaving(confirmed):
    buttons, begun = Buttons(), asyncio.get_running_loop().create_future()
    begun.set_result(buttons)
    ending = Ending(Reason.STOPPED_BY_PERSON, "", confirmed=confirmed, alarm=None)
    running = asyncio.create_task(asyncio.sleep(0, ending))
    expected = pytest.raises(NotAtRestError, match="Switch") if confirmed is False else nullcontext()
    with expected:
        await _leave(begun, running)
    assert buttons.pressed == [("stop", (), {})]


def test_the_package_is_imported_without_what_it_opens():
    code = (
        "import massager, sys; assert callable(massager.__getattr__);"
        "print(*sorted(name for name in sys.modules if name.startswith('massager')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["massager"]
    with pytest.raises(AttributeError, match="no attribute 'opne'"):
        massager.opne  # noqa: B018
