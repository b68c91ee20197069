"""`python -m bineural` is the command `bineural`."""

import sys

from bineural.cli import main

if __name__ == "__main__":
    sys.exit(main())
