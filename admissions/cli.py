"""The `admissions` command: reads the arguments and calls the function that does the work."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from admissions.errors import AdmissionsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return the exit status; an error of ours is one line on stderr and status 2."""
    given = parser().parse_args(arguments)
    try:
        return int(given.run(given) or 0)
    except AdmissionsError as error:
        print(f"admissions: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser; its help is what docs/operations.md lists."""
    top = argparse.ArgumentParser(prog="admissions", description="The admissions assistant's own commands.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, help_text: str, run: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_text, description=help_text)
        sub.set_defaults(run=_call(run))
        return sub

    up = add("up", "train if needed and start everything of one machine; Ctrl-C stops it", "up")
    up.add_argument(
        "--no-desk", action="store_true", help="without a webhook, keep handoffs instead of starting the demo's desk"
    )
    train = add("train", "train a model for the present content, unless there is one", "train")
    train.add_argument("--force", action="store_true", help="train even when there is a model for this content")
    add("parse", "read one message a line on stdin, write one JSON object a line", "parse")
    evaluate = add("eval", "measure the model on files of `label TAB text`", "evaluate")
    evaluate.add_argument("files", nargs="+", metavar="FILE.tsv")
    evaluate.add_argument("--json", action="store_true", help="write the figures as JSON")
    evaluate.add_argument(
        "--stock", action="store_true", help="beside Rasa's default pipeline, trained on the same data"
    )
    evaluate.add_argument("--variants", action="store_true", help="also mistyped, in capitals and without punctuation")
    evaluate.add_argument("--pictures", metavar="FOLDER", help="write a calibration plot and a confusion matrix there")
    evaluate.add_argument(
        "--floors", action="store_true", help="exit with 1 when a figure is below its floor in eval/floors.yml"
    )
    add("safety-report", "measure how well danger is recognised and write docs/safety-report.md", "safety_report")
    outbox = add("outbox", "list, show or retry handoffs; show endpoints and enable one again", "outbox")
    outbox.add_argument("action", choices=["list", "show", "retry", "endpoints", "enable"])
    outbox.add_argument(
        "handoff", nargs="?", metavar="ID", help="handoff id or reference; for enable an endpoint's name"
    )
    outbox.add_argument("--state", help="list or retry only what is in this state, for example failed")
    outbox.add_argument("--since", metavar="TIME", help="retry what was made from this ISO time on, with a zone or Z")
    outbox.add_argument("--until", metavar="TIME", help="retry what was made before this ISO time, with a zone or Z")
    add("worker", "deliver handoffs to the webhook until stopped", "worker")
    purge = add("purge", "delete what is older than centre.yml keeps it, as the worker does every hour", "purge")
    purge.add_argument("--dry-run", action="store_true", help="only say how much it is")
    add("audit", "show who read handoffs, and whether that record is as it was written", "audit")
    add("receiver", "run the sample admissions desk: verifies signatures and shows what came", "receiver")
    claim = add("claim", "note that somebody has taken on a handoff: no second notice of it goes out", "claim")
    claim.add_argument("handoff", metavar="ID", help="handoff id or reference")
    doctor = add("doctor", "check configuration and reachability, and say what to mend", "doctor")
    doctor.add_argument("--offline", action="store_true", help="send no test to the webhook")
    doctor.add_argument("--notify", action="store_true", help="send a test notice to ADMISSIONS_NOTIFY_URLS")
    secret = add("secret", "make a webhook secret or a data key, or change the data key", "secret")
    secret.add_argument("what", nargs="?", choices=["webhook", "data-key", "rotate-data-key"], default="webhook")
    return top


def _call(name: str):  # type: ignore[no-untyped-def]
    """Return the subcommand's function, imported when it runs: only some of them may load TensorFlow."""

    def run(given: argparse.Namespace) -> int:
        from importlib import import_module

        return int(import_module(f"admissions.commands.{name}").run(given) or 0)

    return run


if __name__ == "__main__":
    sys.exit(main())
