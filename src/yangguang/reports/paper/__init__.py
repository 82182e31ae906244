"""Official papers (公文) as .docx after GB/T 9704-2012: pure functions, no database, no clock."""

from yangguang.reports.paper.guard import UndeclaredDigits, check_paper, missing_metrics, undeclared_digits
from yangguang.reports.paper.model import (
    CarryingNotice,
    CarryingReport,
    Evidence,
    EvidenceAnnex,
    FigureRun,
    Heading,
    Literal,
    Missing,
    Paper,
    Paragraph,
    Table,
    plain_text,
)
from yangguang.reports.paper.profiles import LayoutProfile, house_profile, layout_profile, layout_rows
from yangguang.reports.paper.reading import ReadParagraph, ReadRun, read_back
from yangguang.reports.paper.writing import paper_bytes

__all__ = [
    "CarryingNotice",
    "CarryingReport",
    "Evidence",
    "EvidenceAnnex",
    "FigureRun",
    "Heading",
    "LayoutProfile",
    "Literal",
    "Missing",
    "Paper",
    "Paragraph",
    "ReadParagraph",
    "ReadRun",
    "Table",
    "UndeclaredDigits",
    "check_paper",
    "house_profile",
    "layout_profile",
    "layout_rows",
    "missing_metrics",
    "paper_bytes",
    "plain_text",
    "read_back",
    "undeclared_digits",
]
