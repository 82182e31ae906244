"""订立合同: one paper, signed by the winner in its own page first, then by the tenderer, who does the act."""

from typing import Any

from yangguang.parties.access import actor_for
from yangguang.parties.models import Organisation, Person
from yangguang.parties.signing import SignedFile
from yangguang.proof.signatures import Signature
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.acts.contract import sign_contract
from yangguang.trading.papers import contract_paper
from yangguang.trading.readings import current_award
from yangguang.web.acts.forms import ActForm, form_of
from yangguang.witness.models import Evidence

PAPER = "合同"
COUNTERSIGNED = "countersigned"
WAITS = Refusal(
    code="contract.not_countersigned",
    reason="中标人还没有对这份合同签名",
    article="招标投标法第四十六条",
    remedy="请中标人在本项目的“会签合同”页面签名；签名后刷新本页再确认。合同内容改动后要重新签名。",
)


@form_of(sign_contract)
class ContractForm(ActForm):
    """The contract: the platform's paper with further terms, or the parties' own as a PDF."""

    labels = {"contract": "合同（PDF）"}
    written = {"contract": "专用条款（每行一条，合同由平台按中标结果生成）"}
    hints = {
        "contract": "双方另行拟定的合同全文。写了专用条款的不需要上传。下一步后，中标人可以看到这份合同并先行签名。"
    }
    names = {"contract": PAPER}

    def _add(self, name: str, form: Any) -> None:
        if name == "contract":
            super()._add(name, form)

    @classmethod
    def uploads(cls) -> list[str]:
        """The countersigned paper is the same file."""
        return ["contract"]

    @classmethod
    def signed(cls) -> list[str]:
        """The tenderer signs here; the winner in its own page."""
        return ["contract"]

    def compose(self, field: str, text: str) -> bytes:  # noqa: ARG002 - there is one
        """The platform's paper at the terms of the bid that won, with the typed clauses."""
        clauses = [line.strip() for line in text.splitlines() if line.strip()]
        return contract_paper(self.trade, clauses=clauses, signed_on=legal_date(self.at))

    def media_of_typed(self) -> str:
        """It is a paper, not plain text."""
        return "text/html"

    def note(self) -> str:
        """Whether the winner has signed this very contract."""
        if self._is_countersigned():
            return "中标人已对这份合同签名，请签名确认。"
        return f"{WAITS.reason}。{WAITS.remedy}"

    def _is_countersigned(self) -> bool:
        paper = self.kept.get("contract", {}).get("sha256")
        return paper is not None and self.kept.get(COUNTERSIGNED, {}).get("sha256") == paper

    def inputs(self) -> dict[str, Any]:
        """Who signed for the winner, and the price of the bid. Raises `Refused` while the winner has not signed."""
        if not self._is_countersigned():
            raise Refused(WAITS)
        other = self.kept[COUNTERSIGNED]
        person = Person.objects.get(mark=other["person"])
        organisation = Organisation.objects.get(code=other["organisation"])
        signature = Signature.from_json({name: other[name] for name in ("algorithm", "certificate", "value")})
        kept = Evidence.objects.get(sha256=other["sha256"])
        return {
            COUNTERSIGNED: SignedFile(name=other["name"], evidence=kept, signature=signature),
            "winner": actor_for(person=person, organisation=organisation, at=self.at),
            "price": current_award(self.trade).bid.opened.price,
        }
