"""The demo's programmes, each at a stage of its life. A stage is one function; what is there already stays."""

from twoway.operate.demo.stages.crossing_over import ready_to_match
from twoway.operate.demo.stages.first_shore import elsewhere
from twoway.operate.demo.stages.first_year import recruiting
from twoway.operate.demo.stages.grow_together import running

__all__ = ["elsewhere", "ready_to_match", "recruiting", "running"]
