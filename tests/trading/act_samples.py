"""One lawful example of every act of a trade, in the order of the law."""

from trading.samples_bidding import BIDDING
from trading.samples_evaluation import EVALUATION
from trading.samples_rescue import RESCUING
from trading.samples_witnessing import WITNESSING

SAMPLES = (*BIDDING, *RESCUING, *EVALUATION, *WITNESSING)
BY_NAME = {sample.name: sample for sample in SAMPLES}
