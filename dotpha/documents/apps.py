from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """The register of directing documents."""

    name = "dotpha.documents"

    def ready(self) -> None:
        from dotpha.documents import queries, search  # noqa: PLC0415 -- models are not ready at import time
        from dotpha.platform import audit  # noqa: PLC0415
        from dotpha.platform.registry import REGISTERS, MenuItem, registry  # noqa: PLC0415

        audit.register(
            {
                "document.added": _("entered the document"),
                "document.changed": _("changed the document's card"),
                "document.verified": _("checked the document against the original"),
                "document.structured": _("entered provisions of the document"),
                "document.related": _("recorded what the document does to another"),
                "document.filed": _("attached a file to the document"),
                "document.file_read": _("read the text of a file of the document"),
                "document.file_marked": _("found a mark of State secrecy on a file of the document"),
                "document.unfiled": _("took a file of the document away"),
                "document.drafting_recorded": _("recorded steps of the drafting"),
                "provision.reworded": _("gave the provision another wording"),
            }
        )
        registry.add(
            MenuItem(
                "documents",
                _("Documents"),
                "documents:documents",
                "file-text",
                "document.view",
                50,
                "d",
                group=REGISTERS,
            ),
            search.DOCUMENTS,
        )
        registry.subject_names["document"] = queries.names_of
        registry.subject_urls["document"] = lambda key: f"/desk/documents/{key}/"
        registry.file_readers["document"] = queries.may_read
        registry.file_readers["document_file"] = queries.may_read_file
