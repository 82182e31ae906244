"""What it means to take everything along: no model is forgotten, nothing sealed leaves, no ballot does."""

import io
import json
import zipfile

import openpyxl
import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from support.exporting import PAPER, SEALED, read_json, with_everything
from support.units import a_branch
from yangguang.exchange import writing
from yangguang.exchange.registers import export_sheet
from yangguang.exchange.tables import Scope
from yangguang.exchange.whole import TABLES, package_files, write_package
from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import Attachment, Link, Record
from yangguang.ledger.sealing import unseal_content
from yangguang.rules.refusal import Refused
from yangguang.witness import evidence

pytestmark = pytest.mark.django_db(transaction=True)

# Where a record's own fields stand in the file of its register; shared columns by their own names.
OF_RECORDS = {
    "unit": "the file is one unit's", "register": "the file is one register's", "year": "kept_number",
    "number": "kept_number", "state": "kept_state", "closed_on": "kept_closed", "is_late": "kept_late",
    "entered_at": "kept_entered", "entered_by": "kept_by", "origin": "kept_origin", "reason": "kept_reason",
    "entry": "kept_entry", "fields": "each field of the catalogue is a column",
}  # fmt: skip
# What is not exported, each with its reason.
NEVER = {
    "ledger.Sealed": "sealed: the registers' files say 密封 in its place",
    "ledger.Ballot.mark": "nobody takes a ballot along, only how many there are",
    "ledger.Ballot.choices": "nobody takes a ballot along, only how many there are",
    "ledger.Tag": "the column 标签 of the register's file",
    "ledger.Record.key": "tells an imported row from another: a digest of what the row says",
    "ledger.Record.typed": "how many inputs were typed: totals stand on the page of the burden, nobody's own",
    "ledger.Unit.stage": "a unit has one stage",
    "ledger.Unit.entries": "of the log, which is published whole",
    "ledger.Unit.head": "of the log, which is published whole",
    "ledger.Unit.sealed_entries": "of the log, which is published whole",
    "ledger.Unit.sealed_head": "of the log, which is published whole",
}


def fields_of(model):
    """What a row of a model holds."""
    return {one.name for one in model._meta.concrete_fields if not one.primary_key}  # noqa: SLF001 - Django's own way


def told_of(model):
    """Which fields of a model the tables tell."""
    return {name for table in TABLES if table.model is model for one in table.columns for name in one.tells}


def told_of_records():
    columns = {one.key for register in catalogue().values() for one in export_sheet(register).columns}
    kept = {name for name, where in OF_RECORDS.items() if " " in where or where in columns}
    derived = {one.removeprefix("derived_") for one in columns}
    return kept | (fields_of(Record) & (columns | derived))


@pytest.mark.parametrize(
    "model", [*apps.get_app_config("ledger").get_models(), *apps.get_app_config("reports").get_models()],
    ids=lambda one: one.__name__,
)  # fmt: skip
def test_every_field_of_the_ledger_and_of_reports_is_exported_or_has_a_reason_not_to_be(model):
    label, fields = f"{model.__module__.split('.')[1]}.{model.__name__}", fields_of(model)
    told = told_of_records() if model is Record else told_of(model)
    untold = {name for name in fields - told if f"{label}.{name}" not in NEVER}
    if label in NEVER:
        assert (told, untold) == (set(), fields)
    else:
        assert untold == set()
    assert {
        one for one in NEVER if one.startswith(f"{label}.") and one.rpartition(".")[2] not in fields - told
    } == set()


def packed(branch, form="json", **more):
    scope = Scope(unit=branch.unit, registers=tuple(catalogue().values()), **more)
    return {one.path: b"".join(one.pieces) for one in package_files(scope, form=form)}


def test_everything_of_a_branch_goes_along_in_three_forms_and_nothing_sealed_does():
    branch = with_everything()
    found = packed(branch)
    registers = ("appraisal", "letter_template", "meeting", "pledge", "talk")
    tables = (
        "attachments", "attendances", "ballots", "contents", "links", "looks", "posts", "report_concerns",
        "report_counted", "report_figures", "reports", "revisions", "signatures", "signoffs", "units",
    )  # fmt: skip
    (file,) = Attachment.objects.all()
    kept = f"files/{file.evidence_id}.txt"
    assert sorted(found) == sorted(
        [*(f"registers/{one}.json" for one in registers), *(f"{one}.json" for one in tables), kept]
    )
    assert found[kept] == PAPER
    sealed = Record.objects.get(register="talk")
    assert unseal_content(sealed, bytes(sealed.sealed.content))["matter"] == SEALED
    for form in ("json", "csv", "xlsx"):
        files = packed(branch, form)
        assert len(files) == len(found)
        assert [path for path, content in files.items() if SEALED in readable(content, path)] == []
        assert [
            path for path, content in files.items() if "优秀" in readable(content, path) and "report" not in path
        ] == []


def readable(content, path):
    if not path.endswith(".xlsx"):
        return content.decode()
    book = openpyxl.load_workbook(io.BytesIO(content))
    return " ".join(str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row)


def test_what_hangs_on_records_names_them_by_register_and_number():
    branch = with_everything()
    found = {path: read_json(content) for path, content in packed(branch).items() if path.endswith(".json")}
    meeting = {"register": "meeting", "register_name": "三会一课", "number": "2026-1"}
    assert found["revisions.json"] == [
        {**meeting, "at": branch.at.isoformat(), "by": "书记", "reason": "补写地点"}
        | {"before": found["revisions.json"][0]["before"]}
    ]
    assert json.loads(found["revisions.json"][0]["before"])["fields"] == {}
    assert found["links.json"] == [
        {**meeting, "kind": "落实", "target": "三会一课2026-2", "made_at": branch.at.isoformat()}
    ]
    file = evidence.keep(PAPER, media_type="text/plain")
    assert found["attachments.json"] == [
        {
            **meeting, "name": "纪要.txt", "sha256": file.sha256, "sm3": file.sm3, "size": len(PAPER),
            "media_type": "text/plain", "file": f"files/{file.sha256}.txt",
        }
    ]  # fmt: skip
    roll = [one for one in found["attendances.json"] if (one["register"], one["number"]) == ("meeting", "2026-1")]
    assert [(one["person"], one["is_due"], one["is_present"]) for one in roll] == [
        ("书记", True, True), ("纪检委员", True, False),
    ]  # fmt: skip
    assert [one["person"] for one in found["signatures.json"] if "signed_at" in one] == ["党员1"]
    assert [(one["person"], one["register"]) for one in found["looks.json"]] == [("书记", "talk")]
    assert [set(one) for one in found["looks.json"]] == [{"register", "register_name", "number", "person", "at"}]
    assert [(one["due"], one["voted"], one["box"]) for one in found["ballots.json"]] == [(4, 1, 1)]
    assert [(one["register_name"], one["first"], one["by"]) for one in found["signoffs.json"]] == [
        ("三会一课", "2026-01-01", "书记")
    ]


def test_the_roll_tells_who_held_which_post_and_what_it_knows_besides_only_to_its_keepers():
    branch = with_everything()
    for personal in (True, False):
        rows = read_json(packed(branch, personal=personal)["posts.json"])
        (row,) = [one for one in rows if one["person"] == "党员2"]
        assert (row["unit"], row["post"], row["since"], row["joined_on"]) == (
            "zb",
            "正式党员",
            "2020-01-01",
            "2001-07-01",
        )
        assert row.get("facts") == ('{"income": "按月领取"}' if personal else None)


def test_a_draft_goes_along_with_its_figures_and_what_they_count():
    branch = with_everything()
    found = packed(branch)
    (report,) = read_json(found["reports.json"])
    assert (report["outline"], report["period"], report["state"], report["drafted_by"]) == (
        "000",
        "2026",
        "草稿",
        "书记",
    )
    figures = {
        one["metric"]: one
        for one in read_json(found["report_figures.json"])
        if "filters" not in one and one["months"] == "2026"
    }
    assert (figures["committee_meetings"]["value"], figures["committee_meetings"]["records"]) == ("1", 1)
    counted = [one for one in read_json(found["report_counted.json"]) if one["figure"] == "committee_meetings|2026|"]
    assert [(one["unit"], one["register"], one["number"]) for one in counted] == [("zb", "meeting", "2026-1")]
    unread = read_json(packed(branch, reads=lambda row: row.register != "meeting")["report_counted.json"])
    assert [one for one in unread if one["figure"] == "committee_meetings|2026|"] == []


def test_a_package_keeps_to_its_registers_days_and_looks_and_says_what_it_leaves_out():
    branch = with_everything()
    meeting, talk = catalogue()["meeting"], catalogue()["talk"]
    scope = {"registers": (meeting, talk), "looks": Q(register="meeting"), "first": branch.at.date().replace(day=12)}
    files = {one.path: b"".join(one.pieces) for one in package_files(Scope(unit=branch.unit, **scope), form="json")}
    assert [path for path in files if path.startswith("registers/")] == ["registers/meeting.json"]
    assert {one["number"] for one in read_json(files["attendances.json"])} == {"2026-1"}
    assert {"looks.json", "ballots.json", "signatures.json"} & set(files) == set()
    contents = read_json(files["contents.json"])
    assert {"file": "registers/meeting.json", "name": "三会一课", "count": 1} in contents
    left = {one["name"] for one in contents if one.get("note", "").startswith("没有导出")}
    assert {meeting.name, talk.name} & left == set()
    assert len(left) == sum(not one.unit_kinds or "党支部" in one.unit_kinds for one in catalogue().values()) - 2


def test_a_lost_file_and_a_register_that_is_no_longer_known_are_told_in_the_list():
    branch = with_everything()
    Record.objects.filter(register="letter_template").update(register="no_longer_kept")
    (file,) = Attachment.objects.all()
    evidence.path_of(file.evidence_id).unlink()
    notes = {one["name"]: one["note"] for one in read_json(packed(branch)["contents.json"]) if "note" in one}
    assert notes["纪要.txt"] == "没有导出：文件不在存储中，请核对备份"
    assert notes["no_longer_kept"] == "没有导出：目录中已没有这个台账，请恢复它的目录文件后再导出"


def test_a_link_to_another_unit_says_where_it_points_and_not_what_stands_there():
    branch = with_everything()
    Link.objects.update(target=None, stream="unit:wz", sequence=7)
    (link,) = read_json(packed(branch)["links.json"])
    assert (link.get("target"), link["stream"], link["sequence"]) == (None, "unit:wz", 7)


def test_the_package_is_a_zip_file_of_the_same_files():
    branch = with_everything()
    into = io.BytesIO()
    scope = Scope(unit=branch.unit, registers=tuple(catalogue().values()))
    write_package(scope, form="csv", at=branch.at, into=into)
    with zipfile.ZipFile(into) as package:
        assert {one: package.read(one) for one in package.namelist()} == packed(branch, "csv")
        assert package.infolist()[0].date_time == (2026, 3, 16, 10, 0, 0)


def test_more_rows_than_a_workbook_holds_are_refused(monkeypatch):
    branch = a_branch()
    monkeypatch.setattr(writing, "MOST_IN_WORKBOOK", 3)
    with pytest.raises(Refused) as refused:
        packed(branch, "xlsx")
    assert refused.value.codes == ("exchange.rows",)
    assert read_json(packed(branch)["contents.json"])[:2] == [
        {"file": "units.json", "name": "组织", "count": 1}, {"file": "posts.json", "name": "名册和任职", "count": 10},
    ]  # fmt: skip


def test_a_package_asks_as_often_for_many_records_as_for_few():
    branch, counts = with_everything(), []
    for day in range(1, 10):
        branch.enter("meeting", kind="党课", day=f"2026-03-0{day}", present=branch.marks("书记"))
        with CaptureQueriesContext(connection) as caught:
            packed(branch)
        counts.append(len(caught))
    assert counts == counts[:1] * 9
