"""Pages of the register of documents."""

from django.urls import path

from dotpha.documents import views

app_name = "documents"
urlpatterns = [
    path("documents/", views.documents, name="documents"),
    path("documents/add/", views.document_add, name="document_add"),
    path("documents/<slug:key>/", views.document, name="document"),
    path("documents/<slug:key>/change/", views.document_change, name="document_change"),
    path("documents/<slug:key>/structure/", views.structure, name="structure"),
    path("documents/<slug:key>/verify/", views.verify, name="verify"),
    path("documents/<slug:key>/relate/", views.relate, name="relate"),
    path("documents/<slug:key>/<str:address>/", views.provision, name="provision"),
]
