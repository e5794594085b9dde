"""Pages of organisations and places."""

from django.urls import path

from dotpha.directory.views import directory, imports, organisation_changes, place_events, posts
from dotpha.platform.twins import listed

app_name = "directory"
urlpatterns = [
    *listed("organisations", directory.organisations, "organisations"),
    path("organisations/add/", organisation_changes.organisation_add, name="organisation_add"),
    path("organisations/import/", imports.directory_import, {"name": "organisations"}, name="organisations_import"),
    path("organisations/<slug:key>/", directory.organisation, name="organisation"),
    path("organisations/<slug:key>/change/", organisation_changes.organisation_change, name="organisation_change"),
    path("organisations/<slug:key>/posts/", posts.posts, name="posts"),
    path("organisations/<slug:key>/posts/<int:pk>/", posts.post, name="post"),
    *listed("places", directory.places, "places"),
    path("places/import/", imports.directory_import, {"name": "places"}, name="places_import"),
    path("places/<slug:key>/change/", place_events.place_change, name="place_change"),
    path("places/<slug:key>/", directory.place, name="place"),
]
