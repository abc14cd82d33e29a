"""The product's settings, with what tests need: a fast password hasher, plain static files, mail in memory."""

import os
import tempfile

os.environ.setdefault("TWOWAY_SECRET_KEY", "only-for-tests")
os.environ.setdefault("TWOWAY_DATA", tempfile.gettempdir())

# Playwright runs an event loop in the thread that also uses the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from twoway.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"].setdefault("TEST", {})  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, since threads and processes that race cannot share a database in memory.
    DATABASES["default"]["TEST"]["NAME"] = f"{tempfile.gettempdir()}/twoway-tests-{os.getpid()}.sqlite3"  # noqa: F405
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

if os.environ.get("TWOWAY_TEST_DATABASE") == "postgresql":
    from tests import postgres

    DATABASES = {"default": database(postgres.address(), DATA)}  # noqa: F405
