"""People, the roles they hold, ways in, and what they ask for about their own data. Facts only."""

from dotpha.accounts.models.data_requests import DataRequest
from dotpha.accounts.models.people import Delegation, EmailChange, Grant, Recovery, Token, User

__all__ = ["DataRequest", "Delegation", "EmailChange", "Grant", "Recovery", "Token", "User"]
