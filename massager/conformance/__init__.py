"""What every codec and every device must do, as functions that raise `ConformanceError` where one does not.

A check of bytes takes a `Candidate`, one of a device a `Bench` from `connected`. docs/conformance.md says how
to run them, also from outside, and who passes. May import floors 0 to 2 but the store.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from massager.conformance import behaviour, frames, vectors
from massager.conformance.bench import Bench, connected
from massager.conformance.candidate import Candidate, ConformanceError, read_vectors

BYTE_CHECKS: Final[tuple[Callable[[Candidate], None], ...]] = (
    frames.stop_never_changes,
    frames.levels_are_exact,
    frames.targets_are_exact,
    frames.numbers_do_not_wrap,
    frames.odd_bytes_are_refused,
    frames.odd_capabilities_are_refused,
    vectors.vectors_hold,
)
DEVICE_CHECKS: Final[tuple[Callable[[Bench], Awaitable[None]], ...]] = (
    behaviour.identity_is_the_profiles,
    behaviour.report_is_whole_or_refused,
    behaviour.begin_lease_and_stop,
    behaviour.stop_is_harmless,
    behaviour.nothing_moves_after_a_stop,
    behaviour.nothing_goes_above_the_ceiling,
    behaviour.sequence_rises,
    behaviour.epoch_rises,
    behaviour.odd_frames_are_refused,
    behaviour.lease_ends_by_itself,
    behaviour.watchdog_ends_a_longer_lease,
    behaviour.deadline_ends_the_session,
    behaviour.end_lets_go,
)

__all__ = [
    "BYTE_CHECKS",
    "DEVICE_CHECKS",
    "Bench",
    "Candidate",
    "ConformanceError",
    "connected",
    "read_vectors",
]
