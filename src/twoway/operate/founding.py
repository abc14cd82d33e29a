"""`twoway new-organisation`: the first step of every installation."""

import sys

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from twoway.operate import database
from twoway.operate.start import load_django
from twoway.operate.trouble import Trouble


def run(*, name: str, admin: str, same_name: bool = False) -> int:
    """Open an organisation and print the link that makes its first admin; nothing else on standard output."""
    name = " ".join(name.split())
    if not name or len(name) > 120:
        raise Trouble("The organisation needs a name of at most 120 characters.")
    try:
        validate_email(admin.strip())
    except ValidationError as fault:
        raise Trouble(f"{admin!r} is not a mail address.") from fault
    load_django()
    database.reach()
    if database.is_new():
        database.bring_up_to_date()
    if database.steps_missing():
        raise Trouble("The database is not up to date. Run `twoway serve --migrate` first.")
    from twoway.history.clock import now as clock_now
    from twoway.people.actions.organisation import make_organisation
    from twoway.people.models import Organisation

    if not same_name and Organisation.objects.filter(name__iexact=name).exists():
        raise Trouble(
            f"There is an organisation called {name} already. Choose another name, or add --same-name to open a second."
        )
    organisation, link = make_organisation(name=name, admin_address=admin, now=clock_now())
    print(f"{organisation.name} is open. This link works once, for 30 days; give it to {admin}.", file=sys.stderr)
    print(link)
    return 0
