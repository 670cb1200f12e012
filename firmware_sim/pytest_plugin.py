"""pytest's way in: markers, and a loop on virtual time for the tests that use the fixtures.

It is loaded in everybody's pytest, so it imports next to nothing; the fixtures are in `pytest_fixtures`.
"""

import inspect
from collections.abc import Callable, Generator, Mapping
from typing import Any, Final

import pytest

MARKERS: Final = (
    "massager_model(name, count=1, seed=1): what `massager_sim` simulates; without it a chair",
    "faults(*faults): faults of `massager_sim`, for instance faults('link_drop:3', 'drift:5')",
    "recording(file): what `massager_replay` plays; a file beside the test's own",
)
VIRTUAL_LOOP: Final = "_massager_virtual_loop"
"""The fixture that all of ours need; somebody else may have a `virtual_clock` too."""


def pytest_configure(config: pytest.Config) -> None:
    """Make markers and fixtures known."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    if hasattr(config.hook, "pytest_asyncio_loop_factories"):  # an older pytest-asyncio has no such thing
        from firmware_sim import pytest_fixtures  # noqa: PLC0415 - it imports pytest-asyncio

        config.pluginmanager.register(pytest_fixtures)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_pycollect_makeitem() -> Generator[None, Any, Any]:
    """Mark the tests as asyncio's in either of its modes, before pytest-asyncio looks at them."""
    made = yield
    for item in made if isinstance(made, list) else [made]:
        if isinstance(item, pytest.Function):
            _mark(item)
    return made


@pytest.hookimpl(wrapper=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> Generator[None, Any, Any]:
    """Give a test that uses the virtual clock a loop on virtual time; all others keep theirs."""
    if not _mark(metafunc.definition):
        return (yield)
    # For this one test only: whoever implements the hook is asked about every test there is.
    plugins, loops = metafunc.config.pluginmanager, _VirtualLoops()
    plugins.register(loops)
    try:
        return (yield)
    finally:
        plugins.unregister(loops)


class _VirtualLoops:
    @pytest.hookimpl(tryfirst=True, optionalhook=True)
    def pytest_asyncio_loop_factories(self) -> Mapping[str, Callable[[], Any]]:
        from firmware_sim.virtual_time import VirtualTimeLoop  # noqa: PLC0415 - needed by few

        return {"virtual": VirtualTimeLoop}


def _mark(test: pytest.Function) -> bool:
    """Whether a test runs on the virtual clock; such a one gets a loop of its own."""
    if VIRTUAL_LOOP not in test.fixturenames or not inspect.iscoroutinefunction(test.obj):
        return False
    if not any(marker.name == "asyncio" for marker in test.own_markers):
        test.add_marker(pytest.mark.asyncio(loop_scope="function"))
    return True
