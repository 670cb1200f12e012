"""The long loop about places: random people with scars on every device, laid out and run through."""

from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from geometry.rides import PAST, compiled, no_instant_touches, no_leg_touches, orders
from massager.model.decisions import Refusal
from massager.session.preparation import prepare
from store_evidence import Figures

BACKS = 2_000
# A dry run of minutes takes seconds; the shipped programs' legs are held like all others.
LONGEST_MS = 100_000


def random_backs(count: int, number: int) -> Figures:
    """Lay out programs for so many people, and run through what is admitted; every patch to the millimetre.

    Returns:
        Places and moments that were looked at, how many people could be served, and how many not.
    """
    tally = Counter[str]()

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(orders(), st.none() | st.integers(30, 100))
    def holds(order, half_width_mm):
        timeline, prepared = compiled(order, half_width_mm), prepare(order, PAST)
        if not isinstance(timeline, Refusal):
            tally["places"] += no_leg_touches(order, timeline)
        if isinstance(prepared, Refusal):
            tally["refused"] += 1
            return
        tally["served"] += 1
        tally["places"] += no_leg_touches(order, prepared.timeline)
        if prepared.session_ms <= LONGEST_MS:
            tally["places"] += no_instant_touches(order, prepared)

    holds()
    what = f"places of patches on random backs, seed {number}"
    return Figures(what, tally["places"], tally["served"], tally["refused"])
