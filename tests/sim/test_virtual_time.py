"""The clock of whole-stack tests."""

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from firmware_sim.virtual_time import DeadlockError, VirtualTimeLoop, run

A_DAY = 86400.0


def test_a_day_passes_at_once_and_the_real_clock_stays_true() -> None:
    async def sleeper() -> float:
        await asyncio.sleep(A_DAY * 3)
        return asyncio.get_running_loop().time()

    before = time.monotonic()
    assert run(sleeper()) == A_DAY * 3
    assert time.monotonic() - before < 5


def test_equal_deadlines_fire_in_the_order_they_were_set() -> None:
    async def story() -> list[int]:
        loop = asyncio.get_running_loop()
        fired: list[int] = []
        for number in range(200):
            loop.call_at(7.0, fired.append, number)
        loop.call_at(6.0, fired.append, -1)
        await asyncio.sleep(8)
        return fired

    assert run(story()) == [-1, *range(200)]


def test_a_timer_sees_exactly_its_own_time_also_after_years() -> None:
    async def story() -> list[float]:
        loop = asyncio.get_running_loop()
        seen: list[float] = []
        for when in (0.1, 0.1 + 0.2, 1e10 + 0.3):
            loop.call_at(when, lambda: seen.append(loop.time()))
        await asyncio.sleep(2e10)
        return seen

    assert run(story()) == [0.1, 0.1 + 0.2, 1e10 + 0.3]


def test_a_deadline_in_the_past_fires_now() -> None:
    async def story() -> float:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(10)
        fired = loop.create_future()
        loop.call_at(3.0, lambda: fired.set_result(loop.time()))
        return float(await fired)

    assert run(story()) == 10


def test_a_cancelled_timer_does_not_move_the_clock() -> None:
    async def story() -> float:
        loop = asyncio.get_running_loop()
        loop.call_later(5, lambda: None).cancel()
        await asyncio.sleep(9)
        return loop.time()

    assert run(story()) == 9


def test_a_job_in_a_thread_holds_the_clock() -> None:
    async def story() -> tuple[float, bool]:
        loop = asyncio.get_running_loop()
        begun, rang = threading.Event(), []
        loop.call_later(1, rang.append, "timer")

        def job() -> bool:
            begun.set()
            threading.Event().wait(0.05)  # a real moment, in which the loop has nothing else to do
            return not rang

        undisturbed = await asyncio.to_thread(job)
        assert begun.is_set()
        return loop.time(), undisturbed

    assert run(story()) == (0.0, True)


def test_a_job_whose_caller_gave_up_still_holds_the_clock() -> None:
    async def story() -> float:
        loop = asyncio.get_running_loop()
        begun, may_end = asyncio.Event(), threading.Event()
        ended: list[float] = []

        def job() -> None:
            loop.call_soon_threadsafe(begun.set)
            may_end.wait(5)
            ended.append(loop.time())

        caller = asyncio.ensure_future(asyncio.to_thread(job))
        await begun.wait()
        caller.cancel()
        threading.Timer(0.05, may_end.set).start()
        await asyncio.sleep(60)
        return ended[0]

    assert run(story()) == 0.0


def test_a_failing_job_releases_the_clock() -> None:
    async def story() -> float:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 / 0)
        await asyncio.sleep(2)
        return asyncio.get_running_loop().time()

    assert run(story()) == 2


def test_waiting_for_nothing_is_an_error_that_names_who_waits() -> None:
    async def story() -> None:
        waiter = asyncio.current_task()
        assert waiter is not None
        waiter.set_name("the one who waits")
        await asyncio.Event().wait()

    with pytest.raises(DeadlockError, match="the one who waits"):
        run(story())


def test_what_is_left_behind_is_cancelled_and_the_loop_closed() -> None:
    async def story() -> tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]:
        left = asyncio.create_task(asyncio.sleep(1e6))
        await asyncio.sleep(3)
        return asyncio.get_running_loop(), left

    loop, left = run(story())
    assert loop.is_closed()
    assert left.cancelled()


def test_a_timeout_of_asyncio_is_virtual_too() -> None:
    async def story() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(30):
                await asyncio.Event().wait()
        return asyncio.get_running_loop().time()

    assert run(story()) == 30


def test_time_starts_at_nought_for_each_loop() -> None:
    loop = VirtualTimeLoop()
    assert loop.time() == 0
    loop.close()


def test_pytest_asyncio_runs_its_tests_on_this_loop(tmp_path: Path) -> None:
    """The recipe: this hook in a conftest.py puts every async test below it on virtual time."""
    (tmp_path / "conftest.py").write_text(
        "from firmware_sim.virtual_time import VirtualTimeLoop\n"
        "def pytest_asyncio_loop_factories(config, item):\n"
        "    return {'virtual': VirtualTimeLoop}\n"
    )
    (tmp_path / "test_hour.py").write_text(
        "import asyncio, pytest\n"
        "@pytest.fixture\n"
        "async def began():\n"
        "    return asyncio.get_running_loop().time()\n"
        "async def test_an_hour(began):\n"
        "    await asyncio.sleep(3600)\n"
        "    await asyncio.to_thread(int)\n"
        "    assert asyncio.get_running_loop().time() == began + 3600\n"
    )
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\n"
        "asyncio_mode = auto\n"
        "asyncio_default_fixture_loop_scope = function\n"
        "filterwarnings = error\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr
