"""The request as our middleware completes it, for the type checker."""

from datetime import datetime

from django.http import HttpRequest

from yangguang.parties.models import Organisation
from yangguang.web.accounts.models import Account
from yangguang.witness.actor import Actor


class Request(HttpRequest):
    """A request with its moment, the signed-in account, the actor (`member`: with posts) and the body acted for."""

    at: datetime
    user: Account
    actor: Actor
    member: Actor
    acting_for: Organisation | None
