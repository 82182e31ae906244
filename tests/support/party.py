"""People of a branch in front of their pages, and registers that a house added for the tests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from support.act_pages import signed_in
from support.units import OPENED, Branch, a_branch
from yangguang.ledger.acts.people import found_unit
from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import Post
from yangguang.parties.models import Person
from yangguang.web import demo_mode
from yangguang.witness.actor import Actor

KINDS = ("worker", "party member", "secretary", "branch inspector", "branch leader", "other branch")
NAMES = {
    "worker": "干事", "party member": "党员1", "secretary": "书记", "branch inspector": "派驻纪检",
    "branch leader": "分管领导", "other branch": "外支部书记",
}  # fmt: skip
# A register with everything that the form, the list and the record's page know.
OURS = """
group = "试用台账"

[sample_talk]
system = "D13"
name = "谈话登记（试用）"
engine = "event"
about = "谈话的时间和人员；内容密封。"
columns = ["place"]
rolls = { "" = "named" }
read = ["inspector", "leader"]
unseal = ["named"]
is_counted_only = true

[[sample_talk.fields]]
key = "content"
label = "谈话内容"
type = "long"
sealed = true
required = true
used_in = "只供本人和谈话人核对"
why = "内容只有在场的人知道"

[sample_matter]
system = "F01"
name = "督办事项（试用）"
engine = "matter"
about = "交办的事项和办结情况。"
columns = ["owner", "due_on", "amount", "quantity"]
tags = ["办实事"]

[[sample_matter.fields]]
key = "source"
label = "来源"
type = "choice"
choices = ["上级交办", "群众来访"]
used_in = "按来源统计"
why = "来源只有登记人知道"

[[sample_matter.fields]]
key = "helpers"
label = "协办人"
type = "persons"
used_in = "分工"
why = "由谁协办需要指定"

[[sample_matter.fields]]
key = "public"
label = "是否公开"
type = "yes"
used_in = "公开目录"
why = "是否公开由单位决定"

[sample_pledge]
system = "E05"
name = "承诺书（试用）"
engine = "letter"
about = "每人点一次签署。"
signers = "members"
"""


class Window:
    """One person of a branch in front of a browser; `text` is a page without its line breaks."""

    def __init__(self, branch: Branch, name: str) -> None:
        self.branch, self.name = branch, name
        with self.now():
            self.client = signed_in(Actor(person=branch.people[name].mark))

    @contextmanager
    def now(self) -> Iterator[None]:
        with time_machine.travel(self.branch.at - demo_mode.ahead(), tick=False):
            yield

    def get(self, path):
        with self.now():
            return self.client.get(self.address(path))

    def post(self, path, **data):
        with self.now():
            return self.client.post(self.address(path), data)

    def address(self, path):
        return path if path.startswith("/") else f"/party/{self.branch.unit.code}/{path}"


def text(page):
    return re.sub(r"\s+", " ", page.content.decode())


def hidden(page):
    """What a page carries in hidden fields, but for Django's own."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode())
    kept: dict[str, list[str]] = {}
    for name, value in found:
        kept.setdefault(name, []).append(value)
    kept.pop("csrfmiddlewaretoken", None)
    return kept


def everyone() -> Branch:
    """A branch with everyone who may come to its pages, and the secretary of another one."""
    branch = a_branch()
    branch.add("派驻纪检", "inspector")
    branch.add("分管领导", "leader")
    other = found_unit(code="wz", name="示例市另一个党支部", kind="branch", opened_on=OPENED)
    stranger = branch.people.setdefault("外支部书记", Person.objects.create(name="外支部书记"))
    Post.objects.create(unit=other, person=stranger, post="secretary", since=date(2020, 1, 1))
    return branch


@pytest.fixture
def registers_of_the_house() -> Iterator[None]:
    """The house has registers of its own, beside those that come with the product."""
    folder = Path(settings.HOME, "registers")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sample.toml").write_text(OURS, encoding="utf-8")
    catalogue.cache_clear()
    yield
    (folder / "sample.toml").unlink()
    catalogue.cache_clear()
