"""How the public log tells an act of a unit (台账): that it was done, and nothing of what it says or about whom."""

from collections.abc import Mapping

UNIT_WORDS: Mapping[str, tuple[str, str]] = {
    "open_unit": ("设立组织", "A unit was opened"),
    "appoint_to_post": ("登记任职", "A post was filled"),
    "end_post": ("终止任职", "A post ended"),
    "enter_record": ("登记台账记录", "A record was entered"),
    "correct_record": ("更正台账记录", "A record was corrected"),
    "cancel_record": ("取消台账记录", "A record was cancelled"),
    "take_roll": ("登记到会", "A roll was taken"),
    "sign_record": ("签署", "A paper was signed"),
    "send_letter": ("发出文书", "A letter was sent"),
    "link_records": ("关联台账记录", "Records were linked"),
    "attach_file": ("添加佐证材料", "A file was added"),
    "look_at_sealed": ("调阅密封内容", "Sealed content was looked at"),
    "import_records": ("导入台账记录", "Records were imported"),
    "vote_by_ballot": ("无记名投票", "A secret ballot was cast"),
    "close_record": ("办结", "A matter was closed"),
    "sign_off_register": ("签核台账", "A register was signed off"),
    "draft_report": ("起草报告", "A report was drafted"),
    "confirm_report": ("确认报告", "A report was confirmed"),
    "lock_report": ("印发并锁定报告", "A report was issued and locked"),
    "answer_signal": ("处置廉政风险信号", "A signal on a risk was answered"),
    "close_met_task": ("任务凭记录办结", "A task was closed by its records"),
    "plant_tree": ("分解任务", "A task tree was planted"),
}
