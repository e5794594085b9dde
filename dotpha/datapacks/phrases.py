"""Words of the synthetic sample: shapes of real tasks, deadlines and reasons, none of them a real one."""

ACTS = (
    "Xây dựng", "Hoàn thiện", "Ban hành", "Triển khai", "Rà soát", "Kết nối", "Nâng cấp", "Đào tạo về",
    "Tổ chức đánh giá",
    "Đưa vào vận hành", "Số hóa", "Công bố",
)  # fmt: skip
OBJECTS = (
    "hạ tầng số dùng chung", "cơ sở dữ liệu chuyên ngành", "hệ thống thông tin giải quyết thủ tục hành chính",
    "kế hoạch phát triển nhân lực số", "nền tảng học trực tuyến", "quy chế chia sẻ dữ liệu",
    "trung tâm đổi mới sáng tạo",
    "chương trình nghiên cứu trọng điểm", "dịch vụ công trực tuyến toàn trình", "hệ thống giám sát an toàn thông tin",
    "kho học liệu số", "mô hình điểm chuyển đổi số cấp xã", "cơ chế đặt hàng nghiên cứu", "bản đồ số về đất đai",
)  # fmt: skip
DEADLINES = (
    ("Quý II/{year}", 14), ("Quý IV/{year}", 14), ("Tháng {month}/{year}", 16), ("{month}/{year}", 10),
    ("Năm {year}", 12),
    ("Trước ngày {day}/{month}/{year}", 12), ("6 tháng đầu năm {year}", 5), ("Thường xuyên", 8), ("Hằng năm", 4),
    ("Hằng quý", 3), ("Sau khi Luật được thông qua", 2), ("Sớm nhất có thể", 1),
)  # fmt: skip
"""Deadline phrases with how often each kind stands in real programmes, roughly."""
OBSTACLES = (
    ("law", "Chờ văn bản hướng dẫn của cấp trên"), ("funding", "Chưa bố trí được kinh phí"),
    ("staff", "Thiếu nhân lực chuyên môn"), ("data", "Dữ liệu nguồn chưa được chia sẻ"),
    ("coordination", "Phải lấy thêm ý kiến các đơn vị liên quan"), ("other", "Thay đổi mô hình tổ chức"),
)  # fmt: skip
"""What holds work up: the kind of blocker, and its words."""
REASONS = tuple(words for _kind, words in OBSTACLES)
