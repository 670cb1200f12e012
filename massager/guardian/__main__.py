"""Entry of `python -m massager.guardian`."""

import sys

from massager.guardian.process import main

if __name__ == "__main__":
    sys.exit(main())
