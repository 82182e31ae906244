import codecs
import io
import itertools
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from support.sheets import COLUMNS, EMPTY, FULL, SHEET, WHY, changed, from_csv, from_workbook
from yangguang.exchange import (
    Choice,
    Column,
    Kind,
    Sheet,
    csv_files,
    csv_lines,
    packages,
    read_csv,
    read_workbook,
    workbook_bytes,
)
from yangguang.rules.refusal import Refused

TEXT = some.text(
    alphabet=some.one_of(
        some.sampled_from("=+-@'\"\t\n,，、_x0041 "),
        some.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]),
    ),
    min_size=1,
    max_size=20,
).filter(lambda text: text == text.strip() and not {"\ufffe", "\uffff"} & set(text))
NAME = some.text(alphabet="甲乙丙丁某·", min_size=2, max_size=4)
ROWS = some.fixed_dictionaries(
    {"title": TEXT},
    optional={
        "count": some.integers(-(10**18), 10**18),
        "amount": some.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**16), max_value=10**16),
        "day": some.dates(min_value=date(1850, 1, 1), max_value=date(2999, 12, 31)),
        "start": some.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=some.just(UTC)).map(  # noqa: DTZ001
            lambda moment: moment.replace(microsecond=0)
        ),
        "public": some.booleans(),
        "type": some.sampled_from(["study", "visit"]),
        "chair": NAME,
        "present": some.lists(NAME, min_size=1, max_size=3, unique=True).map(tuple),
    },
).map(lambda row: EMPTY | row)


def _csv(rows=(), sheet=SHEET):
    return b"".join(csv_lines(sheet=sheet, rows=rows))


def _problems(rows):
    return [str(problem) for row in rows for problem in row.problems]


def _values(rows):
    assert _problems(rows) == []
    return [row.values for row in rows]


def _filled(*rows, header=None, title="活动登记"):
    workbook = openpyxl.Workbook()
    workbook.active.title = title
    for row in (header or ["名称", "人数"], *rows):
        workbook.active.append(row)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


TEMPLATE = workbook_bytes(sheet=SHEET)


@given(rows=some.lists(ROWS, max_size=4))
def test_rows_written_to_a_workbook_are_read_again(rows):
    assert _values(from_workbook(workbook_bytes(sheet=SHEET, rows=rows))) == rows


@given(rows=some.lists(ROWS, max_size=4))
def test_rows_written_to_csv_are_read_again(rows):
    assert _values(from_csv(_csv(rows))) == rows


@given(data=some.binary(max_size=300))
def test_no_bytes_make_reading_raise(data):
    assert [row.number for row in from_workbook(data)] == [0]
    assert all(row.problems or row.values for row in from_csv(data))


def test_the_template_explains_every_field():
    workbook = openpyxl.load_workbook(io.BytesIO(TEMPLATE))
    assert workbook.sheetnames == ["活动登记", "填写说明", "示例", "选项"]
    explained = list(workbook["填写说明"].values)
    assert explained[0] == ("字段", "必填", "类型", "可填内容", "谁用", "为什么不能由系统得出", "怎样填写")
    assert explained[1] == ("名称", "是", "文字", None, "支部书记，年度总结", "只有参加的人知道", "活动的名称")
    assert [row[0] for row in explained[1:]] == [column.label for column in COLUMNS]
    assert explained[7][3] == "学习、走访"


def test_the_template_has_a_frozen_header_typed_columns_and_lists():
    page = openpyxl.load_workbook(io.BytesIO(TEMPLATE))["活动登记"]
    assert page.freeze_panes == "A2"
    assert [cell.value for cell in page[1]] == [column.label + "*" * column.required for column in COLUMNS]
    rules = {str(rule.sqref).split(":")[0]: (rule.type, rule.formula1) for rule in page.data_validations.dataValidation}
    assert rules == {
        "A2": ("textLength", "32767"),
        "B2": ("whole", "-1E+15"),
        "C2": ("decimal", "-1E+15"),
        "D2": ("date", "1"),
        "E2": ("date", "1"),
        "F2": ("list", "'选项'!$F$1:$F$2"),
        "G2": ("list", "'选项'!$G$1:$G$2"),
        "H2": ("textLength", "32767"),
        "I2": ("textLength", "32767"),
    }
    formats = [page.column_dimensions[letter].number_format for letter in "ABCDEFGHI"]
    assert formats == ["@", "0", "General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "@", "@", "@", "@"]


def test_the_lists_are_hidden_and_the_template_is_empty():
    workbook = openpyxl.load_workbook(io.BytesIO(TEMPLATE))
    assert workbook["选项"].sheet_state == "hidden"
    assert next(iter(workbook["选项"].values))[5:7] == ("是", "学习")
    assert from_workbook(TEMPLATE) == []


def test_a_sheet_without_lists_and_examples_has_only_its_explanations():
    sheet = Sheet(title="简表", columns=COLUMNS[:1])
    assert openpyxl.load_workbook(io.BytesIO(workbook_bytes(sheet=sheet))).sheetnames == ["简表", "填写说明"]


def test_dates_and_numbers_are_typed_in_a_workbook():
    page = openpyxl.load_workbook(io.BytesIO(workbook_bytes(sheet=SHEET, rows=[FULL])))["活动登记"]
    assert [cell.data_type for cell in page[2]] == ["s", "n", "n", "d", "d", "s", "s", "s", "s"]


def test_rows_keep_the_numbers_that_excel_shows():
    rows = from_workbook(_filled(["甲", 1], [None, " "], ["乙", 2]))
    assert [(row.number, row.values["title"], row.values["count"]) for row in rows] == [(2, "甲", 1), (4, "乙", 2)]


def test_every_problem_of_a_row_is_told_and_the_others_are_read():
    rows = from_workbook(_filled(["甲", "多"], [None, 1.5], ["丙", 3]))
    assert _problems(rows) == [
        "第2行“人数”：“多”不是数字。只填数字，单位和说明写在别处",
        "第3行“名称”：没有填写。填写，支部书记，年度总结要用",
        "第3行“人数”：“1.5”不是整数。填整数",
    ]
    assert [row.values["title"] for row in rows] == ["甲", None, "丙"]


def test_columns_may_stand_in_another_order_and_optional_ones_be_left_out():
    rows = from_workbook(_filled([3, "甲"], header=["人数", " 名称＊ "]))
    assert _values(rows) == [EMPTY | {"title": "甲", "count": 3}]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (["名称", "人数", "人数"], ["文件：表头“人数”出现2次。每列一个表头"]),
        (["名称", "积分"], ["文件：不认识表头“积分”。用下载的模板填写，不改表头"]),
        (["人数"], ["文件：缺少必填的列“名称”。用下载的模板填写，表头在第一行"]),
    ],
)
def test_a_header_that_is_not_ours_is_told(header, told):
    assert _problems(from_workbook(_filled(["甲"], header=header))) == told
    assert _problems(from_csv(",".join(header).encode())) == told


def test_a_file_without_a_header_is_told():
    optional = Sheet(title="简表", columns=COLUMNS[1:2])
    assert _problems(from_csv(b"", sheet=optional)) == ["文件：第一行没有表头。用下载的模板填写，表头在第一行"]


def test_another_title_of_the_only_sheet_does_no_harm():
    assert _values(from_workbook(_filled(["甲", 1], title="Sheet1"))) == [EMPTY | {"title": "甲", "count": 1}]


def test_formulas_and_errors_are_refused_cell_by_cell():
    rows = from_workbook(_filled(["=A1", "=1+1"], ["乙", "#REF!"]))
    assert _problems(rows) == [
        "第2行“名称”：是公式。复制该列，选择性粘贴为“值”，再上传",
        "第2行“人数”：是公式。复制该列，选择性粘贴为“值”，再上传",
        "第3行“人数”：是Excel的错误值。改正该格，或者清空",
    ]
    assert _problems(from_csv("名称\n=1+1\n".encode())) == ["第2行“名称”：是公式。复制该列，选择性粘贴为“值”，再上传"]


def test_a_text_that_looks_like_a_formula_stays_a_text():
    written = workbook_bytes(sheet=SHEET, rows=[EMPTY | {"title": "=1+1"}])
    assert openpyxl.load_workbook(io.BytesIO(written))["活动登记"]["A2"].data_type == "s"
    assert _csv([EMPTY | {"title": "=1+1"}]).decode("utf-8-sig").splitlines()[1] == "'=1+1,,,,,,,,"


def test_more_rows_than_allowed_are_told():
    rows = from_workbook(_filled(["甲", 1], ["乙", 2], ["丙", 3]), most_rows=2)
    assert [row.number for row in rows] == [2, 3, 0]
    assert _problems(rows) == ["文件：超过2行，第4行起没有读。分成几个文件上传"]


BOMB = b"0" * (packages.LARGEST_OTHERS + 1)
MACRO = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "a"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
PLAIN = _filled(["甲", 1])
FAR_AWAY = zipfile.ZipFile(io.BytesIO(PLAIN)).read("xl/worksheets/sheet1.xml").replace(b'r="2"', b'r="2000000000"')


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (packages.OLD_OFFICE + b"0" * 600, "是旧版的.xls文件，或者加了密码"),
        (b"PK\x03\x04 and no more", "不是.xlsx文件，或者已经损坏"),
        (changed(PLAIN, **{"xl/vbaProject.bin": b""}), "含有宏、控件、嵌入的文件或者外部链接"),
        (changed(PLAIN, **{"xl/externalLinks/externalLink1.xml": b""}), "含有宏、控件、嵌入的文件或者外部链接"),
        (changed(PLAIN, **{"xl/media/image1.png": BOMB}), "解开后过大，或者结构异常"),
        (changed(PLAIN, **{"xl/worksheets/sheet2.xml": b"0" * ((128 << 20) + 1)}), "解开后过大，或者结构异常"),
        (changed(PLAIN, **{"[Content_Types].xml": MACRO}), "不是普通的.xlsx工作簿"),
        (changed(PLAIN, **{"xl/worksheets/sheet1.xml": LAUGHS}), "工作簿的内容已经损坏"),
        (changed(PLAIN, **{"xl/workbook.xml": b"<workbook"}), "工作簿的内容已经损坏"),
        (changed(PLAIN, **{"xl/worksheets/sheet1.xml": FAR_AWAY}), "第1行之后空行太多，其后没有读"),
    ],
)
def test_a_file_made_to_harm_is_refused_whole(data, what):
    rows = from_workbook(data)
    assert [row.number for row in rows] == [0]
    assert [problem.what for problem in rows[0].problems] == [what]


def test_files_too_large_are_refused_unread():
    assert _problems(from_workbook(b"a" * (packages.LARGEST_FILE + 1))) == ["文件：大于32MB。分成几个文件上传"]
    text = io.BytesIO(b"a" * (csv_files.LARGEST_FILE + 1))
    assert _problems(read_csv(sheet=SHEET, source=text)) == ["文件：大于64MB。分成几个文件上传"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_that_people_have(encoding):
    data = "名称*,日期\r\n示例学习，第二次,2026/3/2\r\n".encode(encoding)
    assert _values(from_csv(data)) == [EMPTY | {"title": "示例学习，第二次", "day": date(2026, 3, 2)}]


def test_csv_is_written_so_that_excel_shows_chinese():
    assert _csv().startswith(codecs.BOM_UTF8)
    assert _csv().decode("utf-8-sig") == "名称*,人数,金额（元）,日期,开始,公开,类别,主持人,参加人\r\n"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xff\xff\x80", "既不是UTF-8也不是GB18030编码"),
        ('名称\n"没有结束'.encode(), "有一格太长，或者引号没有成对"),
        (f"名称\n{'长' * 200_000}".encode(), "有一格太长，或者引号没有成对"),
    ],
)
def test_a_broken_csv_is_told(data, what):
    told = [problem.what for row in from_csv(data) for problem in row.problems]
    assert told == [what]


def test_reading_leaves_the_file_open():
    source = io.BytesIO(_csv([FULL]))
    assert len(list(read_csv(sheet=SHEET, source=source))) == 1
    assert not source.closed


@pytest.mark.parametrize("text", ["长" * 32_768, "坏\x07字"])
def test_a_text_that_excel_cannot_hold_is_refused(text):
    with pytest.raises(Refused, match="第2行“名称”") as refused:
        workbook_bytes(sheet=SHEET, rows=[EMPTY | {"title": text}])
    assert refused.value.codes == ("workbook.text",)


def _peak(rows):
    """The most memory that reading so many rows takes, the file itself not counted."""
    source = io.BytesIO(workbook_bytes(sheet=SHEET, rows=itertools.repeat(FULL, rows)))
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_workbook(sheet=SHEET, source=source)) == rows
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_row_that_was_read_leaves_next_to_nothing():
    assert _peak(600) - _peak(100) < 500 * 1000


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "登记/表"},
        {"title": "示例"},
        {"title": "长" * 32},
        {"columns": ()},
        {"columns": COLUMNS[:1] * 2},
        {"columns": (Column(key="a", label="甲", kind=Kind.CHOICE, **WHY),)},
        {"columns": (Column(key="a", label="甲", kind=Kind.TEXT, choices=(Choice(value="x", label="乙"),), **WHY),)},
        {"columns": (Column(key="a", label="甲", kind=Kind.TEXT, used_by="", why_typed="不知"),)},
    ],
)
def test_a_description_that_makes_no_sheet_is_an_error(changes):
    with pytest.raises(ValueError, match=r"columns need|cannot be|choices belong|who uses"):
        Sheet(**({"title": "登记", "columns": COLUMNS} | changes))


def test_decimals_beyond_a_double_are_written_as_text():
    exact = Decimal("1234567890123456.78")
    assert _values(from_workbook(workbook_bytes(sheet=SHEET, rows=[FULL | {"amount": exact}]))) == [
        FULL | {"amount": exact}
    ]
