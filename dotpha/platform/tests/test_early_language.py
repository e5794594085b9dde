"""What is refused before anybody knows who asks is said in the language that the request wishes."""

import pytest
from django.test import Client

FRENCH = "Cette requête est illisible."


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/fr/?q=%00", {}),
        ("/desk/?q=%00", {"headers": {"Accept-Language": "fr, en;q=0.5"}}),
        ("/api/v1/tasks?q=%00", {"headers": {"Accept-Language": "fr"}}),
    ],
)
def test_a_request_that_cannot_be_read_is_answered_in_its_language(path: str, given: dict[str, dict[str, str]]) -> None:
    answer = Client().get(path, **given)
    assert answer.status_code == 400
    assert answer.headers["Content-Language"] == "fr"
    said = answer.json()["title"] if path.startswith("/api/") else answer.content.decode()
    assert FRENCH in said


def test_the_language_that_a_reader_chose_comes_before_that_of_the_browser() -> None:
    client = Client(headers={"Accept-Language": "fr"})
    client.cookies["dotpha_language"] = "th"
    assert client.get("/desk/?q=%00").headers["Content-Language"] == "th"
