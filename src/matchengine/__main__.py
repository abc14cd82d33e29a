"""`python -m matchengine` is the `matchengine` command."""

import sys

from matchengine.cli import main

if __name__ == "__main__":  # a process that is started by this one reads this file too
    sys.exit(main())
