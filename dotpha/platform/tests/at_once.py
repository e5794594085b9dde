"""Several changes at one moment, each on its own connection, for the tests of every app."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection

from dotpha.platform.refusals import Refused


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Run the calls together, each on its own connection; "" for those that were done, else the code, sorted."""
    gate = Barrier(len(calls), timeout=20)
    answers: list[str] = []

    def run(call: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            gate.wait()
            call()
            answers.append("")
        except Refused as refusal:
            answers.append(refusal.code)
        except Exception as error:
            answers.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(answers)
