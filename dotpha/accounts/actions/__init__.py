"""Changing people, their rights, delegations, tokens and sessions."""
