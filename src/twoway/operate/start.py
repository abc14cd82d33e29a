"""Getting Django ready for a command, with faults in the settings said plainly."""

import os

from django.core.exceptions import ImproperlyConfigured

from twoway.operate.trouble import Trouble


def load_django() -> None:
    """Read the settings and load the rooms."""
    faults = faults_of_settings()
    if faults:
        raise Trouble("\n".join(faults))


def faults_of_settings() -> list[str]:
    """Read the settings and load the rooms; what cannot be read, a sentence each that begins with its name."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twoway.settings")
    try:
        django.setup()
    except ImproperlyConfigured as fault:
        unreadable = str(fault).splitlines()
        return unreadable if os.environ.get("TWOWAY_SECRET_KEY", "").strip() else [*unreadable, NO_SECRET]
    from django.conf import settings

    try:
        _ = settings.SECRET_KEY
    except ImproperlyConfigured:
        return [NO_SECRET]
    return []


NO_SECRET = (
    "TWOWAY_SECRET_KEY is not set. It signs what browsers keep; make one with "
    "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'` and keep it secret."
)
