"""The zone in which days begin and end: the one of Viet Nam."""

from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
