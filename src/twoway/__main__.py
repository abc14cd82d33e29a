"""`twoway`: demo, serve, worker, check, new-organisation."""

import sys


def main() -> int:
    from twoway.operate.cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
