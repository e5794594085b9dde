"""Why jobs failed, kept for the page that shows those which were given up (reliability F3)."""

from __future__ import annotations

import errno
import logging

from django.db import Error, connection

from dotpha.platform import days
from dotpha.platform.models import JobFailure
from dotpha.platform.refusals import Refused

LONGEST = 80
_NO_WAY = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN}
_MAIL = "smtplib"  # named, not imported: what may open a connection is a short list
log = logging.getLogger("dotpha.jobs")


def note(job: int, error: Exception) -> None:
    """Keep why a try of a job failed, in place of what was kept of the try before. It never hides that error."""
    reason, detail = reason_of(error), detail_of(error)
    try:
        keep(job, reason, detail)
    except Error:  # of a connection that was closed as well
        log.warning("job %s failed, and its reason could not be kept: %s %s", job, reason, detail)


def keep(job: int, reason: JobFailure.Reason, detail: str = "") -> None:
    """Keep a reason that no error told."""
    told = {"reason": reason, "detail": detail[:LONGEST], "at": days.now()}
    JobFailure.objects.update_or_create(job=job, defaults=told)


def forget_ended() -> None:
    """Take away what is kept of jobs that were done after all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM platform_jobfailure f WHERE NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.id = f.job)"
        )


def reason_of(error: Exception) -> JobFailure.Reason:
    """Which of the reasons an error stands for."""
    if isinstance(error, Refused):
        return JobFailure.Reason.REFUSED
    if isinstance(error, Error):
        return JobFailure.Reason.DATABASE
    if not isinstance(error, OSError):
        return JobFailure.Reason.PRODUCT
    return JobFailure.Reason.CONNECTION if _is_of_a_connection(error) else JobFailure.Reason.STORAGE


def _is_of_a_connection(error: OSError) -> bool:
    """Whether another machine, or the way to it, said no: a name that leads nowhere has a number below nought."""
    is_known = type(error).__module__ == _MAIL or isinstance(error, ConnectionError | TimeoutError)
    return is_known or error.errno in _NO_WAY or (error.errno or 0) < 0


def detail_of(error: Exception) -> str:
    """The name and number of an error, never its words: they may hold an address or the text of a file."""
    if isinstance(error, Refused):
        return error.code
    number = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {number}" if number else type(error).__name__
