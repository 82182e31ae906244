"""The acts of oversight on a unit; importing this package declares them."""

from yangguang.oversight.acts.answering import answer_signal

__all__ = ["answer_signal"]
