"""见证工作台: the witness console of the centre, a trade's witness page and record, and the letters that follow."""
