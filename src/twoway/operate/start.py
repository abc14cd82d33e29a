"""Getting Django ready for a command, with faults in the settings said plainly."""

import os

from django.core.exceptions import ImproperlyConfigured

from twoway.operate.trouble import Trouble


def load_django() -> None:
    """Read the settings and load the rooms."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twoway.settings")
    try:
        django.setup()
        from django.conf import settings

        _ = settings.SECRET_KEY
    except ImproperlyConfigured as fault:
        raise Trouble(NO_SECRET if "SECRET_KEY" in str(fault) else str(fault)) from fault


NO_SECRET = (
    "TWOWAY_SECRET_KEY is not set. It signs what browsers keep; make one with "
    "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'` and keep it secret."
)
