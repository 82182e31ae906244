"""Papers (文书) that the platform writes from its rows: HTML files, complete in themselves, the same for the same rows.

People sign the digest of a paper and acts compare its bytes, so no paper holds the time at which it was made.
"""

from yangguang.trading.papers.documents import contract_paper, tender_document, written_report
from yangguang.trading.papers.evaluation import evaluation_report
from yangguang.trading.papers.notices import (
    Contact,
    NoticeFacts,
    award_notice,
    candidates_notice,
    result_notice,
    tender_notice,
)
from yangguang.trading.papers.opening import opening_record
from yangguang.trading.papers.witnessing import letter_number, witness_letter
from yangguang.trading.papers.words import rmb_in_words

MEDIA_TYPE = "text/html"

__all__ = [
    "MEDIA_TYPE",
    "Contact",
    "NoticeFacts",
    "award_notice",
    "candidates_notice",
    "contract_paper",
    "evaluation_report",
    "letter_number",
    "opening_record",
    "result_notice",
    "rmb_in_words",
    "tender_document",
    "tender_notice",
    "witness_letter",
    "written_report",
]
