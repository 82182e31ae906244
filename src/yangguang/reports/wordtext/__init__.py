"""The text of a Word document of any origin (正文文字), as Word would show it: nothing typed is lost or said twice."""

from yangguang.reports.wordtext.package import NotWordError, TooLargeError, read_parts
from yangguang.reports.wordtext.paragraphs import paragraphs_of

__all__ = ["NotWordError", "TooLargeError", "paragraphs_of", "read_parts"]
