"""A platform that owns all its keys and writes its log anew is still found out by what others signed and computed."""

import base64
import json

import pytest

from support.archives import copy_of, forge, problems_found_by_both, rewrite, sign_again, small_archive
from yangguang.proof.canonical import canonical
from yangguang.proof.digests import digest_bytes
from yangguang.trading.signed_terms import terms_paper
from yangguang.trading.verification import verify_archive

TERMS = terms_paper(1)


@pytest.fixture(scope="module")
def archive(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return small_archive()


@pytest.fixture
def copy(archive, tmp_path):
    return copy_of(archive, tmp_path)


def of(payloads, act):
    return [one for one in payloads if one["act"] == act]


def told(opened, payloads_of, act):
    """The opened texts of an act's entries, as (record, decoded text)."""
    wanted = {one["sequence"] for one in of(payloads_of, act)}
    return [one for one in opened["concealed"] if one["sequence"] in wanted]


def entries_of(copy):
    return [json.loads(path.read_bytes()) for path in sorted((copy / "data/log/entries").iterdir())]


@pytest.mark.django_db
def test_a_log_that_is_only_written_anew_still_holds(copy):
    forge(copy)
    assert problems_found_by_both(copy) == ([], [])


def award_the_second(payloads):
    second = of(payloads, "publish_candidates")[0]["data"]["candidates"][1]
    award = of(payloads, "award")[0]["data"]
    award |= {name: second[name] for name in ("bidder", "bid", "price", "rank")}


def award_nobody_known(payloads):
    of(payloads, "award")[0]["data"]["bidder"] = "91990100MA0000009X"


def lower_the_award(payloads):
    of(payloads, "award")[0]["data"]["price"] = "1.00"


def change_the_contract_price(payloads):
    of(payloads, "sign_contract")[0]["data"]["price"] = "1.00"


def announce_another_price(payloads):
    of(payloads, "announce_bids")[0]["data"]["bids"][0]["price"] = "1.00"


def swap_two_candidates(payloads):
    candidates = of(payloads, "publish_candidates")[0]["data"]["candidates"]
    candidates[0]["rank"], candidates[1]["rank"] = 2, 1


def raise_a_published_total(payloads):
    of(payloads, "publish_candidates")[0]["data"]["candidates"][0]["total"] = "99.9999"


def list_a_bid_less(payloads):
    data = of(payloads, "announce_bidders")[0]["data"]
    data["bids"].pop()
    data["count"] -= 1


def change_the_seed(payloads):
    of(payloads, "complete_draw")[0]["data"]["seed"] = "0" * 64


def change_the_drawn_value(payloads):
    of(payloads, "complete_draw")[0]["data"]["value"] = "9"


def change_the_drawn_position(payloads):
    data = of(payloads, "complete_draw")[0]["data"]
    data["position"] += 1


def change_a_nonce(payloads):
    of(payloads, "reveal_for_draw")[0]["data"]["nonce"] = "00" * 32


def change_a_commitment(payloads):
    of(payloads, "commit_to_draw")[0]["data"]["commitment"] = "00" * 32


def change_the_vrf_proof(payloads):
    data = of(payloads, "complete_draw")[-1]["data"]
    data["vrf_proof"] = data["vrf_proof"][:-2] + ("01" if data["vrf_proof"].endswith("00") else "00")


def call_another_expert(payloads):
    data = of(payloads, "record_expert_reply")[0]["data"]
    data["position"] += 1


def seat_another_expert(payloads):
    of(payloads, "form_committee")[0]["data"]["positions"].reverse()


def open_before_the_deadline(payloads):
    of(payloads, "open_bid")[0]["at"] = "2026-03-01T00:00:00.000000Z"


def move_the_deadline_behind_the_opening(payloads):
    of(payloads, "publish_notice")[0]["data"]["deadline"] = "2026-12-01T00:00:00.000000Z"


def sign_as_somebody_else(payloads):
    of(payloads, "publish_notice")[0]["actor"]["organisation"] = "91990100MA0000009X"


def sign_when_the_certificate_was_over(payloads):
    of(payloads, "publish_notice")[0]["at"] = "2099-01-01T00:00:00.000000Z"


def sign_another_file(payloads):
    files = of(payloads, "publish_notice")[0]["files"]
    files[0], files[2] = {**files[2], "name": files[0]["name"]}, {**files[0], "name": files[2]["name"]}


def name_a_file_that_is_not_there(payloads):
    of(payloads, "archive_trade")[0]["files"].append({"name": "x", "sha256": "ab" * 32, "sm3": "cd" * 32, "size": 1})


def give_a_file_another_sm3(payloads):
    of(payloads, "publish_notice")[0]["files"][-1]["sm3"] = "ab" * 32


def leave_an_entry_out(payloads):
    payloads.remove(of(payloads, "announce_bids")[0])


def cut_the_end_off(payloads):
    del payloads[-1]


def release_the_keys_of_another_bid(payloads):
    one, other = of(payloads, "open_bid")[:2]
    one["files"], other["files"] = other["files"], one["files"]


def open_another_bid(payloads):
    one, other = of(payloads, "open_bid")[:2]
    one["data"]["bid"], other["data"]["bid"] = other["data"]["bid"], one["data"]["bid"]


PUBLIC = [
    award_the_second,
    award_nobody_known,
    lower_the_award,
    change_the_contract_price,
    announce_another_price,
    swap_two_candidates,
    raise_a_published_total,
    list_a_bid_less,
    change_the_seed,
    change_the_drawn_value,
    change_the_drawn_position,
    change_a_nonce,
    change_a_commitment,
    change_the_vrf_proof,
    call_another_expert,
    seat_another_expert,
    open_before_the_deadline,
    move_the_deadline_behind_the_opening,
    sign_as_somebody_else,
    sign_when_the_certificate_was_over,
    sign_another_file,
    name_a_file_that_is_not_there,
    give_a_file_another_sm3,
    leave_an_entry_out,
    cut_the_end_off,
    release_the_keys_of_another_bid,
    open_another_bid,
]


@pytest.mark.parametrize("change", PUBLIC, ids=lambda change: change.__name__)
def test_a_forged_public_entry_is_found(copy, change):
    forge(copy, entries=change)
    own, alone = problems_found_by_both(copy)
    assert own
    assert alone


def submit_late(sealed):
    sealed[-1]["at"] = "2099-01-01T00:00:00.000000Z"


def withdraw_a_bid_silently(sealed):
    bid = of(sealed, "submit_bid")[0]
    sealed.append({**bid, "act": "withdraw_bid", "data": {"bid": bid["data"]["bid"]}, "files": []})


@pytest.mark.parametrize("change", [submit_late, withdraw_a_bid_silently], ids=lambda change: change.__name__)
def test_a_forged_sealed_entry_is_found(copy, change):
    forge(copy, sealed=change)
    own, alone = problems_found_by_both(copy)
    assert own
    assert alone


def test_a_sealed_entry_taken_away_after_the_deadline_is_found_by_its_root_and_receipt(copy):
    members = sorted((copy / "data/log/sealed").iterdir())
    members[-1].unlink()
    sign_again(copy)
    own, alone = problems_found_by_both(copy)
    assert any("封存记录" in problem for problem in own)
    assert any("回执" in problem for problem in own)
    assert alone


def test_changed_marks_do_not_give_the_computed_result(copy):
    payloads = entries_of(copy)

    def better(opened):
        for one in told(opened, payloads, "score_technical")[:1]:
            text = json.loads(one["text"])
            text["marks"] = dict.fromkeys(text["marks"], "1.00")
            one["text"] = canonical(text).decode()

    forge(copy, opened=better)
    own, alone = problems_found_by_both(copy)
    assert any("评委打分" in problem for problem in own)
    assert any("评委打分" in problem for problem in alone)


def test_a_rejected_bid_that_was_scored_is_found(copy):
    payloads = entries_of(copy)
    bid = of(payloads, "announce_bidders")[0]["data"]["bids"][0]["bid"]

    def reject(opened):
        opinion = told(opened, payloads, "give_opinion")[0]
        opinion["text"] = canonical({"bid": bid, "ground": "x", "reason": "x"}).decode()

    def relabel(entries):
        of(entries, "give_opinion")[0]["act"] = "reject_bid"

    forge(copy, entries=relabel, opened=reject)
    own, alone = problems_found_by_both(copy)
    assert own
    assert alone


def test_another_ranking_than_the_computed_one_is_found(copy):
    payloads = entries_of(copy)

    def turn_round(opened):
        one = told(opened, payloads, "compute_results")[0]
        text = json.loads(one["text"])
        places = [place["bids"] for place in text["ranking"]]
        text["ranking"] = [{"rank": rank, "bids": bids} for rank, bids in enumerate(reversed(places), start=1)]
        one["text"] = canonical(text).decode()

    forge(copy, opened=turn_round)
    own, alone = problems_found_by_both(copy)
    assert any("排名" in problem for problem in own)
    assert any("排名" in problem for problem in alone)


def test_concealed_texts_must_be_opened_and_be_those_of_the_time(copy):
    rewrite(copy, "data/log/opened.json", lambda opened: opened["concealed"].pop() and opened)
    sign_again(copy)
    own, alone = problems_found_by_both(copy)
    assert own
    assert alone


def test_a_text_changed_without_its_digest_is_found(copy):
    def change(opened):
        opened["concealed"][0]["text"] += " "

    rewrite(copy, "data/log/opened.json", change)
    sign_again(copy)
    own, alone = problems_found_by_both(copy)
    assert own
    assert alone


def test_a_bidder_told_wrongly_is_found(copy):
    def change(opened):
        opened["sealed_parties"][0]["organisation"] = "91990100MA0000009X"

    rewrite(copy, "data/log/opened.json", change)
    sign_again(copy)
    own, alone = problems_found_by_both(copy)
    assert any("单位" in problem for problem in own)
    assert any("单位" in problem for problem in alone)


def replaced(copy, payloads, name, change):
    """Put other bytes under a file that an entry names; the entry then names those."""
    file = next(one for entry in payloads for one in entry["files"] if one["name"] == name)
    path = next((copy / "data/evidence").glob(f"{file['sha256']}.*"))
    content = change(json.loads(path.read_bytes()))
    digests = digest_bytes(content)
    path.unlink()
    (path.parent / f"{digests.sha256}{path.suffix}").write_bytes(content)
    file |= {"sha256": digests.sha256, "sm3": digests.sm3, "size": digests.size}


def other_terms(value):
    value["scoring"]["title"] += "（改）"
    return canonical(value)


def other_steps(value):
    value["result"]["trace"][-1]["value"] = dict.fromkeys(value["result"]["trace"][-1]["value"], "1")
    return canonical(value)


def other_inputs(value):
    value["inputs"]["price"] = dict.fromkeys(value["inputs"]["price"], "1")
    return canonical(value)


def other_release(value):
    value["signed"]["created_at"] = "2026-03-01T00:00:00Z"
    return canonical(value)


def other_key(value):
    value["signed"]["keys"] = {part: "00" * (len(key) // 2) for part, key in value["signed"]["keys"].items()}
    return canonical(value)


def other_signer(value):
    return canonical({**value, "value": base64.b64encode(b"\x30\x06\x02\x01\x01\x02\x01\x01").decode()})


FILES = [
    (TERMS, other_terms),
    ("评分演算", other_steps),
    ("评分演算", other_inputs),
    ("内容密钥", other_release),
    ("内容密钥", other_key),
]


@pytest.mark.parametrize(("name", "change"), FILES, ids=lambda one: getattr(one, "__name__", ""))
def test_a_forged_file_is_found(copy, name, change):
    forge(copy, entries=lambda payloads: replaced(copy, payloads, name, change))
    own, alone = problems_found_by_both(copy)
    assert own
    assert alone


def say_no_signature(copy):
    own, alone = problems_found_by_both(copy)
    return any("结构化条款" in one and "签名" in one for one in own), any(
        "没有签名" in one or "结构化条款" in one for one in alone
    )


def leave_out_the_signature_of_the_terms(payloads):
    files = of(payloads, "publish_notice")[0]["files"]
    files[:] = [one for one in files if one["name"] != f"{TERMS}.sig"]


def test_other_terms_that_nobody_signed_are_found(copy):
    def change(payloads):
        replaced(copy, payloads, TERMS, other_terms)
        leave_out_the_signature_of_the_terms(payloads)

    forge(copy, entries=change)
    assert say_no_signature(copy) == (True, True)


def test_other_terms_under_the_signature_of_the_published_ones_are_found(copy):
    forge(copy, entries=lambda payloads: replaced(copy, payloads, TERMS, other_terms))
    own, alone = problems_found_by_both(copy)
    assert any(f"签名与“{TERMS}”不符" in problem for problem in own)
    assert any("签名不成立" in problem for problem in alone)


def test_a_signature_of_the_terms_cannot_be_withheld(copy):
    def withhold(opened):
        (signed,) = [one for entry in entries_of(copy) for one in entry["files"] if one["name"] == f"{TERMS}.sig"]
        opened["withheld"].append({"sha256": signed["sha256"], "reason": "x"})

    forge(copy, opened=withhold)
    assert say_no_signature(copy) == (True, True)


@pytest.mark.parametrize(
    "act",
    ["record_fair_competition_review", "publish_notice", "sign_opening_record", "sign_report", "sign_contract"],
)
def test_a_paper_without_its_signature_is_found(copy, act):
    def change(payloads):
        files = of(payloads, act)[0]["files"]
        files.remove(next(one for one in files if one["name"].endswith(".sig")))

    forge(copy, entries=change)
    assert all(any("没有签名" in one for one in found) for found in problems_found_by_both(copy))


def name_the_terms_of_another_version(payloads):
    of(payloads, "publish_notice")[0]["data"]["version"] = 2


def test_the_terms_of_another_version_are_found(copy):
    forge(copy, entries=name_the_terms_of_another_version)
    assert say_no_signature(copy) == (True, True)


def rename(files, one, other):
    for file in files:
        file["name"] = file["name"].replace(one, other)


def present_the_document_as_the_notice(payloads):
    files = of(payloads, "publish_notice")[0]["files"]
    rename(files[:2], "招标公告", "招标文件")
    rename(files[2:4], "招标文件", "招标公告")


def present_the_notice_as_the_terms(payloads):
    files = of(payloads, "publish_notice")[0]["files"]
    rename(files[:2], "招标公告", TERMS)
    del files[4:]


@pytest.mark.parametrize(
    "change", [present_the_document_as_the_notice, present_the_notice_as_the_terms], ids=lambda one: one.__name__
)
def test_a_paper_signed_under_another_name_is_found(copy, change):
    forge(copy, entries=change)
    own, alone = problems_found_by_both(copy)
    assert any("签名与" in problem for problem in own)
    assert any("签名不成立" in problem for problem in alone)


def publish_in_the_name_of_nobody(payloads):
    """A certificate without an organisation binds nobody; the terms must be those of the tenderer or its agency."""
    del of(payloads, "publish_notice")[0]["actor"]["organisation"]


def test_terms_of_nobody_are_found(copy):
    forge(copy, entries=publish_in_the_name_of_nobody)
    own, alone = problems_found_by_both(copy)
    assert any("没有招标人或其代理机构的签名" in problem for problem in own)
    assert alone


def test_every_forged_signature_is_found(copy):
    names = [file["name"] for entry in entries_of(copy) for file in entry["files"] if file["name"].endswith(".sig")]
    assert len(names) > 10
    forge(copy, entries=lambda payloads: replaced(copy, payloads, names[-1], other_signer))
    own, alone = problems_found_by_both(copy)
    assert own
    assert alone


def test_authorities_that_nobody_recognises_prove_nothing(copy):
    def change(trade):
        trade["roots"] = trade["roots"][:1]

    rewrite(copy, "data/trade.json", change)
    sign_again(copy)
    own, alone = problems_found_by_both(copy)
    assert own
    assert alone


def test_another_vrf_key_proves_nothing(copy):
    def change(trade):
        trade["vrf_public"] = "11" * 32

    rewrite(copy, "data/trade.json", change)
    sign_again(copy)
    own, alone = problems_found_by_both(copy)
    assert own
    assert alone


def test_a_pool_that_is_not_the_frozen_one_is_found(copy):
    draw = max((copy / "data/draws").iterdir())
    rewrite(copy, f"data/draws/{draw.name}", lambda value: value["draw"]["pool"].reverse())
    sign_again(copy)
    own, alone = problems_found_by_both(copy)
    assert own
    assert alone


def test_a_draw_that_is_left_out_is_found(copy):
    max((copy / "data/draws").iterdir()).unlink()
    sign_again(copy)
    own, alone = problems_found_by_both(copy)
    assert own
    assert alone


def test_a_checkpoint_of_another_history_is_found(copy):
    first = copy / "data/log/checkpoints/000000000001.txt"
    forge(copy, entries=lambda payloads: payloads[0]["data"].update(title="x"))
    other = first.read_bytes()
    forge(copy, entries=lambda payloads: payloads[0]["data"].update(title="y"))
    assert other != first.read_bytes()
    first.write_bytes(other)
    sign_again(copy)
    own, alone = problems_found_by_both(copy)
    assert any("较早状态" in problem for problem in own)
    assert any("较早状态" in problem for problem in alone)


def test_only_our_own_verifier_knows_the_stage_table_and_the_state(copy):
    rewrite(copy, "data/state.json", lambda state: state.update(stage="bidding", award=None))
    sign_again(copy)
    problems = verify_archive(copy).problems
    assert sum("data/state.json" in problem for problem in problems) >= 2
