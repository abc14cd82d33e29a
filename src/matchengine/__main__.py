"""`python -m matchengine` is the `matchengine` command."""

import sys

from matchengine.cli import main

sys.exit(main())
