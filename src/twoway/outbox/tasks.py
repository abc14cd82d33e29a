"""What the clock does with letters."""

from twoway.history.clock import now as clock_now
from twoway.outbox.actions import claim_letter, mark_failed, mark_sent
from twoway.outbox.channels import mail


def deliver_pending(most: int = 50) -> int:
    """Send letters that are due, at most so many; how many were tried. One that fails holds up no other."""
    tried = 0
    while tried < most and (delivery := claim_letter(clock_now())) is not None:
        tried += 1
        try:
            mail.send(delivery)
        except mail.Refused as fault:
            mark_failed(delivery, fault=str(fault), final=True, now=clock_now())
        except mail.NotNow as fault:
            mark_failed(delivery, fault=str(fault), final=False, now=clock_now())
        else:
            mark_sent(delivery, now=clock_now())
    return tried
