"""Programs that name no backend, on a simulated radio or recorded: bleak's own choice, for a time."""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

import bleak

from firmware_sim.radio import Radio
from firmware_sim.recorder import Recorder

_NAME: Final = "firmware_sim"


@contextlib.contextmanager
def bleak_uses(radio: Radio | None, *, recorder: Recorder | None = None) -> Iterator[None]:
    """Within it `BleakClient(address)` and `BleakScanner()` mean this radio; those made before stay.

    Args:
        radio: None for the system's own.
        recorder: Writes down what such a program and its device say.
    """
    client, scanner = (None, None) if radio is None else (radio.client, radio.scanner)
    if recorder is not None:
        client = recorder.client(client)
    # Typed as Any: bleak's own choice names one of its built-in backends, and here is another.
    module: Any = bleak
    before = module.get_platform_client_backend_type, module.get_platform_scanner_backend_type
    if client is not None:
        module.get_platform_client_backend_type = lambda: (client, _NAME)
    if scanner is not None:
        module.get_platform_scanner_backend_type = lambda: (scanner, _NAME)
    try:
        yield
    finally:
        module.get_platform_client_backend_type, module.get_platform_scanner_backend_type = before
