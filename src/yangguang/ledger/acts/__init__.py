"""The acts of the ledger, one function each, on a unit; importing this package declares them all."""

from yangguang.ledger.acts.closing import close_record, sign_off_register
from yangguang.ledger.acts.importing import import_records
from yangguang.ledger.acts.people import appoint_to_post, end_post, open_unit
from yangguang.ledger.acts.records import cancel_record, correct_record, enter_record
from yangguang.ledger.acts.sealed import look_at_sealed
from yangguang.ledger.acts.sending import send_letter
from yangguang.ledger.acts.sharing import attach_file, link_records
from yangguang.ledger.acts.signing import sign_record, vote_by_ballot
from yangguang.ledger.acts.taking import take_roll

__all__ = [
    "appoint_to_post", "attach_file", "cancel_record", "close_record", "correct_record", "end_post", "enter_record",
    "import_records", "link_records", "look_at_sealed", "open_unit", "send_letter", "sign_off_register",
    "sign_record", "take_roll", "vote_by_ballot",
]  # fmt: skip
