import json
from dataclasses import asdict, replace

import pytest

from explore import evidence, keys
from explore.explorer import ExploredError, World, explore
from explore.keys import UnknownFieldError
from explore.steps import HERE, PERMITTED, drive, events, one
from explore.worlds import QUICK, WORLDS
from massager.safety import governor
from massager.safety.governor import Governor
from twin import session
from twin.figures import Case

SMALL = World(
    "small",
    Case(session_ms=1200),
    PERMITTED,
    events(
        one("wait", 500),
        one("read"),
        one("ask", 1, HERE),
        one("redeem"),
        one("stop"),
        one("permit"),
        drive(1, HERE),
    ),
)


@pytest.mark.parametrize("name", QUICK)
def test_the_governor_and_its_twin_agree_wherever_events_lead(name):
    evidence.require_committed(name, evidence.of_world(name))


def test_a_wrong_figure_of_the_twin_is_found_on_the_shortest_way(monkeypatch):
    monkeypatch.setattr(session, "LEASE_MS", 999)
    with pytest.raises(ExploredError, match=r"read\(\) - permit\(\) - drive\(1, 490\), at"):
        explore(SMALL)


def test_a_governor_that_forgets_a_rule_is_found_on_the_shortest_way(monkeypatch):
    def stop(self, now_ms):
        kept = dict(self._receipts)
        stopped(self, now_ms)
        self._receipts.update(kept)

    stopped = Governor.stop
    monkeypatch.setattr(Governor, "stop", stop)
    with pytest.raises(
        ExploredError, match=r"ask\(1, 490\) - stop\(\) - .* - redeem\(\), at .* the Governor answers \(1, 2,"
    ):
        explore(SMALL)


def test_what_both_get_wrong_is_found_by_an_invariant(monkeypatch):
    monkeypatch.setattr(session, "LEASE_MS", 1100)
    monkeypatch.setattr(governor, "LEASE_MS", 1100)
    with pytest.raises(ExploredError, match="a lease ends within a second"):
        explore(SMALL)


def test_a_field_that_no_key_knows_is_not_looked_past(monkeypatch):
    monkeypatch.setitem(keys.KNOWN, keys.Phase, keys.KNOWN[keys.Phase].replace(" touched_ms", ""))
    with pytest.raises(UnknownFieldError, match="touched_ms"):
        explore(SMALL)


def test_other_figures_than_were_committed_are_no_success(monkeypatch, tmp_path):
    monkeypatch.setattr(evidence, "COUNTS", tmp_path / "counts.json")
    monkeypatch.delenv("ACCEPT_COUNTS", raising=False)
    evidence.COUNTS.write_text("{}", encoding="utf-8")
    found = explore(SMALL)
    with pytest.raises(ExploredError, match="ACCEPT_COUNTS"):
        evidence.require_committed(SMALL.name, found)
    evidence.COUNTS.write_text(json.dumps({"small": asdict(found)}), encoding="utf-8")
    evidence.require_committed(SMALL.name, found)
    with pytest.raises(ExploredError, match="small came to"):
        evidence.require_committed(SMALL.name, replace(found, states=found.states + 1))


def test_every_world_has_committed_figures():
    assert list(json.loads(evidence.COUNTS.read_text(encoding="utf-8"))) == list(WORLDS)
