"""The published stop times, computed again from the constants that make them."""

from decimal import Decimal
from pathlib import Path

from firmware_sim.chair import DEPTH_RATE_MM_S
from massager.catalog import load_device
from massager.guardian import driving, stopping, transport
from massager.guardian.guardian import TICK_MS
from massager.model.ceilings import LEASE_LONGEST_MS, ROLLER_DEPTH_DMM
from massager.safety import governor, watch

PAGE = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text()

CHAIR = load_device("chair")
OVERTAKE_MS = round(1000 * transport.OVERTAKE_AFTER_S)
RETRACTS_MS = round(1000 * ROLLER_DEPTH_DMM / 10 / DEPTH_RATE_MM_S)


def row(what: str) -> tuple[str, str]:
    line = next(line for line in PAGE.splitlines() if line.startswith("|") and what in line)
    _, rest, because = (cell.strip() for cell in line.strip("|").split("|"))
    return rest, because


def seconds(ms: int) -> str:
    return f"{Decimal(ms) / 1000:.2f} s"


def test_a_stop_and_the_death_of_the_core_take_the_overtaking_and_the_retraction():
    assert row("a stop is asked for")[0] == seconds(OVERTAKE_MS + RETRACTS_MS)
    assert row("the core dies")[0] == seconds(OVERTAKE_MS + RETRACTS_MS)


def test_a_silent_host_takes_the_watchdog_and_the_retraction():
    lease_ms = max(CHAIR.watchdog_ms, governor.LEASE_MS)
    assert row("the core hangs")[0].startswith(seconds(lease_ms + RETRACTS_MS))
    assert row("the guardian dies")[0].startswith(seconds(lease_ms + RETRACTS_MS))


def test_silent_reports_take_patience_period_overtaking_and_retraction():
    patience_ms = max(driving.STALE_MS, watch.STALE_MS)
    assert row("reports nothing new")[0].startswith(
        seconds(patience_ms + TICK_MS + OVERTAKE_MS + RETRACTS_MS)
    )


def test_the_published_bound_is_the_sum_of_its_parts():
    rest, because = row("**T_stop**")
    assert rest == seconds(LEASE_LONGEST_MS + TICK_MS + CHAIR.watchdog_ms + RETRACTS_MS)
    assert because == (
        f"longest lease {LEASE_LONGEST_MS / 1000:.1f} + guardian's period {TICK_MS / 1000:.2f} + the chair's "
        f"watchdog {CHAIR.watchdog_ms / 1000:.1f}, + {RETRACTS_MS / 1000:.1f} s retraction"
    )


def test_the_steps_of_the_stop_path_are_the_codes():
    for what in (
        f"| {transport.OVERTAKE_AFTER_S} s |",
        f"| every {stopping.REPEAT_MS / 1000} s |",
        f"| {stopping.ESCALATE_MS // 1000} s |",
        f"| {stopping.GIVE_UP_MS // 1000} s |",
    ):
        assert what in PAGE, what
