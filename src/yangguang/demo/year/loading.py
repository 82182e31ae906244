"""Loading the year: the centre is founded, then everything is played in the order of time and the log is signed."""

from yangguang.demo.year.issuing import issue_steps
from yangguang.demo.year.people import Centre, found_centre
from yangguang.demo.year.playing import play, steps_of
from yangguang.demo.year.singles import single_steps
from yangguang.demo.year.tables import read_lines
from yangguang.demo.year.trades import trade_steps
from yangguang.witness.log import sequence_log


def load_year() -> Centre:
    """The whole year in the database, from the founding of the centre to the draft of the yearly summary."""
    centre = found_centre()
    steps = (*steps_of(centre, read_lines()), *trade_steps(centre), *single_steps(centre), *issue_steps(centre))
    sequence_log(at=play(steps))
    return centre
