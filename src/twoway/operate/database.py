"""The database as an operator sees it: is it there, is it new, is it up to date."""

import sqlite3
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from twoway.operate.trouble import Trouble

MIGRATING = 7_402_051_811  # the number of the lock that lets one machine at a time change the tables


def name_of_database() -> str:
    """Where it is, without user or password."""
    if connection.vendor == "sqlite":
        return f"SQLite in {connection.settings_dict['NAME']}"
    host = connection.settings_dict["HOST"] or "this machine"
    port = connection.settings_dict["PORT"]
    return f"PostgreSQL {connection.settings_dict['NAME']} on {host}{':' + str(port) if port else ''}"


def reach() -> None:
    """Make sure the database answers; Trouble says which one does not, and what it said."""
    try:
        if connection.vendor == "sqlite":
            Path(str(connection.settings_dict["NAME"])).parent.mkdir(parents=True, exist_ok=True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM sqlite_master")
        else:
            import psycopg

            # Past the pool, which would try again for as long as it was told to wait.
            psycopg.connect(**{"connect_timeout": 5, **connection.get_connection_params()}).close()
    except (OSError, DatabaseError, sqlite3.Error) as fault:
        raise Trouble(f"The database cannot be opened: {name_of_database()}. {_first_line(fault)}") from fault
    except Exception as fault:
        if type(fault).__module__.split(".")[0] != "psycopg":
            raise
        raise Trouble(f"The database cannot be reached: {name_of_database()}. {_first_line(fault)}") from fault


def _first_line(fault: Exception) -> str:
    lines = str(fault).strip().splitlines()
    return f"It said: {lines[0]}" if lines else ""


def steps_missing() -> int:
    """How many changes of the tables have not been made yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def is_new() -> bool:
    """Whether nothing has ever been put into it."""
    return "django_migrations" not in connection.introspection.table_names()


def bring_up_to_date() -> None:
    """Make the tables what this version needs. Of several machines that start at once, one does it."""
    if connection.vendor != "postgresql":
        call_command("migrate", verbosity=0, interactive=False)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def let_go() -> None:
    """Close every connection, and the pool: none of them may be shared with a process that is split off."""
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]
