"""What the clock does with letters."""

import time

from twoway.history.clock import now as clock_now
from twoway.outbox.actions import claim_letter, mark_failed, mark_sent
from twoway.outbox.channels.mail import NotNow, Postbox, Refused


def deliver_pending(most: int = 50, seconds: float = 2) -> int:
    """Send letters that are due, for about so long; how many were tried. One that fails holds up no other.

    Short, so that a worker asked to stop does, and so that a letter just asked for waits behind few others.
    """
    tried = 0
    until = time.monotonic() + seconds
    with Postbox() as postbox:
        while tried < most and time.monotonic() < until:
            delivery = claim_letter(clock_now())
            if delivery is None:
                break
            tried += 1
            try:
                postbox.send(delivery)
            except Refused as fault:
                mark_failed(delivery, fault=str(fault), final=True, now=clock_now())
            except NotNow as fault:
                mark_failed(delivery, fault=str(fault), final=False, now=clock_now())
            else:
                mark_sent(delivery, now=clock_now())
    return tried
