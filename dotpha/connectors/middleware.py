"""A POST repeated with the same Idempotency-Key answers as the first one did."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import tokens
from dotpha.platform import advice, days, errors
from dotpha.platform.action import TRIES, sqlstate
from dotpha.platform.models import Answer
from dotpha.platform.refusals import Refused

Answerer = Callable[[HttpRequest], HttpResponse]
LONGEST_KEY = 200


def idempotency(get_response: Answerer) -> Answerer:
    """Keep the answer to a POST below /api/ with its key, for the same person, in the transaction
    of the change itself: either both are there or neither is."""

    def answer(request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method != "POST" or not errors.is_api(request):
            return get_response(request)
        if len(key) > LONGEST_KEY or not key.isprintable():
            return errors.problem(
                Refused(
                    "key_unreadable",
                    _("An Idempotency-Key has at most 200 printable characters."),
                    do=advice.SHORTEN,
                    status=400,
                )
            )
        who = tokens.name_of(request)
        if not who:
            return get_response(request)
        digest = _digest(request)
        for attempt in range(1, TRIES + 1):
            try:
                return _once(request, get_response, who, key, digest)
            except OperationalError as error:
                if attempt == TRIES or sqlstate(error) not in ("40001", "40P01"):
                    raise
        raise AssertionError("unreachable")

    return answer


def _digest(request: HttpRequest) -> str:
    """Stands for what is asked. The parts of a form are read one by one: the lines between them differ each time, and
    its files are larger than a body may be in memory."""
    asked = hashlib.sha256(request.get_full_path().encode() + b"\0")
    if request.content_type != "multipart/form-data":
        asked.update(request.body)
        return asked.hexdigest()
    asked.update(json.dumps(sorted(request.POST.lists())).encode())
    files = [(name, each) for name in sorted(request.FILES) for each in request.FILES.getlist(name)]
    for field, given in files:
        asked.update(json.dumps([field, given.name, given.size]).encode())
        for piece in given.chunks():
            asked.update(piece)
        given.seek(0)
    return asked.hexdigest()


def _once(request: HttpRequest, get_response: Answerer, who: str, key: str, digest: str) -> HttpResponse:
    with transaction.atomic():
        with connection.cursor() as cursor:
            # A parallel request with the same key waits here until the first one has ended.
            cursor.execute(
                "INSERT INTO platform_answer (actor, key, digest, at, content_type, body)"
                " VALUES (%s, %s, %s, %s, '', '')"
                " ON CONFLICT DO NOTHING RETURNING id",
                [who, key, digest, days.now()],
            )
            row = cursor.fetchone()
        if row is None:
            return _again(Answer.objects.get(actor=who, key=key), digest)
        response = get_response(request)
        if response.status_code >= 500:
            transaction.set_rollback(True)
            return response
        Answer.objects.filter(pk=row[0]).update(
            status=response.status_code,
            content_type=response.headers.get("Content-Type", ""),
            body=response.content.decode(),
        )
        return response


def _again(held: Answer, digest: str) -> HttpResponse:
    if held.digest != digest:
        return errors.problem(
            Refused("key_used", _("This Idempotency-Key was used for another request. Take a new one."))
        )
    return HttpResponse(held.body, status=held.status or 200, content_type=held.content_type)
