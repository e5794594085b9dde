"""Pages of organisations and places."""

from django.urls import path

from dotpha.directory import views

app_name = "directory"
urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/add/", views.organisation_add, name="organisation_add"),
    path("organisations/<slug:key>/", views.organisation, name="organisation"),
    path("organisations/<slug:key>/change/", views.organisation_change, name="organisation_change"),
    path("places/", views.places, name="places"),
    path("places/<slug:key>/", views.place, name="place"),
]
