"""Free seats and those who wait, for pages of rooms that lie below matching: every page shows the same numbers."""

from django import template

from twoway.history.clock import now as clock_now
from twoway.matching.queries import coverage as matching

register = template.Library()
register.simple_tag(lambda intake: matching.coverage(intake, clock_now()), name="coverage_of")
