"""Health, the way to the reader's language, files, presence, saved views."""

from django.urls import path

from dotpha.platform import views

app_name = "platform"
urlpatterns = [
    path("", views.root, name="root"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("files/<int:pk>/", views.file, name="file"),
    path("desk/presence/", views.presence, name="presence"),
    path("desk/views/save/", views.save_view, name="save_view"),
    path("desk/views/<int:pk>/remove/", views.remove_view, name="remove_view"),
]
