"""The way out of a loop that began without a yes, for the page of the room that lies below matching."""

from django import template

from twoway.history.clock import now as clock_now
from twoway.matching.queries import mine

register = template.Library()
register.simple_tag(lambda standing: mine.way_out_of(standing.me.person, standing.loop, clock_now()), name="way_out_of")
