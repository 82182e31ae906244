"""Loading the year: the centre is founded, tables and trading results are played in the order of time."""

from yangguang.demo.year.people import Centre, found_centre
from yangguang.demo.year.playing import play, steps_of
from yangguang.demo.year.tables import read_lines
from yangguang.demo.year.trades import trade_steps
from yangguang.witness.log import sequence_log


def load_year() -> Centre:
    """The whole year in the database, and the log signed at its end."""
    centre = found_centre()
    last = play([*steps_of(centre, read_lines()), *trade_steps(centre)])
    sequence_log(at=last)
    return centre
