from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

KINDS = {
    "session.began": _("signed in"),
    "session.ended": _("signed out"),
    "session.failed": _("tried a wrong password"),
    "person.added": _("added the person"),
    "person.changed": _("changed the person"),
    "person.password_given": _("gave a new first password"),
    "person.linked": _("linked the account to the sign-in provider"),
    "person.unlinked": _("took the link to the sign-in provider away"),
    "person.second_factor_removed": _("took the second factor away"),
    "person.recovery_asked": _("asked another administrator to confirm a way back in"),
    "person.recovery_refused": _("refused a way back in"),
    "person.address_asked": _("asked for another e-mail address of the person"),
    "person.address_proved": _("confirmed the new e-mail address by its link"),
    "person.address_agreed": _("agreed to the new e-mail address of another"),
    "person.address_changed": _("set the confirmed e-mail address"),
    "person.address_refused": _("refused a new e-mail address"),
    "person.ended": _("closed the account"),
    "person.erased": _("erased the account"),
    "data_request.made": _("recorded a request about own data"),
    "data_request.replied": _("gave the first reply to a request about own data"),
    "data_request.extended": _("extended a request about own data"),
    "data_request.completed": _("completed a request about own data"),
    "data_request.refused": _("refused a request about own data"),
    "data_request.told": _("wrote to the person that there is an answer about own data"),
    "personal.erased": _("erased personal data whose time was over"),
    "grant.added": _("gave a role"),
    "grant.ended": _("took a role away"),
    "grant.moved": _("moved a body, and the role of this person with it"),
    "view.moved": _("moved a body, and a view shared in it"),
    "delegation.added": _("lent rights"),
    "delegation.ended": _("ended a delegation"),
    "token.added": _("made a token"),
    "token.ended": _("ended a token"),
}
"""Kinds of events of this app, in words after the name of who did it."""


class AccountsConfig(AppConfig):
    """People, roles within scopes, sign-in, tokens."""

    name = "dotpha.accounts"

    def ready(self) -> None:
        from dotpha.accounts import demo, frame, inbox, oidc, queries, rights, signals  # noqa: PLC0415 -- models are not ready yet
        from dotpha.platform import audit, doctor, pages  # noqa: PLC0415
        from dotpha.platform.registry import RUNNING, MenuItem, registry  # noqa: PLC0415

        audit.register(KINDS)
        signals.connect()
        pages.frame_fillers.append(frame.fill)
        doctor.demo_names.append(demo.names)
        doctor.checks.append(oidc.examine)
        registry.add(MenuItem("people", _("People"), "accounts:people", "users", "person.view", 80, "u", group=RUNNING))
        registry.add(*inbox.LISTS)
        registry.scopes_held = rights.scopes_held
        registry.subject_names["person"] = queries.names_of
        registry.subject_urls["person"] = lambda key: f"/desk/people/{key}/"
