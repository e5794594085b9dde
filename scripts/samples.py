"""Write the sample files that the import page offers: an annex (DOCX) and an empty register (XLSX).

Both are marked as samples. Run after a change here; `test_imports.py` reads them as the import does.
"""

from __future__ import annotations

from pathlib import Path

import docx
import xlsxwriter

from dotpha.programmes.rows import COLUMNS

FOLDER = Path(__file__).resolve().parents[1] / "dotpha" / "programmes" / "static" / "dotpha" / "samples"
HEADINGS = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành", "Sản phẩm")
ROWS = (
    ("I. HOÀN THIỆN THỂ CHẾ (PHỤ LỤC MẪU)",),
    ("1", "Xây dựng quy định mẫu về chia sẻ dữ liệu dùng chung", "Bộ Khoa học và Công nghệ",
     "Bộ Tài chính; Bộ Tư pháp", "Quý II/2027", "Nghị định của Chính phủ"),
    ("2", "Rà soát mẫu các văn bản chồng chéo về khoa học, công nghệ", "Bộ Tư pháp", "Các bộ, ngành liên quan",
     "Tháng 12/2026", "Báo cáo"),
    ("II. PHÁT TRIỂN HẠ TẦNG (PHỤ LỤC MẪU)",),
    ("3", "Lập kế hoạch mẫu phát triển hạ tầng số tại địa phương", "Các bộ, ngành, địa phương", "", "Năm 2027",
     "Kế hoạch"),
    ("4", "Bố trí kinh phí mẫu cho nhiệm vụ chuyển đổi số", "Bộ Tài chính", "Như trên", "Hằng năm", "Báo cáo"),
    ("5", "Đánh giá mẫu mức độ sẵn sàng về nhân lực số", "Bộ Giáo dục và Đào tạo", "Bộ Nội vụ",
     "Sớm nhất có thể", "Báo cáo"),
)  # fmt: skip
REGISTER = {
    "key": "mau-001",
    "title": "Nhiệm vụ mẫu: xóa dòng này trước khi nhập",
    "lead": "most",
    "deadline": "30/6/2027",
}


def annex() -> None:
    """A printed annex in little: group rows, a collective lead, "như trên", a deadline that names no day."""
    document = docx.Document()
    document.add_paragraph("PHỤ LỤC MẪU – KHÔNG PHẢI VĂN BẢN THẬT")
    table = document.add_table(rows=1, cols=len(HEADINGS))
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.text = heading
    for row in ROWS:
        cells = table.add_row().cells
        if len(row) == 1:
            cells[0].merge(cells[-1]).text = row[0]
            continue
        for cell, said in zip(cells, row, strict=True):
            cell.text = said
    document.save(str(FOLDER / "annex-sample.docx"))


def register() -> None:
    """The columns of a register (contracts, section 5) with one row that shows how they are filled in."""
    with xlsxwriter.Workbook(FOLDER / "register-template.xlsx") as book:
        sheet = book.add_worksheet("Tasks")
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, [REGISTER.get(column, "") for column in COLUMNS])
        sheet.set_column(0, len(COLUMNS) - 1, 18)


if __name__ == "__main__":
    annex()
    register()
