"""The examples hold."""

from pathlib import Path

from massager.catalog import load_device, load_program, load_safety_profile, validate
from massager.model.decisions import Refusal
from massager.session.preparation import Order, prepare
from samples import demo, history, well

PROFILES = Path(__file__).parents[2] / "examples" / "profiles"


def test_the_example_program_is_valid_and_may_run():
    for path in sorted(PROFILES.rglob("*.yaml")):
        validate(path)
    order = Order(
        program=load_program("short-low-back", PROFILES),
        person=demo(),
        device=load_device("chair"),
        profile=load_safety_profile("mild-lumbar"),
        seconds=None,
        caller_permille=None,
        screening=well(),
    )
    prepared = prepare(order, history())
    assert not isinstance(prepared, Refusal)
    assert prepared.session_ms == 120_000
