"""The stage table of a unit: one stage, in which every act of the ledger may be done."""

UNIT_STAGE = (("keeping", "日常记录"),)
UNIT_ACTS = (
    "open_unit", "appoint_to_post", "end_post", "enter_record", "correct_record", "cancel_record", "take_roll",
    "sign_record", "send_letter", "link_records", "attach_file", "look_at_sealed", "import_records", "vote_by_ballot",
    "close_record", "sign_off_register", "draft_report", "confirm_report", "lock_report",
    # of the packages above
    "answer_signal", "close_met_task", "plant_tree",
)  # fmt: skip
UNIT_TABLE = {("keeping", name): frozenset({"keeping"}) for name in UNIT_ACTS}
