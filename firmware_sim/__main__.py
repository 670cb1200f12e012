"""Entry of `python -m firmware_sim`; the command line itself is in `cli`."""

import os
import signal
import sys


def main() -> int:
    """Run the command line; a signal while the Bluetooth stack is imported ends it without a word."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    from firmware_sim import cli  # noqa: PLC0415 - takes longest, and shall be interruptible

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
