"""The plugin in a stranger's project."""

import subprocess
import sys

import pytest

from replay.made import COMMAND, LINK, of, write

pytest_plugins = "pytester"

SESSION = """
import asyncio

import pytest
from bleak import BleakClient

COMMAND = "5a1e0002-7d3b-4c52-9f0e-6d6173736167"

{marker}
async def test_it(massager_sim):
    async with BleakClient(massager_sim.address, pair=True) as chair:
        await chair.write_gatt_char(COMMAND, bytes.fromhex("01 05 00 84 03 02 0A 0A"), response=True)
        press = bytes.fromhex("02 01 00 05 00 D0 07 F4 01 32 0A 02 02 02")
        await chair.write_gatt_char(COMMAND, press, response=True)
        await asyncio.sleep(60)
    {then}
"""


@pytest.fixture
def run(pytester, monkeypatch):
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run(marker="", then="", mode="auto", source=None):
        pytester.makeini(f"[pytest]\nasyncio_mode = {mode}\nasyncio_default_fixture_loop_scope = function\n")
        pytester.makepyfile(source or SESSION.format(marker=marker, then=then))
        return pytester.runpytest_inprocess("-v", "-p", "no:randomly", "--strict-markers", "-W", "error")

    return run


@pytest.mark.parametrize("mode", ["auto", "strict"])
def test_a_coroutine_test_needs_no_mark_and_keeps_its_name(run, mode):
    result = run(mode=mode)
    result.assert_outcomes(passed=1)
    result.stdout.re_match_lines([r".*::test_it PASSED"])


def test_a_failure_shows_the_first_rows_above_the_limit(run):
    result = run(then="assert massager_sim.trace.of(actuator='roller_left').never_above(force_n=4)")
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [
            r"E +AssertionError: force_n was above 4 in 10 of 13 rows:",
            r"E +t in s +device +actuator +cause +force_n +limit",
            r"E +0\.\d+ +chair-1 +roller_left +lease +8.000 +4.000",
            r"E +and 5 more",
        ]
    )
    assert "plant_trace.py" not in result.stdout.str()  # the test's own line is what counts


def test_a_fault_that_does_not_exist_is_told_with_those_that_do(run):
    result = run(marker="@pytest.mark.faults('link_dropp:3')")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E *FaultError: no fault 'link_dropp'; there are *link_drop*"])


def test_a_model_that_does_not_exist_is_told_with_those_that_do(run):
    result = run(marker="@pytest.mark.massager_model('sofa')")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["there is no model 'sofa'; there are chair, *"])


def test_a_test_that_is_no_coroutine_is_told_so(run):
    result = run(source="def test_it(massager_sim): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["virtual time is for a test that is an `async def`"])


def test_other_coroutine_tests_stay_as_they_were(run):
    result = run(
        source="""
            import asyncio, pytest

            @pytest.mark.asyncio(loop_scope="module")
            async def test_first():
                global loop
                loop = asyncio.get_running_loop()

            async def test_between(virtual_clock):
                assert asyncio.get_running_loop() is virtual_clock is not loop

            @pytest.mark.asyncio(loop_scope="module")
            async def test_last():
                assert asyncio.get_running_loop().time() > 1
            """
    )
    result.assert_outcomes(passed=3)


def test_somebody_elses_fixture_of_that_name_is_left_alone(run):
    result = run(
        source="""
            import asyncio, pytest

            @pytest.fixture
            def virtual_clock():
                return "mine"

            async def test_it(virtual_clock):
                assert virtual_clock == "mine"
                assert "Virtual" not in type(asyncio.get_running_loop()).__name__

            async def test_ours(massager_sim, virtual_clock):
                assert virtual_clock == "mine"
                await asyncio.sleep(3600)
            """
    )
    result.assert_outcomes(passed=2)


def test_without_pytest_asyncio_other_tests_go_on_as_ever(pytester):
    pytester.makepyfile("def test_it(): pass")
    pytester.runpytest_inprocess("-p", "no:asyncio", "-W", "error").assert_outcomes(passed=1)


def test_it_loads_nothing_that_a_stranger_would_pay_for():
    code = (
        "import sys, pytest; before = set(sys.modules); import firmware_sim.pytest_plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["firmware_sim", "firmware_sim.pytest_plugin"]


def test_collecting_somebody_elses_tests_imports_neither_bumble_nor_bleak(run, pytester):
    pytester.makepyfile("def test_it(): pass")
    code = (
        "import pytest, sys; pytest.main(['-q', '-p', 'no:cacheprovider']);"
        "print('heavy:', *({'bumble', 'bleak', 'massager'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "1 passed" in run.stdout
    assert run.stdout.rstrip().endswith("heavy:")


REPLAYED = """
import pytest
from bleak import BleakClient, BleakError

COMMAND = "{command}"

@pytest.mark.recording("thing.jsonl")
async def test_it(massager_replay):
    async with BleakClient(massager_replay.address) as thing:
        {use}
"""


@pytest.mark.parametrize(
    "use",
    [
        "await thing.write_gatt_char(COMMAND, b'\\1', response=True); assert massager_replay.left == []",
        "assert [line.number for line in massager_replay.left] == [3]",
    ],
)
def test_a_recording_beside_the_test_is_played(run, pytester, use):
    of(LINK, write(1.0, "01")).write(pytester.path / "thing.jsonl")
    run(source=REPLAYED.format(command=COMMAND, use=use)).assert_outcomes(passed=1)


def test_a_program_that_hides_an_unexpected_write_is_found_out(run, pytester):
    of(LINK, write(1.0, "01")).write(pytester.path / "thing.jsonl")
    hide = "try: await thing.write_gatt_char(COMMAND, b'\\2', response=True)\n        except BleakError: pass"
    result = run(source=REPLAYED.format(command=COMMAND, use=hide))
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["not used as in thing.jsonl:", f"line 3 writes 01 to {COMMAND}; 02 was written"]
    )


def test_a_replay_of_nothing_is_told_so(run):
    result = run(source="async def test_it(massager_replay): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["massager_replay plays nothing: mark the test with recording('FILE')"])
