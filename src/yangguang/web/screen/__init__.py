"""数据大屏: the wall of a trading centre. Public, because it tells nothing that the portal does not tell anybody.

Every figure is asked of rows whose act the public log tells at once, and leads to the portal's list of these rows.
Before a deadline it knows of a trade what its notice says: no figure counts bids, bidders or downloads there, since
bids are counted from the list of bidders on, and for the year from the signed record of the opening on.

| file | what |
|---|---|
| `year.py` | what was published, awarded and opened in this year and the last one |
| `figures.py` | the figures, months and lines made from it, each with its definition and its list |
| `today.py` | openings, draws and evaluations of the day, and what is live now |
| `views.py` | the page, and the board that it asks for again whenever the log has grown |
"""
