"""Exchange with others (数据交换): sheets that people fill in, as workbooks and CSV files, by one description.

Sheets, cells and files know no database; `registers`, `importing` and `exporting` join them to the ledger's registers.
"""

from yangguang.exchange.csv_files import csv_lines, read_csv
from yangguang.exchange.rows import MOST_ROWS
from yangguang.exchange.sheets import Choice, Column, Kind, Problem, ReadRow, Row, Sheet
from yangguang.exchange.workbook_reading import read_workbook
from yangguang.exchange.workbook_writing import workbook_bytes

__all__ = [
    "MOST_ROWS",
    "Choice",
    "Column",
    "Kind",
    "Problem",
    "ReadRow",
    "Row",
    "Sheet",
    "csv_lines",
    "read_csv",
    "read_workbook",
    "workbook_bytes",
]
