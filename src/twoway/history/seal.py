"""The triggers that keep what was written: no event is changed, none is deleted, on either database."""

from typing import Any

TABLES = ("history_event", "history_eventperson")

SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, 'events are written once'); END
"""

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION history_written_once() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'events are written once'; END $$ LANGUAGE plpgsql
"""

POSTGRESQL = """
CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION history_written_once()
"""


def seal(connection: Any) -> None:
    """Put the triggers in place; doing it twice does it once."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for table in TABLES:
            for verb in _verbs(connection):
                text = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
                cursor.execute(text.format(table=table, verb=verb, VERB=verb.upper()))


def unseal(connection: Any) -> None:
    """Take the triggers away: for tests that empty the tables, and for nothing else."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for verb in _verbs(connection):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")


def _verbs(connection: Any) -> tuple[str, ...]:
    return ("update", "delete", "truncate") if connection.vendor == "postgresql" else ("update", "delete")
