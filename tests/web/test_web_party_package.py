"""Everything of a unit from its page: the same files as on the command line, and nothing that no page would show."""

import io
import zipfile

import pytest
from click.testing import CliRunner

from support.exporting import PAPER, SEALED, read_json, with_everything
from support.party import Window, everyone, text
from yangguang.cli import main
from yangguang.exchange import writing
from yangguang.ledger.acts import look_at_sealed
from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import Attachment, Post, Record

pytestmark = pytest.mark.django_db(transaction=True)


def files_of(branch, name, form="json"):
    """What the package of somebody holds; the answer is closed, or its file would be."""
    answer = Window(branch, name).get(f"package.zip?form={form}")
    content = b"".join(answer.streaming_content)
    answer.close()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {one: package.read(one) for one in package.namelist()}


def test_the_page_gives_the_same_files_as_the_command_line(tmp_path):
    branch = with_everything(everyone())
    for form in ("json", "csv"):
        folder = tmp_path / form
        arguments = ("export", "--unit", "zb", "--all", "--format", form, "-o", str(folder))
        assert CliRunner().invoke(main, ["ledger", *arguments]).exit_code == 0
        ours = {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*.*")}
        theirs = files_of(branch, "书记", form)
        # What is kept without the secretary: registers of the inspectors, told in the list.
        different = {path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path)}
        assert different == {f"contents.{form}"}
    assert files_of(branch, "书记")[f"files/{Attachment.objects.get().evidence_id}.txt"] == PAPER


def test_who_reads_less_takes_less_along():
    branch = with_everything(everyone())
    assert {name: registers_in(files_of(branch, name)) for name in ("干事", "派驻纪检", "分管领导")} == {
        "干事": ["appraisal", "letter_template", "meeting", "pledge", "talk"],
        "派驻纪检": ["appraisal", "letter_template", "meeting", "pledge"],
        "分管领导": ["appraisal", "letter_template", "meeting", "pledge"],
    }
    inspected = files_of(branch, "派驻纪检")
    hanging = [row for path in ("attendances.json", "signatures.json") for row in read_json(inspected[path])]
    assert {one["register"] for one in hanging} == {"appraisal", "meeting", "pledge"}
    left = {one["name"] for one in read_json(inspected["contents.json"]) if one.get("note")}
    assert catalogue()["talk"].name in left
    assert [path for path, content in inspected.items() if SEALED.encode() in content] == []


def registers_in(files):
    return sorted(path.split("/")[1].removesuffix(".json") for path in files if path.startswith("registers/"))


def test_a_member_another_branch_and_an_unknown_form_find_nothing():
    branch = everyone()
    met = {name: Window(branch, name).get("package.zip").status_code for name in ("党员1", "外支部书记")}
    assert met == {"党员1": 404, "外支部书记": 404}
    assert Window(branch, "书记").get("package.zip?form=exe").status_code == 404
    assert "全部导出" not in text(Window(branch, "党员1").get("registers/"))
    assert "package.zip?form=csv" in text(Window(branch, "书记").get("registers/"))


def test_looks_go_along_to_those_whom_the_record_names_and_income_to_those_who_keep_the_roll():
    branch = with_everything(everyone())
    assert [one["person"] for one in read_json(files_of(branch, "书记")["looks.json"])] == ["书记"]
    assert "looks.json" not in files_of(branch, "干事")  # writes talks down, and has not part in this one
    talk = Record.objects.get(register="talk")
    look_at_sealed(branch.unit, actor=branch.actor("党员1"), at=branch.at, record=talk.pk)
    Post.objects.create(unit=branch.unit, person=branch.people["党员1"], post="worker", since="2025-01-01")
    assert [one["person"] for one in read_json(files_of(branch, "党员1")["looks.json"])] == ["书记", "党员1"]
    met = {name: "按月领取" in files_of(branch, name)["posts.json"].decode() for name in ("干事", "派驻纪检")}
    assert met == {"干事": True, "派驻纪检": False}


def test_a_table_too_long_for_a_workbook_is_refused_with_what_to_do(monkeypatch):
    branch = everyone()
    monkeypatch.setattr(writing, "MOST_IN_WORKBOOK", 3)
    refused = Window(branch, "书记").get("package.zip")
    assert (refused.status_code, "或者导出为CSV" in text(refused)) == (409, True)
