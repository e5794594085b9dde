"""Health, files, presence, saved views: what belongs to no app of its own."""

from __future__ import annotations

from django.contrib import messages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from dotpha.platform import advice, files, middleware, presences, readings, saved_views, subjects, text
from dotpha.platform.pages import actor_of, next_of
from dotpha.platform.refusals import Refused

_ready: dict[str, bool] = {}


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """To the reader's own language: the one chosen before, else the browser's, else Vietnamese."""
    code = request.COOKIES.get("dotpha_language", "")
    answer = HttpResponseRedirect(f"/{code if code in middleware.CODES else middleware.preferred(request)}/")
    answer["Vary"] = "Accept-Language, Cookie"
    return answer


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive."""
    return JsonResponse({"alive": True})


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, queue and migrations in order: 200; else 503 with what is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
            queue = bool(cursor.fetchone()[0])
        if not _ready.get("migrations"):  # once in order, they stay so for the life of this process
            executor = MigrationExecutor(connection)
            _ready["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks = {"database": True, "queue": queue, "migrations": _ready["migrations"]}
    except DatabaseError:
        checks = {"database": False, "queue": False, "migrations": False}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """A stored file, for those who may read the thing it belongs to; always as an attachment."""
    stored = files.one_readable(actor_of(request), pk)
    readings.note_file(actor_of(request), stored.subject, {"file": stored.pk, "sha256": stored.sha256})
    answer = FileResponse(files.open_stored(stored), as_attachment=True, filename=stored.name)
    for name, value in files.download_headers(stored.name, stored.media_type).items():
        answer[name] = value
    return answer


@require_POST
def presence(request: HttpRequest) -> HttpResponse:
    """I have this record open; the answer names who else has. With `leaves` I have it open no longer."""
    subject, by = text.clean(request.POST.get("subject", ""))[: subjects.LONGEST], actor_of(request)
    if by.user_id is None:
        raise Refused("sign_in", _("Sign in, or send a valid token."), status=401)
    if "leaves" in request.POST:
        presences.left(subject, by)
        return HttpResponse(status=204)
    if not files.may_read(by, subject):  # who has it open tells that it is there
        raise Refused("not_found", _("There is nothing here under this name."), do=advice.FIND, status=404)
    others = presences.seen(subject, by)
    return JsonResponse(
        {
            "others": others,
            "sentence": _("Also open at: %(names)s") % {"names": ", ".join(others)} if others else "",
        }
    )


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the address of a list under a name."""
    view = saved_views.save_view(
        by=actor_of(request),
        list_name=request.POST.get("list_name", ""),
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        shared_scope=request.POST.get("shared_scope", ""),
        is_default=bool(request.POST.get("is_default")),
    )
    messages.success(request, _("The view “%(name)s” was saved.") % {"name": view.name})
    wanted = next_of(request)
    if not wanted:
        return redirect("/desk/")
    query = QueryDict(view.query, mutable=True)
    query["view"] = str(view.pk)
    return redirect(f"{wanted.partition('?')[0]}?{query.urlencode()}")


@require_POST
def remove_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a saved view away; a shared one only by its owner."""
    saved_views.remove_view(by=actor_of(request), pk=pk)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(next_of(request) or "/desk/")
