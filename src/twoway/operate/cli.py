"""The `twoway` command: one word, a few options, and errors as one sentence."""

import argparse
import os
import signal
import sys

from twoway import __version__
from twoway.operate.trouble import Trouble


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code, the same for every one: 0 done; 1 done, and what was found or
    tried has something to mend; 2 not done, with a sentence why; 130 stopped. See docs/run/serve.md."""
    chosen = parser().parse_args(arguments)
    # A shell that starts a command in the background has it ignore Ctrl-C; what serves is always to be stopped.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return int(chosen.run(chosen))
    except Trouble as trouble:
        for line in str(trouble).splitlines():
            print(f"twoway: {line}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("twoway: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read our output, such as `head`, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    whole = argparse.ArgumentParser(
        prog="twoway",
        description="Twoway: the open, self-hosted home for mentoring programmes.",
        epilog="Settings come from the environment; `twoway check` says whether they are good.",
    )
    whole.add_argument("--version", action="version", version=f"twoway {__version__}")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _demo(commands.add_parser("demo", help="try Twoway with made-up people in it"))
    _serve(commands.add_parser("serve", help="run Twoway for real"))
    _worker(commands.add_parser("worker", help="do what happens by itself: send letters, keep the clocks"))
    _check(commands.add_parser("check", help="say whether the settings and the database are good"))
    _new_organisation(commands.add_parser("new-organisation", help="open an organisation and print its admin's link"))
    _import_roster(commands.add_parser("import-roster", help="bring a file of people into a programme"))
    _fetch_text_model(commands.add_parser("fetch-text-model", help="fetch a model that reads free texts by meaning"))
    _seal_text_model(commands.add_parser("seal-text-model", help="the same for a model that is here already"))
    return whole


def _demo(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Starts a demo on this machine and prints a one-use sign-in link for each of its people. "
        "Everybody in it is made up, letters go into files, and nothing leaves the machine. Ctrl-C ends it."
    )
    command.add_argument("--port", type=int, metavar="N", help="listen there; otherwise the first free one from 8000")
    command.add_argument("--data", metavar="DIR", help="keep the demo's data in this folder")
    command.add_argument("--now", metavar="ISO-TIME", help="set the demo's clock, such as 2026-12-01T09:00")
    one = command.add_mutually_exclusive_group()
    one.add_argument("--fresh", action="store_true", help="forget what was done in the demo and begin anew")
    one.add_argument("--links", action="store_true", help="only print fresh sign-in links, and end")
    one.add_argument("--remove", action="store_true", help="only delete the demo's data folder, and end")

    def run(chosen: argparse.Namespace) -> int:
        from twoway.operate.demo import command as demo

        return demo.run(
            port=chosen.port, data=chosen.data, now=chosen.now, fresh=chosen.fresh, links=chosen.links,
            remove=chosen.remove,
        )  # fmt: skip

    command.set_defaults(run=run)


def _serve(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Serves Twoway over HTTP, with one worker beside it. Put a reverse proxy with HTTPS in front. "
        "An empty database gets its tables; an older one is brought up to date only with --migrate."
    )
    command.add_argument(
        "--bind", default="127.0.0.1:8000", metavar="HOST:PORT", help="where to listen (%(default)s); unix:PATH too"
    )
    command.add_argument("--processes", type=_count, default=2, metavar="N", help="web processes (%(default)s)")
    command.add_argument("--threads", type=_count, default=4, metavar="N", help="threads in each (%(default)s)")
    command.add_argument("--no-worker", action="store_true", help="start no worker; run `twoway worker` elsewhere")
    command.add_argument("--migrate", action="store_true", help="bring an older database up to date first")

    def run(chosen: argparse.Namespace) -> int:
        from twoway.operate import serve

        return serve.run(
            bind=chosen.bind, processes=chosen.processes, threads=chosen.threads, worker=not chosen.no_worker,
            migrate=chosen.migrate,
        )  # fmt: skip

    command.set_defaults(run=run)


def _worker(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Sends letters and does what the dates of programmes ask for. `twoway serve` starts one; on PostgreSQL any "
        "number may run, on any number of machines."
    )
    command.add_argument("--once", action="store_true", help="do what is due now, and end")
    command.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)

    def run(chosen: argparse.Namespace) -> int:
        from twoway.operate import worker

        return worker.run(once=chosen.once, with_parent=chosen.with_parent)

    command.set_defaults(run=run)


def _check(command: argparse.ArgumentParser) -> None:
    command.description = "Looks at the settings and the database; ends with 1 when something is at fault."

    def run(chosen: argparse.Namespace) -> int:
        from twoway.operate import checks

        return checks.run()

    command.set_defaults(run=run)


def _new_organisation(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Opens an organisation and prints a one-use link, good for 30 days, that makes whoever opens it its first "
        "admin. No letter is written: pass the link on yourself."
    )
    command.add_argument("name", metavar="NAME", help='what it is called, such as "Northwind"')
    command.add_argument("--admin", required=True, metavar="ADDRESS", help="the first admin's mail address")
    command.add_argument("--same-name", action="store_true", help="open it although another one is called the same")

    def run(chosen: argparse.Namespace) -> int:
        from twoway.operate import founding

        return founding.run(name=chosen.name, admin=chosen.admin, same_name=chosen.same_name)

    command.set_defaults(run=run)


def _import_roster(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Reads a CSV or .xlsx file of people and prints one tab-separated line a row: number, good, mendable or "
        "refused, column, reason. Columns are what they were in the programme's last file with the same headers, "
        "otherwise guessed. Keeps them as expected when all are good; nobody is written to. Ends with 1 when "
        "some rows are not good, with 2 when nothing could be read or kept."
    )
    command.add_argument("file", metavar="FILE", help="the file; only an email address a row is needed")
    command.add_argument("--programme", required=True, metavar="ORG/PROGRAMME", help="as in the programme's address")
    command.add_argument(
        "--as", dest="as_role", choices=("mentor", "mentee"), default="", help="what everybody in it is"
    )
    command.add_argument("--dry-run", action="store_true", help="only say what would be kept")
    command.add_argument("--keep-good", action="store_true", help="keep the good rows even when others are not")

    def run(chosen: argparse.Namespace) -> int:
        from twoway.operate import rosters

        return rosters.run(
            file=chosen.file, programme=chosen.programme, as_role=chosen.as_role, dry_run=chosen.dry_run,
            keep_good=chosen.keep_good,
        )  # fmt: skip

    command.set_defaults(run=run)


def _fetch_text_model(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Fetches a published sentence model once, into a folder that does not exist yet, and writes down the checksum "
        "of every file. The folder is then named in TWOWAY_TEXT_MODEL. Twoway itself never fetches anything."
    )
    command.add_argument("name", metavar="NAME", help="as it is published, such as publisher/model")
    command.add_argument("--into", required=True, metavar="FOLDER", help="where to put it; must not exist yet")
    command.add_argument("--revision", default="", metavar="ID", help="a certain version of it; otherwise the newest")
    command.add_argument("--prefix", default="", metavar="WORDS", help="put before every sentence, if the model asks")
    command.add_argument("--mirror", default="", metavar="URL", help="fetch it from there instead")

    def run(chosen: argparse.Namespace) -> int:
        from twoway.operate import text_model

        return text_model.fetch(
            name=chosen.name, into=chosen.into, revision=chosen.revision, prefix=chosen.prefix, mirror=chosen.mirror
        )

    command.set_defaults(run=run)


def _seal_text_model(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Tries a sentence model in a folder that was copied here by other means and writes down the checksum of every "
        "file, so that TWOWAY_TEXT_MODEL may name the folder."
    )
    command.add_argument("folder", metavar="FOLDER")
    command.add_argument(
        "--name", default="", metavar="NAME", help="what receipts call it; otherwise the folder's name"
    )
    command.add_argument("--prefix", default="", metavar="WORDS", help="put before every sentence, if the model asks")

    def run(chosen: argparse.Namespace) -> int:
        from twoway.operate import text_model

        return text_model.seal_folder(folder=chosen.folder, name=chosen.name, prefix=chosen.prefix)

    command.set_defaults(run=run)


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 200:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 200")
    return int(text)
