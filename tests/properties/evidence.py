"""The long loops about limits and sessions: random people, devices, days and use."""

from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from massager.model.ceilings import Modality
from properties import algebra
from properties.machine import SessionMachine
from properties.worlds import envelope_of, half_widths, worlds
from store_evidence import Figures

SESSIONS, WORLDS = 500, 500


def _long(count: int) -> settings:
    # A failure is shown as it was found: shrinking one of a whole session takes minutes.
    return settings(
        max_examples=count,
        stateful_step_count=50,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def random_sessions(count: int, number: int) -> Figures:
    """Use so many sessions at random, fifty rules each; a driven tenth of a second counts as a step too."""
    tally = Counter[str]()

    class Counted(SessionMachine):
        pass

    Counted.tally = tally
    seed(number)(Counted)
    run_state_machine_as_test(Counted, settings=_long(count))
    what = f"steps of random sessions, seed {number}"
    return Figures(what, tally["steps"], tally["leases"], tally["refusals"])


def random_limits(count: int, number: int) -> Figures:
    """Hold caps, permit rows, the guardian and the tables against each other, everywhere on the travel."""
    tally = Counter[str]()

    @seed(number)
    @_long(count)
    @given(worlds(), st.randoms(use_true_random=False), st.data())
    def holds(world, random, data):
        half_mm = data.draw(half_widths(world))
        found = envelope_of(world)
        opened, closed = algebra.rows_agree(world, half_mm)
        tally["open"] += opened
        tally["closed"] += closed
        algebra.table_agrees(world, half_mm, range(0, 581, 10))
        algebra.never_raises(world, data.draw(algebra.tighter(world)), half_mm, 10)
        other = envelope_of(algebra.shuffled(world, random))
        assert algebra.everywhere(found, half_mm, 10) == algebra.everywhere(other, half_mm, 10)
        if world.device.actuators[0].modality is not Modality.PERCUSSION:
            algebra.guardian_agrees(world, half_mm)

    holds()
    what = f"places on random people, seed {number}"
    return Figures(what, tally.total(), tally["open"], tally["closed"])
