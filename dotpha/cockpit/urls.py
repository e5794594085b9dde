"""The desk's own pages."""

from django.urls import path

from dotpha.cockpit.views import charts, help, home, leader, record, search
from dotpha.platform.twins import listed

app_name = "cockpit"
urlpatterns = [
    path("", home.home, name="home"),
    path("inbox/", home.inbox, name="inbox"),
    path("leader/", leader.leader, name="leader"),
    path("map/", leader.province_map, name="map"),
    *listed("charts/<slug:name>", charts.chart, "chart"),
    path("search/", search.search, name="search"),
    path("palette.json", search.palette, name="palette"),
    path("help/", help.help_page, name="help"),
    path("tour/", help.tour, name="tour"),
    *listed("audit", record.record, "record"),
    path("system/", record.system, name="system"),
    path("components/", record.components, name="components"),
]
