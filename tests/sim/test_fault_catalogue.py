"""How faults are written, listed and refused."""

import pytest

from firmware_sim import cli
from firmware_sim.defects import Defects
from firmware_sim.fault_kinds import Side
from firmware_sim.fault_plan import FaultPlan
from firmware_sim.faults import (
    KINDS,
    Fault,
    FaultError,
    distinct,
    for_a_process,
    parse,
    table,
    written,
)
from firmware_sim.simulator import Simulator

EXAMPLES = {"MS": "250", "PERCENT": "30", "TIMES": "3", "LEVELS": "2", "LEVEL": "2", "COUNT": "2"}


def example(name: str, *, after: bool) -> str:
    """One way to write a fault: every argument in its range, AFTER_S where it is needed or wished."""
    arguments = [EXAMPLES.get(parameter.name, "4.5") for parameter in KINDS[name].parameters]
    arguments += ["20"] if after else []
    return f"{name}:{','.join(arguments)}" if arguments else name


@pytest.mark.parametrize("name", KINDS)
def test_every_fault_is_read_as_it_is_written(name: str) -> None:
    kind = KINDS[name]
    own = len(kind.parameters)
    with_after, without = kind.after.value != "", kind.after.value != "AFTER_S"
    if with_after:
        fault = parse(example(name, after=True))
        assert (fault.name, len(fault.values), fault.after_s) == (name, own, 20)
    if without:
        fault = parse(example(name, after=False))
        assert (fault.name, len(fault.values), fault.after_s) == (name, own, None)
    assert (with_after, without) != (False, False)


@pytest.mark.parametrize("name", KINDS)
def test_a_fault_with_an_argument_too_many_is_refused_and_told_how_it_is_written(name: str) -> None:
    with pytest.raises(FaultError) as refused:
        parse(f"{name}:1,2,3,4")
    assert f"{name} is written {written(name)}" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "lost_notifications:101",
        "lost_notifications",
        "repeated_stop:0",
        "repeated_stop:1.5",
        "few_connections:2,3",
        "slow_advertising:5",
        "mtu_23:1",
        "stuck_motor",
        "late_notifications:inf",
        "lying_level:2",
        "lying_level:2,",
        "power_cut:,2",
        "namesake:soon",
    ],
)
def test_an_argument_outside_its_range_is_refused(text: str) -> None:
    with pytest.raises(FaultError, match="is written"):
        parse(text)


def test_the_same_fault_twice_is_an_error_that_names_it() -> None:
    twice = [parse("silent:1"), parse("frozen:2"), parse("silent:3")]
    with pytest.raises(FaultError, match="silent is given twice"):
        distinct(twice)
    with pytest.raises(FaultError, match="silent is given twice"):
        Simulator(faults=twice)


def test_the_list_says_of_each_fault_how_it_is_written_whose_it_is_and_what_it_does() -> None:
    lines = table().splitlines()
    for (name, kind), line in zip(KINDS.items(), lines, strict=True):
        assert line.split()[:2] == [written(name), kind.side]
        assert line.endswith(kind.sentence)
    assert {kind.side for kind in KINDS.values()} == set(Side)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--listen", "tcp:127.0.0.1:0", "--fault", "bluez_mtu"), "both in one process"),
        (("--listen", "tcp:127.0.0.1:0", "--fault", "silent:1", "--fault", "silent:2"), "given twice"),
        (("--attach", "tcp-client:127.0.0.1:1", "--fault", "namesake"), "--listen"),
    ],
)
def test_what_the_command_line_cannot_have_leaves_with_2_and_says_why(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["--model", "chair", *arguments])
    assert left.value.code == 2
    assert says in capsys.readouterr().err


def test_what_the_command_line_can_have_passes() -> None:
    faults = [parse("namesake"), parse("silent:1")]
    assert for_a_process(faults, attached=False) == tuple(faults)


def test_a_plan_counts_from_begin_from_the_injection_or_from_the_start() -> None:
    plan = FaultPlan([parse("silent:2"), parse("slow_writes:5")], seed=1, device="chair-1")
    assert plan.reigns("slow_writes", 0)
    assert not plan.reigns("silent", 1000)
    assert plan.begin(10)
    assert not plan.begin(11)
    assert (plan.due_s("silent"), plan.reigns("silent", 11.9), plan.reigns("silent", 12)) == (12, False, True)
    plan.inject(Fault("frozen", (), 3), 20)
    plan.inject(Fault("mtu_23"), 20)
    assert (plan.due_s("frozen"), plan.due_s("mtu_23")) == (23, 20)
    plan.clear("frozen")
    assert not plan.reigns("frozen", 1000)
    with pytest.raises(FaultError, match="there are: silent, slow_writes, mtu_23"):
        plan.clear("frozen")


def test_a_plan_without_faults_of_the_mechanics_leaves_them_sound() -> None:
    plan = FaultPlan([parse("lying_level:3,5"), parse("drift:9")], seed=1, device="chair-1")
    assert plan.defects(100) == Defects()
    plan.begin(0)
    assert plan.defects(5) == Defects(extra_levels=3)
    assert plan.defects(9) == Defects(extra_levels=3, creeping=True)


def test_each_fault_of_chance_and_each_device_draws_for_itself() -> None:
    def strikes(name: str, device: str) -> list[bool]:
        plan = FaultPlan([parse(f"{name}:50")], seed=1, device=device)
        return [plan.chance(name, 0) for _ in range(40)]

    lost = strikes("lost_notifications", "chair-1")
    assert lost == strikes("lost_notifications", "chair-1")
    assert lost != strikes("duplicate_notifications", "chair-1")
    assert lost != strikes("lost_notifications", "chair-2")
