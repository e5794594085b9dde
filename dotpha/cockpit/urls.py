"""The desk's own pages."""

from django.urls import path

from dotpha.cockpit import views

app_name = "cockpit"
urlpatterns = [path("", views.home, name="home")]
