"""Pages of the register of documents."""

from django.urls import path

from dotpha.documents.views import documents, drafting, files, parts
from dotpha.platform.twins import listed

app_name = "documents"
urlpatterns = [
    *listed("documents", documents.documents, "documents"),
    path("documents/add/", documents.document_add, name="document_add"),
    *listed("documents/drafting", drafting.drafting, "drafting"),
    path("documents/<slug:key>/", documents.document, name="document"),
    path("documents/<slug:key>/change/", documents.document_change, name="document_change"),
    path("documents/<slug:key>/verify/", documents.verify, name="verify"),
    path("documents/<slug:key>/structure/", parts.structure, name="structure"),
    path("documents/<slug:key>/relate/", parts.relate, name="relate"),
    path("documents/<slug:key>/steps/", drafting.steps, name="steps"),
    path("documents/<slug:key>/attach/", files.attach, name="attach"),
    path("documents/<slug:key>/files/<int:number>/detach/", files.detach, name="detach"),
    path("documents/<slug:key>/<str:address>/wording/", parts.wording, name="wording"),
    path("documents/<slug:key>/<str:address>/", documents.provision, name="provision"),
]
