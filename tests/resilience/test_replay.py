"""The same request sent many times is done once; forged and broken ones do nothing (F6, F7, A3, A5, B7)."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.instance import Instance

PATH = "/api/v1/programmes/resolution57/tasks"


def body(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "title": "Một lần", "lead": "most", "deadline": "2027-01-31", **more}


def post(site: Instance, user: str, what: dict[str, Any], **headers: str) -> tuple[int, bytes]:
    given = {"Authorization": f"Bearer {site.token(user)}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    status, _headers, said = site.request("POST", PATH, what, given)
    return status, said


def test_fifty_equal_posts_with_a_key_make_one_record(site: Instance) -> None:
    site.token("office")
    with ThreadPoolExecutor(50) as pool:
        answers = list(
            pool.map(lambda _n: post(site, "office", body("replay-1"), Idempotency_Key="replay-1"), range(50))
        )
    done = {answer for answer in answers if answer[0] < 300}
    waiting = {status for status, _said in answers if status >= 300}
    assert (len(done), waiting <= {409, 425}) == (1, True), answers[:5]
    assert post(site, "office", body("replay-1"), Idempotency_Key="replay-1") == done.pop()


def test_fifty_equal_posts_without_a_key_make_one_record(site: Instance) -> None:
    site.token("office")
    with ThreadPoolExecutor(50) as pool:
        statuses = sorted(
            status for status, _said in pool.map(lambda _n: post(site, "office", body("replay-2")), range(50))
        )
    assert (statuses.count(200) + statuses.count(201), set(statuses[1:]) - {200, 201}) == (1, {409})


def test_a_key_holds_for_one_body_and_one_person(site: Instance) -> None:
    first = post(site, "office", body("replay-3"), Idempotency_Key="replay-3")
    other_body = post(site, "office", body("replay-4"), Idempotency_Key="replay-3")
    other_person = post(site, "agency.mof", body("replay-3"), Idempotency_Key="replay-3")
    assert (first[0] < 300, other_body[0], other_person[0] >= 400) == (True, 422, True)
    assert other_person[1] != first[1]


@pytest.mark.parametrize("name", ["state", "by", "recorded_at", "id", "is_sample", "verified_by", "completed_by"])
def test_fields_nobody_asked_for_are_refused_by_name(site: Instance, name: str) -> None:
    status, said = post(site, "office", body("extra-1", **{name: "x"}))
    assert (status, name in said.decode()) == (422, True)
    assert site.api("GET", "/tasks/extra-1", "office")[0] == 404


def test_a_session_without_its_form_token_changes_nothing(site: Instance) -> None:
    cookie = signed_in(site)
    status, _headers, said = site.request(
        "POST", PATH, body("forged-1"), {"Cookie": cookie, "Origin": "http://evil.example"}
    )
    assert (status, json.loads(said)["code"]) == (403, "forged")
    assert site.api("GET", "/tasks/forged-1", "office")[0] == 404


def signed_in(site: Instance) -> str:
    """The session cookie of the standing office."""
    _status, headers, page = site.request("GET", "/account/login/")
    token_cookie = headers["set-cookie"].partition(";")[0]
    token = page.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    given = {"Cookie": token_cookie, "X-CSRFToken": token, "Content-Length": "0"}
    status, headers, _page = site.request("POST", "/account/demo/office/", None, given)
    assert status == 302
    return next(
        part.partition(";")[0].strip()
        for part in headers["set-cookie"].split(",")
        if "sessionid" in part.partition("=")[0]
    )


def test_connections_cut_in_the_midst_leave_nothing_half_written(site: Instance) -> None:
    data = json.dumps(body("cut-1")).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nAuthorization: Bearer {site.token('office')}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    ).encode()
    for offset in range(1, len(head) + len(data) - 1, 23):
        with socket.create_connection(("127.0.0.1", site.port), timeout=5) as raw:
            raw.sendall((head + data)[:offset])
    assert site.api("GET", "/tasks/cut-1", "office")[0] == 404
    assert site.is_ready()


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/tasks?page=1000000000",
        "/api/v1/tasks?page_size=501",
        "/api/v1/tasks?order=" + "x" * 5000,
        "/api/v1/tasks?q=" + "a" * 8000,
        "/api/v1/tasks?state=" + ",".join(["x"] * 300),
        "/api/v1/tasks?" + "&".join(f"a{n}=1" for n in range(2000)),
        "/api/v1/tasks?as_of=9999-99-99",
        "/desk/",
    ],
)
def test_large_and_strange_questions_get_an_answer(site: Instance, path: str) -> None:
    status, _headers, _said = site.request("GET", path, None, {"Authorization": f"Bearer {site.token('office')}"})
    assert status < 500


@pytest.mark.parametrize(
    "said", ["[" * 100_000, '{"key": 1e400}', '{"key": NaN}', '{"key": "\\ud800"}', "\x00", '{"a":' * 50_000]
)
def test_broken_bodies_are_refused(site: Instance, said: str) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as raw:
        data = said.encode()
        raw.sendall(
            f"POST {PATH} HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {site.token('office')}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n".encode()
            + data
        )
        answer = raw.makefile("rb").readline().decode()
    assert answer.split()[1] in {"400", "413", "422"}, answer
