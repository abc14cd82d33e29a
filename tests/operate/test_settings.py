"""What the settings make of an address of a database."""

from pathlib import Path

from twoway.settings import database


def test_a_thread_keeps_its_sqlite_file_open_but_not_for_long(tmp_path: Path) -> None:
    setting = database("", tmp_path)

    assert (setting["NAME"], setting["CONN_MAX_AGE"]) == (str(tmp_path / "twoway.sqlite3"), 60)
