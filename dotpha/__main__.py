"""The command `dotpha`: run, and every app's own sub-commands."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from typing import Any

from dotpha.platform.refusals import Refused


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 found something wrong, 2 bad input, with a sentence on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        said = parser(given).parse_args(given)
        return int(said.run(said))
    except Refused as refusal:
        _set_up()  # a start that failed early has no translations yet
        print(refusal, file=sys.stderr)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 -- whoever read our output has left
    except OSError as error:
        print(f"{error.filename}: {error.strerror}" if error.filename else error, file=sys.stderr)
    except UnicodeDecodeError:
        print("The input is not UTF-8 text.", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not _is_lost_database(error):
            raise
        print("The database does not answer. Start it with `dotpha run`, then try again.", file=sys.stderr)
    return 2


def parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """Every sub-command with its help. `commands.py` of an app has `register(subparsers)`.

    `run` alone is told apart at once: it must not wait for Django.
    """
    root = argparse.ArgumentParser(prog="dotpha", description="From a resolution to checked results.")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser(
        "run",
        help="start everything and stay until Ctrl-C",
        description="Start database, site, event process and worker; stay until Ctrl-C.",
    ).set_defaults(run=run)
    if list(given[:1]) != ["run"]:
        _add_commands_of_apps(commands)
    return root


def _add_commands_of_apps(commands: Any) -> None:
    _set_up()
    from django.apps import apps  # noqa: PLC0415 -- after _set_up()

    for config in apps.get_app_configs():
        if config.name.startswith("dotpha.") and importlib.util.find_spec(f"{config.name}.commands"):
            importlib.import_module(f"{config.name}.commands").register(commands)


def _set_up() -> None:
    """Django for a command: one connection without a pool, sentences in the terminal's language."""
    _port()
    import django  # noqa: PLC0415 -- `run` does without
    from django.conf import settings  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    database: Any = settings.DATABASES["default"]
    database["OPTIONS"].pop("pool", None)
    django.setup()
    wanted = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    translation.activate(wanted[:2] if wanted[:2] in dict(settings.LANGUAGES) else "en")


def _is_lost_database(error: Exception) -> bool:
    from django.db import InterfaceError, OperationalError  # noqa: PLC0415 -- slow to import

    return isinstance(error, OperationalError | InterfaceError)


def _port() -> int:
    written = os.environ.get("DOTPHA_PORT") or "8000"
    if not (written.isdecimal() and 0 < int(written) < 65536):
        raise SystemExit(_complain(f"DOTPHA_PORT={written} is not a port: give a number from 1 to 65535."))
    return int(written)


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


def run(arguments: argparse.Namespace) -> int:
    """Start the whole product; see `platform/supervisor.py`."""
    from dotpha.platform.supervisor import Supervisor  # noqa: PLC0415 -- other commands do without

    host = os.environ.get("DOTPHA_HOST") or "127.0.0.1"
    return Supervisor(host, _port(), demo=os.environ.get("DOTPHA_DEMO") == "1").run()


if __name__ == "__main__":
    sys.exit(main())
