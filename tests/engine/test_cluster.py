"""Sweeps on a cluster find what threads find, byte for byte, whoever dies meanwhile; and who may not sweep is told so.

The cluster is the one of the manual: its scheduler and two workers, begun by its commands as they are written.
"""

import os
import pickle
import re
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import dask
import numpy as np
import pytest
from distributed import Client, LocalCluster, Scheduler

from matchengine import (
    Cancelled,
    Cluster,
    Criterion,
    Mentee,
    Mentor,
    Objective,
    Problem,
    UnusableCluster,
    receipt_of,
    solve,
)
from matchengine import cluster as cluster_module
from matchengine.cli import main
from matchengine.cluster import SETTINGS
from matchengine.size import size_of
from matchengine.solve import Table
from matchengine.solvers.crew import Block, Terms, Worth
from matchengine.text.reader import read_texts
from tests.engine.compass import Compass
from tests.engine.problems import middling
from tests.engine.test_manual import FIRST_STEPS, ROOT, commands_in

PAGE = (ROOT / "docs" / "use" / "cluster.md").read_text("utf-8")
ON_ONE_MACHINE, ON_SEVERAL = commands_in(PAGE)
KEYS, EXPORT, SCHEDULER, WORKER = re.findall(r"^\$ ((?:openssl|export|dask) .*)$", PAGE, re.MULTILINE)
PATIENCE = 60

pytestmark = pytest.mark.row("M-17")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the first steps, and the key and the settings of the manual."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(FIRST_STEPS, folder, dirs_exist_ok=True)
    [settings] = re.findall(r"`cluster\.yaml`:\n\n```yaml\n(.*?)```", PAGE, re.DOTALL)
    (folder / "cluster.yaml").write_text(settings, "utf-8")
    subprocess.run(shlex.split(KEYS), cwd=folder, check=True, capture_output=True, timeout=PATIENCE)
    return folder


@pytest.fixture(scope="module")
def address(desk: Path) -> Iterator[str]:
    """Where the manual's scheduler listens, with two workers at hand, and its settings for whoever asks."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
    name, value = EXPORT.removeprefix("export ").split("=")
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(desk), name: value}
    with ExitStack() as at_the_end:
        for command in (SCHEDULER, WORKER):
            words = shlex.split(command.replace("8786", port))
            log = at_the_end.enter_context((desk / f"{words[1]}.log").open("w"))
            process = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=desk, env=env, stdout=log, stderr=log, start_new_session=True
            )
            at_the_end.callback(end, process)
        at_the_end.enter_context(pytest.MonkeyPatch.context()).chdir(desk)
        settings = dask.config.merge(dask.config.config, dask.config.collect(paths=[value], env={}))
        at_the_end.enter_context(dask.config.set(settings))
        with Client(f"tls://127.0.0.1:{port}", timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
        yield f"tls://127.0.0.1:{port}"


def end(process: subprocess.Popen[bytes]) -> None:
    """This one and all that it began."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def crew(address: str) -> Iterator[Cluster]:
    with Cluster(address) as crew:
        yield crew


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    """Somebody else who can talk to the workers."""
    with Client(address, timeout=PATIENCE, set_as_default=False) as client:
        yield client


@pytest.fixture
def other(tmp_path: Path) -> Iterator[LocalCluster]:
    """A cluster of one worker within this process, without keys."""
    with (
        dask.config.set(
            {**SETTINGS, "distributed.comm.require-encryption": False, "temporary-directory": str(tmp_path)}
        ),
        LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1", memory_limit=0,
            dashboard_address=None, scheduler_kwargs={"dashboard_address": "127.0.0.1:0"}, silence_logs=50,
        ) as other,
    ):  # fmt: skip
        yield other


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matchengine.solvers.sweep.BLOCK", 200)


def receipt(problem: Problem, crew: Cluster | None = None, **how: object) -> str:
    return receipt_of(problem, solve(problem, small=0, crew=crew, **how)).to_json()  # type: ignore[arg-type]


def after(blocks: int, act: Callable[[], object]) -> Callable[[str, int, int], None]:
    """A listener who acts once, when so many blocks were looked at."""
    told: list[int] = []

    def listen(stage: str, done: int, total: int) -> None:
        if stage == "solving":
            told.append(done)
            if len(told) == blocks:
                act()

    return listen


@pytest.mark.row("M-04")
@pytest.mark.parametrize("objective", ["most_then_best", "maximin_then_best"])
def test_a_cluster_writes_the_bytes_that_threads_write(crew: Cluster, objective: Objective) -> None:
    problem = middling(40, 15)
    told: list[int] = []

    swept = receipt(
        problem, crew, objective=objective, progress=lambda stage, done, _: told.append(done * (stage == "solving"))
    )

    assert {swept} == {receipt(problem, objective=objective, threads=threads) for threads in (1, 2, 4)}
    assert crew.threads_of_each == (1, 1)
    assert len(set(told)) > 10


def test_a_worker_that_dies_changes_no_byte(crew: Cluster, client: Client) -> None:
    problem = middling(60, 20)
    process, *others = client.run(os.getpid).values()

    swept = receipt(problem, crew, progress=after(7, lambda: os.kill(process, signal.SIGKILL)))

    client.wait_for_workers(2, timeout=PATIENCE)
    left = client.run(os.getpid).values()
    assert (process in left, set(others) < set(left)) == (False, True)
    assert swept == receipt(problem)


def scale(other: LocalCluster, *numbers: int) -> None:
    """So many workers, one number after the other, each once the one before is reached."""
    for number in numbers:
        other.scale(number)
        other.sync(other._correct_state)


def test_when_all_die_and_one_comes_back_everything_is_sent_once_more(other: LocalCluster) -> None:
    problem = middling(60, 20)

    with Cluster(other.scheduler_address) as crew:
        swept = receipt(problem, crew, progress=after(7, lambda: scale(other, 0, 1)))

    assert other.scheduler_address.startswith("tcp://127.0.0.1:")
    assert swept == receipt(problem)


@pytest.mark.parametrize(
    ("losing", "often", "why"),
    [
        (lambda other: scale(other, 0), 1, "it has no process that works"),
        (LocalCluster.close, 1, "it has no process that works"),
        (lambda other: scale(other, 0, 1), 0, "its processes are lost again and again"),
    ],
    ids=["no worker is left", "nor the scheduler", "too often"],
)
def test_when_a_cluster_is_lost_it_is_said(
    losing: Callable[[LocalCluster], object],
    often: int,
    why: str,
    other: LocalCluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = other.scheduler_address
    monkeypatch.setattr(cluster_module, "ANSWER", 3)

    with Cluster(address) as crew, pytest.raises(UnusableCluster) as lost:
        monkeypatch.setattr(cluster_module, "PATIENCE", 1)
        monkeypatch.setattr(cluster_module, "MOST_LOSSES", often)
        receipt(middling(60, 20), crew, progress=after(7, lambda: losing(other)))

    assert str(lost.value) == f"the cluster {address}: {why}"


def test_work_that_ends_whoever_does_it_is_given_up(crew: Cluster, client: Client) -> None:
    def end_it(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def allow(failures: int, dask_scheduler: Scheduler) -> int:
        dask_scheduler.allowed_failures, before = failures, dask_scheduler.allowed_failures
        return before

    problem, nothing = middling(5, 3), np.zeros(5, dtype=np.int64)
    terms = Terms(Worth(1, 1), nothing[:3].astype(np.int32), nothing[:3].astype(np.uint8), 0, False, 1, 1)
    before = client.run_on_scheduler(allow, 0)

    with pytest.raises(UnusableCluster, match="processes died of the same work again and again"):
        list(crew.each(end_it, Table(problem, small=0).field, terms, [Block(0, np.arange(5), nothing)]))

    client.run_on_scheduler(allow, before)
    client.wait_for_workers(2, timeout=PATIENCE)


def test_a_run_can_be_stopped_and_the_next_begins_at_once(crew: Cluster) -> None:
    problem = middling(60, 20)
    told: list[str] = []

    def stop(stage: str, done: int, total: int) -> bool:
        told.append(stage)
        return told.count("solving") < 7

    with pytest.raises(Cancelled):
        receipt(problem, crew, progress=stop)

    assert told.count("solving") == 7
    assert receipt(problem, crew) == receipt(problem)


def test_workers_of_another_engine_are_refused(
    address: str, crew: Cluster, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = cluster_module.ENGINE
    monkeypatch.setattr(cluster_module, "ENGINE", "9.9.9")

    with pytest.raises(UnusableCluster) as at_first, Cluster(address):
        pass
    with pytest.raises(UnusableCluster) as later:
        receipt(middling(60, 20), crew)

    assert str(at_first.value).endswith(f"its processes have the engine {ours}, this is 9.9.9")
    assert str(later.value) == f"this process has the engine {ours}, the run is of 9.9.9"


def test_workers_without_the_engine_are_refused(address: str, client: Client) -> None:
    def forget() -> None:
        sys.modules["matchengine.cluster"] = None  # type: ignore[assignment]

    def learn() -> None:
        del sys.modules["matchengine.cluster"]

    client.run(forget)
    with pytest.raises(UnusableCluster, match="its processes cannot load matchengine"), Cluster(address):
        pass
    client.run(learn)


def test_workers_hold_no_names_and_no_texts() -> None:
    goal, offer = "I lie awake over my budget.", "Sleep and rest for the tired."
    people = (Mentee("amira@example.org", {"goal": goal}),), (Mentor("ben@example.org", {"goal": offer}),)
    by_letters = Problem(*people, criteria=(Criterion("Goal", "text", "goal"),))

    sent = [pickle.dumps(Table(problem, small=0).field) for problem in (by_letters, read_texts(by_letters, Compass()))]

    assert [word for word in (b"amira", b"ben@", b"awake", b"budget", b"tired") for one in sent if word in one] == []


def test_workers_take_no_more_memory_than_was_said(crew: Cluster, client: Client) -> None:
    problem = middling(300, 100)
    receipt(problem, crew)

    said = size_of(problem, threads=1, small=0, cluster=crew.threads_of_each)
    took = client.run(lambda: 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss).values()

    assert max(took) < said.each
    assert said.memory < size_of(problem, threads=1, small=0).memory + 2 * said.each


@pytest.mark.parametrize(
    "unknown",
    ["", "2", "local", "local:0", "local:257", "local:2:3", "http://127.0.0.1:8786", "tcp://127.0.0.1", "tls://:8786"],
)
def test_what_is_no_cluster_is_refused(unknown: str, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--mentees=a", "--mentors=b", "--rules=c", "--out=d", "--receipt=e"]

    code = main(["match", *files, f"--cluster={unknown}"])

    assert (code, capsys.readouterr().err) == (
        2,
        f'matchengine: "{unknown}" is no cluster: say local:2 for two processes on this machine (at most 256), or the '
        "address of a Dask scheduler, tcp://host:8786 or tls://host:8786\n",
    )


@pytest.mark.parametrize(
    ("package", "wanted"), [("distributed", "local:2"), ("distributed", "tcp://b:1"), ("cryptography", "local:2")]
)
def test_without_its_packages_the_extra_is_named(package: str, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(UnusableCluster) as why:
        Cluster(wanted)

    assert str(why.value) == f"a cluster needs Twoway's extra cluster: the package {package} is missing"


def test_nothing_of_dask_is_loaded_until_it_is_asked_for() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import sys, matchengine.cli; print({'dask', 'distributed'} & set(sys.modules))"],
        env={"PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert said.stdout == "set()\n"


def test_where_nobody_answers_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "ANSWER", 0.5)

    with (
        socket.socket() as taken, pytest.raises(UnusableCluster, match=r"the cluster tcp://.*: it does not answer")
    ):  # fmt: skip
        taken.bind(("127.0.0.1", 0))
        with Cluster(f"tcp://127.0.0.1:{taken.getsockname()[1]}"):
            pass


def test_the_commands_of_the_manual_run_as_they_are_written(
    desk: Path, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    monkeypatch.setattr("matchengine.cli.SMALL", 0)  # so that there is something to sweep
    threads = ON_ONE_MACHINE[: ON_ONE_MACHINE.index("--cluster")]
    written = []

    for command in (threads, ON_ONE_MACHINE, [*ON_SEVERAL[:-1], address]):
        written.append((main(command), Path("receipt.json").read_bytes(), Path("pairs.csv").read_bytes()))

    size = capsys.readouterr().err.splitlines()
    assert ON_SEVERAL[-1] == "tls://127.0.0.1:8786"
    assert written == [(0, *written[0][1:])] * 3
    assert [line for line in size if "in each process of the cluster" in line] == [size[-2]] * 2


@pytest.mark.slow
def test_ctrl_c_ends_all_processes_and_only_one_says_so(tmp_path: Path) -> None:
    for name, many in (("mentees", 1_001), ("mentors", 1_000)):
        rows = "".join(f"{name}{at},{at * at % 101}\n" for at in range(many))
        (tmp_path / f"{name}.csv").write_text(f"id,place\n{rows}", "utf-8")
    near = '[[criterion]]\nname = "Place"\nkind = "near"\ncolumn = "place"\nspan = 100\n'
    (tmp_path / "rules.toml").write_text(f'id = "id"\n\n{near}', "utf-8")
    files = ["--mentees=mentees.csv", "--mentors=mentors.csv", "--rules=rules.toml", "--out=p.csv", "--receipt=r.json"]
    run = subprocess.Popen(
        [sys.executable, "-m", "matchengine", "match", *files, "--cluster=local:2"], cwd=tmp_path, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(tmp_path)}, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    assert run.stderr is not None
    size = run.stderr.readline()

    os.killpg(run.pid, signal.SIGINT)  # as a terminal does it
    _, said = run.communicate(timeout=PATIENCE)  # which returns when each that could still say something has ended

    assert (run.returncode, said) == (130, "matchengine: stopped\n")
    assert size.startswith("1001 mentees and 1000 mentors are 1001000 pairs: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mentees.csv", "mentors.csv", "rules.toml"]
