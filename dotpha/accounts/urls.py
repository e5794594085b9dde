"""Sign-in with one click, language, one's own page, people."""

from django.urls import path

from dotpha.accounts import views
from dotpha.platform.twins import listed

app_name = "accounts"
urlpatterns = [
    path("account/demo/<str:username>/", views.demo, name="demo"),
    path("account/login/provider/", views.provider_begin, name="provider_begin"),
    path("account/login/provider/callback/", views.provider_callback, name="provider_callback"),
    path("language/<str:code>/", views.language, name="language"),
    path("desk/me/", views.me, name="me"),
    *listed("desk/people", views.people, "people"),
    path("desk/people/add/", views.person_add, name="person_add"),
    path("desk/people/import/", views.people_import, name="people_import"),
    path("desk/people/<str:username>/", views.person, name="person"),
]
