"""Every table of the web tier, gathered here because Django looks for models in this place."""

from yangguang.web.authoring.models import AuthoredDocument
from yangguang.web.bidding.models import Trial, Upload
from yangguang.web.desk.models import Contact, ReadCursor, SentCursor
from yangguang.web.drafts.models import Draft
from yangguang.web.evaluation.models import Sheet

__all__ = [
    "AuthoredDocument",
    "Contact",
    "Draft",
    "ReadCursor",
    "SentCursor",
    "Sheet",
    "Trial",
    "Upload",
]
