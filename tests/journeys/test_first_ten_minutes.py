"""The first ten minutes: a fresh annex becomes tasks; one is assigned, reported, approved, extended, freed and done.

Everything happens on pages, by the people whose work it is. With DOTPHA_PICTURES=folder the journey also takes the
pictures of the README there.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, expect

from dotpha.programmes.tests.annex_fixtures import annex
from tests.journeys.conftest import Visitor

MINISTRY, FINANCE = "Bộ Khoa học và Công nghệ", "Bộ Tài chính"
NEXT_YEAR = date.today().year + 1
PROMISED, ASKED = date(NEXT_YEAR, 6, 30), date(NEXT_YEAR, 9, 30)
DATABASE = "Xây dựng cơ sở dữ liệu quốc gia về chuyên gia khoa học, công nghệ và đổi mới sáng tạo"
SANDBOX = "Ban hành hướng dẫn thử nghiệm có kiểm soát đối với công nghệ mới tại các viện nghiên cứu"
FUND = "Trình ban hành quy chế hoạt động của Quỹ đầu tư mạo hiểm quốc gia về công nghệ chiến lược"
ROWS = [
    ["I. Hoàn thiện thể chế"],
    ["1", DATABASE, MINISTRY, "Bộ Giáo dục và Đào tạo", f"Tháng 12/{NEXT_YEAR}", "Cơ sở dữ liệu được vận hành"],
    ["2", SANDBOX, "Bộ Khoa hoc Công ngệ", "Bộ Tư pháp", f"Quý III/{NEXT_YEAR}", "Thông tư"],
    ["3", FUND, FINANCE, "Ngân hàng Nhà nước Việt Nam", f"{PROMISED:%d/%m/%Y}", "Nghị định của Chính phủ"],
]
SUMMARY = "Đã hoàn thành dự thảo Quy chế, gửi lấy ý kiến 12 bộ và 20 địa phương; đã tiếp thu 8 bản góp ý."
NEXT_STEP = "Gửi Bộ Tư pháp thẩm định."
LATER = "Cần thêm thời gian thẩm định mức vốn nhà nước; dự thảo đã xong, ngày mới tính cả 60 ngày thẩm định."
IN_THE_WAY = "Chưa có ý kiến về tỷ lệ vốn góp của ngân sách; đề nghị trả lời bằng văn bản để trình Chính phủ."
ANSWER = "Đã có Công văn đồng ý tỷ lệ vốn góp của ngân sách không quá 30%."
FREED = "Đã nhận công văn và đưa tỷ lệ 30% vào Điều 7 của dự thảo."
FINISHED = "Chính phủ đã ban hành Nghị định về Quỹ đầu tư mạo hiểm quốc gia."
STEPS = [
    "task.added", "task.assigned", "task.accepted", "report.submitted", "report.approved", "extension.requested",
    "extension.granted", "blocker.raised", "blocker.answered", "blocker.resolved", "report.submitted",
    "report.approved",
]  # fmt: skip
"""What the record tells of the task, in its order."""


def test_the_first_ten_minutes(somebody: Visitor) -> None:
    assigned, done = looks_at_the_programme(somebody)
    key = imports_an_annex(somebody)
    assigns_it(somebody, key)

    takes_it_on_and_reports(somebody, key)
    approves_the_report(somebody)
    asks_for_an_extension(somebody, key)
    grants_the_extension(somebody, key)

    raises_a_blocker(somebody, key)
    answers_the_blocker(somebody)
    closes_the_blocker(somebody, key)
    finishes(somebody, key)

    assert figures(somebody) == (assigned + 3, done + 1)
    finds_every_step(somebody, key)


def becomes(visitor: Visitor, user: str) -> None:
    """Somebody else sits down at the screen and lands in their inbox or overview."""
    visitor.page.context.clear_cookies()
    visitor.enters_as(user)


def presses(visitor: Visitor, button: Locator, lands_on: str) -> None:
    """Press what leads to another page; a form that comes back says what it objects to."""
    with visitor.page.expect_navigation():
        button.click()
    objections = visitor.page.locator("main [role=alert]").all_inner_texts()
    assert re.search(lands_on, visitor.page.url), (visitor.page.url, lands_on, objections)


def fills(visitor: Visitor, **said: str) -> None:
    """Type into the fields of the page, by their names."""
    for name, value in said.items():
        visitor.page.locator(f'main [name="{name}"]').fill(value)


def acts(visitor: Visitor, value: str) -> Locator:
    """The button of one decision."""
    return visitor.page.locator(f'main button[name="act"][value="{value}"]')


def pictured(visitor: Visitor, name: str) -> None:
    """Keep what is on the screen as a picture, where pictures are asked for."""
    folder = os.environ.get("DOTPHA_PICTURES")
    if folder:
        visitor.page.evaluate("scrollTo(0, 0)")
        visitor.page.screenshot(path=Path(folder) / f"{name}.png")


def opens_from_the_inbox(visitor: Visitor, kind: str, words: str) -> None:
    """The duty of this kind that says these words, by its own button."""
    visitor.goes_to(f"/desk/inbox/?kind={kind}")
    visitor.finds_it_accessible()
    duty = visitor.page.locator("main li", has_text=words)
    presses(visitor, duty.locator("a.btn"), r"/desk/(tasks|reports|extensions|blockers)/")
    visitor.finds_it_accessible()


def figures(visitor: Visitor) -> tuple[int, int]:
    """How many tasks of the programme are assigned and how many done, as the leader reads them."""
    becomes(visitor, "leader")
    visitor.goes_to("/desk/leader/?programme=resolution57")
    visitor.finds_it_accessible()
    shown = visitor.page.locator(".kpis .fig .v").all_inner_texts()
    return int(shown[0].replace(".", "")), int(shown[3].replace(".", ""))


def looks_at_the_programme(visitor: Visitor) -> tuple[int, int]:
    """The leader's figures, and behind them the real programme with its tasks."""
    assigned, done = figures(visitor)
    assert assigned >= 140
    becomes(visitor, "office")
    visitor.goes_to("/desk/programmes/resolution57/")
    expect(visitor.page.locator(".kpis .fig .v").first).to_have_text(str(assigned))
    visitor.finds_it_accessible()
    visitor.goes_to("/desk/tasks/")
    expect(visitor.page.locator("main tbody tr").first).to_be_visible()
    visitor.finds_it_accessible()
    return assigned, done


def imports_an_annex(visitor: Visitor) -> str:
    """The office puts the one doubtful lead right and keeps the rows; answers the key of the last new task."""
    page = visitor.page
    visitor.goes_to("/desk/tasks/import/?programme=resolution57")
    visitor.finds_it_accessible()
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    page.locator("#file").set_input_files({"name": "phu-luc.docx", "mimeType": docx, "buffer": annex(ROWS)})
    presses(visitor, page.locator("main form button.btn-primary"), r"/desk/tasks/import/\?.*file=")
    visitor.finds_it_accessible()
    expect(page.locator('main input.form-control[name$="-lead"]')).to_have_count(1)
    pictured(visitor, "import")
    fills(visitor, **{"2-lead": MINISTRY})
    presses(visitor, page.locator('button[name="look"]').last, "/desk/tasks/import/")
    expect(page.locator('main input.form-control[name$="-lead"]')).to_have_count(0)
    expect(page.locator("main tbody tr")).to_have_count(3)
    visitor.finds_it_accessible()
    presses(visitor, page.locator('button[name="keep"]'), r"/desk/tasks/\?programme=resolution57")
    visitor.finds_it_accessible()
    for title in (DATABASE, SANDBOX, FUND):
        expect(page.get_by_role("link", name=title[:60])).to_be_visible()
    presses(visitor, page.get_by_role("link", name=FUND[:60]), r"/desk/tasks/resolution57-[0-9a-f]+-003/")
    return page.url.rstrip("/").rpartition("/")[2]


def assigns_it(visitor: Visitor, key: str) -> None:
    """The office gives the task to the ministry that shall do it."""
    visitor.finds_it_accessible()
    visitor.page.locator("#main details.menu > summary").first.click()
    presses(visitor, visitor.page.locator(f'a[href="/desk/tasks/{key}/acts/assign/"]'), "/acts/assign/")
    visitor.finds_it_accessible()
    fills(visitor, lead=MINISTRY, reason="Theo kết luận của Ban Chỉ đạo.", document="03/NQ-CP")
    presses(visitor, visitor.page.locator("main form button.btn-primary"), f"/desk/tasks/{key}/$")
    expect(visitor.page.locator("aside .dlist dd").first).to_contain_text(MINISTRY)
    visitor.finds_it_accessible()


def takes_it_on_and_reports(visitor: Visitor, key: str) -> None:
    """The ministry finds the new task in its inbox, takes it on and reports."""
    page = visitor.page
    becomes(visitor, "agency.most")
    opens_from_the_inbox(visitor, "to_take_on", FUND)
    presses(visitor, page.locator(f'form[action="/desk/tasks/{key}/acts/accept/"] button'), f"/desk/tasks/{key}/$")
    presses(visitor, page.locator(f'a[href="/desk/tasks/{key}/report/"]').last, "/report/$")
    fills(visitor, percent="60", summary=SUMMARY, next_step=NEXT_STEP)
    visitor.finds_it_accessible()
    pictured(visitor, "report")
    presses(visitor, page.locator('button[name="send"]'), r"/desk/(tasks|reports)/")
    visitor.finds_it_accessible()


def approves_the_report(visitor: Visitor) -> None:
    """Somebody else in the ministry approves; the task page shows the progress at once."""
    becomes(visitor, "approver.most")
    opens_from_the_inbox(visitor, "to_approve", FUND)
    expect(visitor.page.locator("main")).to_contain_text(SUMMARY)
    presses(visitor, acts(visitor, "approve"), "/desk/tasks/[^/]+/$")
    expect(visitor.page.locator("#progress")).to_contain_text("60")
    visitor.finds_it_accessible()


def asks_for_an_extension(visitor: Visitor, key: str) -> None:
    """The ministry asks for a later day; the day in force stays."""
    page = visitor.page
    becomes(visitor, "agency.most")
    visitor.goes_to(f"/desk/tasks/{key}/")
    presses(visitor, page.locator(f'a.btn[href="/desk/tasks/{key}/extension/"]'), "/extension/$")
    visitor.finds_it_accessible()
    page.locator('main [name="reason_kind"]').select_option(index=1)
    fills(visitor, new_due_on=ASKED.isoformat(), reason=LATER)
    presses(visitor, page.locator("main form button.btn-primary"), f"/desk/tasks/{key}/$")
    expect(due(visitor)).to_have_attribute("datetime", PROMISED.isoformat())
    visitor.finds_it_accessible()


def due(visitor: Visitor) -> Locator:
    """The day on which the task is due, among the facts of its page."""
    return visitor.page.locator("aside .dlist .dl time").first


def grants_the_extension(visitor: Visitor, key: str) -> None:
    """The office finds the request in its inbox and grants it; the task is due on the new day."""
    becomes(visitor, "office")
    opens_from_the_inbox(visitor, "to_decide", FUND)
    presses(visitor, acts(visitor, "grant"), f"/desk/tasks/{key}/$")
    expect(due(visitor)).to_have_attribute("datetime", ASKED.isoformat())
    visitor.finds_it_accessible()


def raises_a_blocker(visitor: Visitor, key: str) -> None:
    """The ministry says who holds it up; the leader sees it."""
    page = visitor.page
    becomes(visitor, "agency.most")
    visitor.goes_to(f"/desk/tasks/{key}/")
    presses(visitor, page.locator(f'a.btn[href="/desk/tasks/{key}/blocker/"]'), "/blocker/$")
    visitor.finds_it_accessible()
    page.locator('main [name="kind"]').select_option(index=1)
    fills(visitor, text=IN_THE_WAY, asks_of=FINANCE)
    presses(visitor, page.locator("main form button.btn-primary"), f"/desk/tasks/{key}/$")
    expect(page.locator('section[aria-labelledby="blockers"]')).to_contain_text(IN_THE_WAY)
    visitor.finds_it_accessible()
    figures(visitor)
    expect(page.locator("main aside")).to_contain_text(IN_THE_WAY[:60])
    pictured(visitor, "leader")


def answers_the_blocker(visitor: Visitor) -> None:
    """The body asked finds it in its inbox and says what it did."""
    becomes(visitor, "agency.mof")
    opens_from_the_inbox(visitor, "to_answer", IN_THE_WAY)
    fills(visitor, answer=ANSWER)
    presses(visitor, acts(visitor, "answer"), r"/desk/blockers/\d+/$")
    visitor.finds_it_accessible()


def closes_the_blocker(visitor: Visitor, key: str) -> None:
    """The ministry reads the answer in its inbox and says how the way became free."""
    becomes(visitor, "agency.most")
    pictured(visitor, "inbox")
    opens_from_the_inbox(visitor, "to_close", IN_THE_WAY)
    fills(visitor, resolution=FREED)
    presses(visitor, acts(visitor, "resolve"), r"/desk/blockers/\d+/$")
    expect(visitor.page.locator("main")).to_contain_text(FREED)
    visitor.finds_it_accessible()
    visitor.goes_to(f"/desk/tasks/{key}/")
    visitor.finds_it_accessible()
    pictured(visitor, "task")


def finishes(visitor: Visitor, key: str) -> None:
    """The last report names the document that is the product; its approval closes the task."""
    page = visitor.page
    visitor.goes_to(f"/desk/tasks/{key}/report/")
    fills(visitor, percent="100", summary=FINISHED, completed_on=date.today().isoformat())
    page.locator('main fieldset [name$="-number"]').fill(f"57/{date.today().year}/NĐ-CP")
    presses(visitor, page.locator('button[name="send"]'), r"/desk/(tasks|reports)/")
    becomes(visitor, "approver.most")
    opens_from_the_inbox(visitor, "to_approve", FUND)
    page.locator('main input[type="radio"][value="yes"]').check()
    presses(visitor, acts(visitor, "approve"), f"/desk/tasks/{key}/$")
    visitor.finds_it_accessible()


def finds_every_step(visitor: Visitor, key: str) -> None:
    """The history of the task tells all of it: in order as data, and in its people's words on the page."""
    becomes(visitor, "office")
    visitor.goes_to(f"/desk/tasks/{key}/?history=all")
    visitor.finds_it_accessible()
    history = visitor.page.locator('section[aria-labelledby="history"]')
    for said in (LATER, IN_THE_WAY, ANSWER, FREED):
        expect(history).to_contain_text(said)
    told = visitor.page.request.get(f"{visitor.site.url}/desk/tasks/{key}.json").json()["task"]["history"]
    kinds = [each["kind"] for each in reversed(told)]
    missing = iter(kinds)
    assert all(step in missing for step in STEPS), kinds
