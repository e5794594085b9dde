"""The API's own page, readable without a network."""

from django.urls import path

from dotpha.connectors import views

app_name = "connectors"
urlpatterns = [path("api/v1/docs", views.docs, name="docs")]
