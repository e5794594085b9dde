"""Public pages below /<locale>/."""

from django.urls import path

from dotpha.platform.twins import listed
from dotpha.portal import charts, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("programmes/<slug:key>/", views.programme, name="programme"),
    *listed("programmes/<slug:key>/charts/<slug:name>", charts.chart, "chart"),
    path("programmes/<slug:key>/embed/<slug:name>/", charts.embed, name="embed"),
    path("tasks/<slug:key>/", views.task, name="task"),
    path("data/", views.data, name="data"),
    path("data/record/", views.record, name="record"),
    path("data/record/heads.csv", views.heads_file, name="heads"),
]
