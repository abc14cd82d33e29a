"""The throw-away PostgreSQL leaves nothing behind, however its user ends."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import postgres

HERE = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWOWAY_TEST_POSTGRES", raising=False)


def folder_of(url: str) -> Path:
    return Path(url.partition("host=")[2])


@pytest.mark.slow
def test_server_is_gone_when_its_user_leaves() -> None:
    with postgres.server() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("twoway",)
        assert folder_of(url).is_dir()

    assert not folder_of(url).exists()


@pytest.mark.slow
def test_server_is_gone_when_its_user_is_killed() -> None:
    user = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres"], cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert user.stdout
    folder = folder_of(user.stdout.readline().strip())
    assert folder.is_dir()

    user.kill()
    user.communicate(timeout=30)  # the keeper holds standard error open until it is done

    assert not folder.exists()


def test_server_that_is_given_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOWAY_TEST_POSTGRES", "postgresql://somebody@db.example.org/tests")

    with postgres.server() as url:
        assert url == "postgresql://somebody@db.example.org/tests"


def test_no_programs_are_a_clear_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TWOWAY_TEST_POSTGRES", str(tmp_path))

    with pytest.raises(postgres.NoServer, match="TWOWAY_TEST_POSTGRES"), postgres.server():
        pass
