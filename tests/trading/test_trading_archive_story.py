"""The demonstration's own archive: both verifiers accept it; what it holds and what stays hidden."""

import json
import re

import bagit
import pytest

from support.archives import problems_found_by_both
from support.emptying import empty_database
from yangguang.demo.bids import WITHDRAWS
from yangguang.demo.story import play_story
from yangguang.parties.models import Person
from yangguang.trading.archive import export_archive
from yangguang.trading.models import Bid, Objection, Withdrawal
from yangguang.witness.archive import files_of
from yangguang.witness.models import Entry, SealedEntry


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        yield play_story(folder=tmp_path_factory.mktemp("bidders"))
        empty_database()


@pytest.fixture(scope="module")
def archive(story, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        place = tmp_path_factory.mktemp("archives") / "story"
        return export_archive(trade=story.trade, destination=place, at=story.moment(41, "09:00"))


def read(archive, member):
    return json.loads((archive / member).read_bytes())


@pytest.mark.django_db
def test_both_verifiers_accept_the_demonstration(archive):
    assert problems_found_by_both(archive) == ([], [])
    bagit.Bag(str(archive)).validate()


@pytest.mark.django_db
def test_every_entry_and_sealed_entry_is_there_as_it_is_in_the_log(story, archive):
    entries = sorted((archive / "data/log/entries").iterdir())
    sealed = sorted((archive / "data/log/sealed").iterdir())
    assert [path.read_text() for path in entries[1:]] == [
        one.payload for one in Entry.objects.filter(stream=story.trade.stream)
    ]
    assert [path.read_text() for path in sealed] == [
        one.payload for one in SealedEntry.objects.filter(stream=story.trade.stream)
    ]


@pytest.mark.django_db
def test_no_name_of_a_person_stands_in_what_the_archive_itself_says(archive):
    names = set(Person.objects.values_list("name", flat=True)) | set(Person.objects.values_list("mark", flat=True))
    actors = {one["actor"]["person"] for one in entries_of(archive) if "person" in one["actor"]}
    written = [one for one in archive.rglob("*") if one.is_file() and "evidence" not in one.parts]
    text = "\n".join(one.read_text() for one in written)
    assert {name for name in names if name in text} == actors


def entries_of(archive):
    return [json.loads(path.read_bytes()) for path in sorted((archive / "data/log/entries").iterdir())]


@pytest.mark.django_db
def test_who_withdrew_only_downloaded_or_objected_stays_hidden(story, archive):
    opened = read(archive, "data/log/opened.json")
    told = {one["organisation"] for one in opened["sealed_parties"]}
    listed = {bid["bidder"] for bid in read(archive, "data/state.json")["bids"]}
    withdrawn = story.cast.bidders[WITHDRAWS].code
    assert told == listed
    assert withdrawn not in told
    assert Withdrawal.objects.filter(bid__bidder__code=withdrawn).exists()
    sealed_file = Bid.objects.get(bidder__code=withdrawn).evidence_id
    assert sealed_file in {one["sha256"] for one in opened["withheld"]}
    assert not list((archive / "data/evidence").glob(f"{sealed_file}*"))
    acts = {
        json.loads((archive / f"data/log/sealed/{n['sequence']:06d}.json").read_bytes())["act"]
        for n in opened["sealed_parties"]
    }
    assert acts == {"submit_bid", "replace_bid", "record_guarantee"}


@pytest.mark.django_db
def test_no_salt_is_given_away_of_a_party_that_stays_hidden(archive):
    opened = read(archive, "data/log/opened.json")
    given = {one["sequence"] for one in opened["sealed_parties"]}
    text = "".join(path.read_text() for path in archive.rglob("*.json")) + "".join(
        path.read_text() for path in (archive / "data/receipts").iterdir()
    )
    hidden = SealedEntry.objects.exclude(sequence__in=given)
    assert hidden.count() > 10
    assert [one.sequence for one in hidden if one.salt in text] == []


@pytest.mark.django_db
def test_an_objection_stays_out_unless_its_author_became_public(story, archive):
    listed = {bid["bidder"] for bid in read(archive, "data/state.json")["bids"]}
    withheld = {one["sha256"] for one in read(archive, "data/log/opened.json")["withheld"]}
    raised = Objection.objects.filter(kind=Objection.Kind.DOCUMENT)
    assert raised.exists()
    for one in raised:
        assert (one.evidence_id in withheld) == (one.organisation.code not in listed)


@pytest.mark.django_db
def test_every_named_file_is_there_or_withheld(archive):
    named = set(files_of([*Entry.objects.all(), *SealedEntry.objects.all()]))
    withheld = {one["sha256"] for one in read(archive, "data/log/opened.json")["withheld"]}
    kept = {path.stem for path in (archive / "data/evidence").iterdir()}
    assert named - withheld <= kept
    assert kept & withheld == set()


@pytest.mark.django_db
def test_experts_are_leaves_and_only_the_drawn_parameter_is_opened(archive):
    parameter, experts = (json.loads(path.read_bytes()) for path in sorted((archive / "data/draws").iterdir()))
    assert set(parameter) == {"draw", "walked", "drawn"}
    assert set(experts) == {"draw", "walked"}
    assert len(experts["walked"]) == len(set(experts["walked"])) > 4


@pytest.mark.django_db
def test_the_contents_can_be_read_and_every_link_leads_somewhere(archive):
    page = (archive / "data/目录.html").read_text()
    links = re.findall(r'href="([^"]+)"', page)
    assert len(links) > 250
    assert [link for link in links if not (archive / "data" / link).is_file()] == []
    assert "<script" not in page
    for words in ("投标截止", "中标人", "排名", "视为撤销", "不公开"):
        assert words in page
