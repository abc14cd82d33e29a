"""What one run cost, said by the process itself: seconds on the clock and of the processor, and its most memory."""

import json
import resource
import sys
import time
from pathlib import Path


def most_memory():
    """The most memory that this process has held, in MB."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)


def tell(where, **found):
    """Write what was found, as JSON, where the bench looks for it; with the memory by now, if not with that before."""
    Path(where).write_text(json.dumps({"memory": most_memory(), **found}))


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self):
        self.clock, self.work = time.perf_counter(), time.process_time()

    def read(self):
        return {"seconds": time.perf_counter() - self.clock, "cpu": time.process_time() - self.work}
