"""A correction leaves what is sealed as it is, unless it is given again; afterwards it still opens for who is named."""

import pytest

from support.party import Window, hidden, registers_of_the_house, text  # noqa: F401 - a fixture
from support.units import a_branch
from yangguang.ledger.acts import correct_record, look_at_sealed
from yangguang.ledger.models import Sealed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registers_of_the_house")]

CONTENT = "提醒注意节日期间的纪律。"


def a_talk(branch):
    given = {"title": "节前谈话", "day": "2026-03-11", "content": CONTENT}
    return branch.enter("sample_talk", present=branch.marks("书记", "党员1"), **given)


def opened(branch, record, name):
    return look_at_sealed(branch.unit, actor=branch.actor(name), at=branch.at, record=record.pk)


def test_an_untouched_sealed_field_keeps_its_ciphertext_and_still_opens_for_who_is_named():
    branch = a_branch()
    record = a_talk(branch)
    before = bytes(Sealed.objects.get(record=record).content)
    window = Window(branch, "书记")
    path = f"records/{record.pk}/correct/"
    page = window.get(path)
    assert ("已密封，不改则保持原样" in text(page), CONTENT in text(page)) == (True, False)
    given = {"title": "节前廉政谈话", "day": "2026-03-11", "because": "名称不全"}
    checked = window.post(path, **given)
    assert (checked.status_code, CONTENT in text(checked)) == (200, False)
    assert window.post(path, **hidden(checked), turn="do").status_code == 302
    record.refresh_from_db()
    assert record.title == "节前廉政谈话"
    assert bytes(Sealed.objects.get(record=record).content) == before
    assert opened(branch, record, "党员1") == {"content": CONTENT}


def test_a_sealed_field_that_is_given_again_is_sealed_anew():
    branch = a_branch()
    record = a_talk(branch)
    values = {"title": "节前谈话", "day": "2026-03-11", "content": "改过的内容。"}
    inputs = {"actor": branch.actor("书记"), "at": branch.at}
    correct_record(branch.unit, record=record.pk, values=values, reason="补记", **inputs)
    assert opened(branch, record, "书记") == {"content": "改过的内容。"}


def test_of_several_sealed_fields_the_others_stay_and_what_is_derived_from_them_too():
    branch = a_branch()
    box = branch.enter("appraisal", day="2026-03-11")
    branch.at = branch.at.replace(day=20)
    type(box).objects.filter(pk=box.pk).update(state="done", closed_on="2026-03-16")
    best, barely = branch.marks("党员1"), branch.marks("党员2")
    values = {"day": "2026-03-17", "parent": str(box.pk)}
    record = branch.enter("appraisal_result", excellent=best, barely=barely, **values)
    counts = ("excellent_count", "barely_count")
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "record": record.pk}
    other = correct_record(branch.unit, values=values | {"barely": branch.marks("党员3")}, reason="核对", **inputs)
    assert [other.fields[one] for one in counts] == [1, 1]
    assert opened(branch, record, "书记") == {"excellent": best, "barely": branch.marks("党员3")}
