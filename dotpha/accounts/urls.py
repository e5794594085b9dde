"""Sign-in with one click, language, one's own page, people."""

from django.urls import path

from dotpha.accounts.views import addresses, data_requests, own, people, retention
from dotpha.platform.twins import listed

app_name = "accounts"
urlpatterns = [
    path("account/demo/<str:username>/", people.demo, name="demo"),
    path("account/login/provider/", people.provider_begin, name="provider_begin"),
    path("account/login/provider/callback/", people.provider_callback, name="provider_callback"),
    path("account/email/<str:token>/", addresses.confirm, name="confirm_address"),
    path("language/<str:code>/", people.language, name="language"),
    path("desk/me/", people.me, name="me"),
    path("desk/me/data/", own.data, name="own_data"),
    path("desk/me/data/copy.json", own.copy, name="own_copy"),
    path("desk/me/requests/", data_requests.own, name="own_requests"),
    *listed("desk/people", people.people, "people"),
    path("desk/people/add/", people.person_add, name="person_add"),
    path("desk/people/import/", people.people_import, name="people_import"),
    path("desk/people/requests/", data_requests.listing, name="data_requests"),
    path("desk/people/requests/<int:pk>/", data_requests.one, name="data_request"),
    path("desk/people/retention/", retention.overview, name="retention"),
    path("desk/people/<str:username>/", people.person, name="person"),
]
