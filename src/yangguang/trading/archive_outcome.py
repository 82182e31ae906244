"""核验归档: the result of a tender: scores run again, the ranking, the candidates, the award and the contract."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from yangguang.rules.scoring import Description, evaluate
from yangguang.trading.archive_checks import signed_files
from yangguang.trading.archive_committee import rejected_bids, standing_computations, standing_texts
from yangguang.trading.signed_terms import terms_paper
from yangguang.trading.terms import LIMIT_INPUT, PRICE_INPUT
from yangguang.witness.verification import Archived, concealed_of, entry_member

ISSUING = ("publish_notice", "change_document")
STATED_PRECISION = Decimal("0.00005")  # the ranking is kept with four decimals

Entry = Mapping[str, Any]


def check_scores(archived: Archived) -> Iterator[str]:
    """The published method, run again on opened prices, the limit, drawn parameters and the members' marks."""
    for entry in standing_computations(archived):
        member = f"data/evidence/{archived.evidence[entry['files'][0]['sha256']].name}"
        kept = archived.json(member)
        description = Description.parse(terms_of(archived)["scoring"])
        if kept["description"] != description.to_json():
            yield f"{member}：评分办法不是招标文件公布的办法"
        given = scoring_inputs(archived, description)
        if _numbers(kept["inputs"]) != _numbers(given):
            yield f"{member}：评分输入与开标、抽取、否决或评委打分不符"
            continue
        result = evaluate(description=description, inputs=kept["inputs"])
        if result.to_json() != kept["result"]:
            yield f"{member}：演算结果与重新计算的不符"
        yield from _check_ranking(archived, [(place.rank, place.bids) for place in result.ranking], kept["result"])


def scoring_inputs(archived: Archived, description: Description) -> dict[str, Any]:
    """Everything the method asks for, from the log and the opened bids alone; keyed as the computation is."""
    prices = opened_prices(archived)
    rejected = rejected_bids(archived)
    valid = {bid: price for bid, price in prices.items() if bid not in rejected}
    codes: dict[str, str] = concealed_of(archived, "close_review")[-1]["codes"]
    given: dict[str, Any] = {PRICE_INPUT: valid}
    given[LIMIT_INPUT] = archived.done("announce_bids")[0]["data"]["limit_price"]
    given |= drawn_parameters(archived)
    of = {item: name for name, one in description.inputs.items() for item in one.items}
    for sheet in standing_texts(archived, "score_technical", "score_business"):
        bid = codes.get(sheet["for"], sheet["for"])
        for item, mark in sheet["marks"].items() if bid in valid else ():
            seats = given.setdefault(of[item], {}).setdefault(bid, {})
            seats.setdefault(f"seat-{sheet['seat']}", {})[item] = mark
    return {name: given[name] for name in description.inputs}


def check_award(archived: Archived) -> Iterator[str]:
    """Candidates are the first of the ranking; winner and price follow from them in the order of the law."""
    ranking = {one["bid"]: one for one in archived.json("data/state.json")["ranking"]}
    bids = {one["bid"]: one for one in archived.json("data/state.json")["bids"]}
    left: dict[str, str] = {}
    state_controlled = archived.first["data"]["state_controlled"]
    winner = None
    for entry in archived.done("publish_candidates", "record_drop_out", "award", "sign_contract"):
        data, member = entry["data"], entry_member(entry["sequence"])
        for one in data.get("candidates", ()):
            left[one["bidder"]] = one["bid"]
            if not _is_as_ranked(one, ranking[one["bid"]], bids[one["bid"]]):
                yield f"{member}：公示的候选人与排名不符"
        if entry["act"] == "record_drop_out":
            left.pop(data["bidder"], None)
        if entry["act"] == "award":
            winner = data
            yield from (
                f"{member}：{problem}"
                for problem in _award_problems(data, left, bids, state_controlled=state_controlled)
            )
        if entry["act"] == "sign_contract" and (winner is None or not _same_contract(data, winner)):
            yield f"{member}：合同与中标结果不符"
    yield from _check_state(archived, winner)


def check_terms(archived: Archived) -> Iterator[str]:
    """Every version of the document has its structured terms, signed by the tenderer or its agency."""
    owners = {archived.first["data"][name] for name in ("tenderer", "agency")} - {""}
    for entry in archived.done(*ISSUING):
        if not _signed_terms(archived, entry) or entry["actor"].get("organisation") not in owners:
            paper = terms_paper(entry["data"]["version"])
            yield f"{entry_member(entry['sequence'])}：“{paper}”没有招标人或其代理机构的签名"


def terms_of(archived: Archived) -> dict[str, Any]:
    """The structured terms that held at the deadline: the signed ones of the last version."""
    sha256 = _signed_terms(archived, archived.done(*ISSUING)[-1])[-1]
    return dict(archived.json(f"data/evidence/{archived.evidence[sha256].name}"))


def _signed_terms(archived: Archived, entry: Entry) -> list[str]:
    """The digest of the terms that an entry has with a signature; whose, and whether it holds, is checked elsewhere."""
    paper = terms_paper(entry["data"]["version"])
    return [file["sha256"] for one, file, _ in signed_files(archived) if one is entry and file["name"] == paper]


def opened_prices(archived: Archived) -> dict[str, str]:
    """The prices of the opened bids, as `check_openings` finds them in the bids themselves."""
    return {one["bid"]: one["price"] for one in archived.json("data/state.json")["bids"] if one["outcome"] == "opened"}


def drawn_parameters(archived: Archived) -> dict[str, str]:
    """Every drawn parameter by its name, as the log has it."""
    subjects = {entry["data"]["draw"]: entry["data"]["subject"] for entry in archived.done("open_draw")}
    done = [entry["data"] for entry in archived.done("complete_draw")]
    return {subjects[one["draw"]]: one["value"] for one in done if "value" in one}


def _check_ranking(
    archived: Archived, computed: Sequence[tuple[int, Sequence[str]]], result: Mapping[str, Any]
) -> Iterator[str]:
    """What the committee ranked, and what the state has, is what was computed; ties as the committee settled them."""
    told = concealed_of(archived, "compute_results")[-1]
    settled = {bid: place for place, bid in enumerate(told.get("tie", {}).get("order", ()))}
    order = [bid for _, bids in computed for bid in sorted(bids, key=lambda one: settled.get(one, 0))]
    tied = {bid for _, bids in computed if len(bids) > 1 for bid in bids}
    if tied != settled.keys() or told["ranking"] != [
        {"rank": n, "bids": [bid]} for n, bid in enumerate(order, start=1)
    ]:
        yield "data/log/opened.json：评标汇总的排名与重新计算的不符"
    state = archived.json("data/state.json")["ranking"]
    exact = [abs(Decimal(one["total"]) - Decimal(result["total"][one["bid"]])) <= STATED_PRECISION for one in state]
    if [one["bid"] for one in state] != order or not all(exact):
        yield "data/state.json：排名或得分与重新计算的不符"


def _numbers(value: Any) -> Any:
    """The same value with every text as the number it is."""
    if isinstance(value, Mapping):
        return {key: _numbers(inner) for key, inner in value.items()}
    return Decimal(value)


def _is_as_ranked(told: Entry, ranked: Entry, bid: Entry) -> bool:
    return (told["rank"], told["total"], told["price"], told["bidder"]) == (
        ranked["rank"],
        ranked["total"],
        bid["price"],
        bid["bidder"],
    )


def _award_problems(
    data: Entry,
    left: Mapping[str, str],
    bids: Mapping[str, Entry],
    state_controlled: bool,  # noqa: FBT001 - told by name
) -> Iterator[str]:
    if left.get(data["bidder"]) != data["bid"]:
        yield "中标人不在候选人之中或已放弃"
        return
    if state_controlled and next(iter(left)) != data["bidder"]:
        yield "应由排名最前且未放弃的候选人中标"
    if bids[data["bid"]]["price"] != data["price"]:
        yield "中标价不是投标价"


def _same_contract(data: Entry, winner: Entry) -> bool:
    return bool(data["winner"] == winner["bidder"] and Decimal(data["price"]) == Decimal(winner["price"]))


def _check_state(archived: Archived, winner: Entry | None) -> Iterator[str]:
    """The state tables end where the log ends."""
    state = archived.json("data/state.json")
    award = state["award"] and state["award"]["bid"]
    if award != (winner and winner["bid"]):
        yield "data/state.json：中标结果与见证记录不符"
    last = archived.entries[-1]
    if (state["stage"], state["entries"]) != (last["to"], last["sequence"]):
        yield "data/state.json：阶段与见证记录不符"
