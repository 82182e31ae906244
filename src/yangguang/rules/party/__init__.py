"""Party work (党务): pure functions over the dated rows of `data/party.csv`.

`check_*` refuse; `warn_*` return cautions of the same shape that never stop an act. Every number is a row that the
centre may correct; only a rule whose `rank` is 条例 may be printed as 规定. No function judges a person.
"""
