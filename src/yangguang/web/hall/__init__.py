"""开标大厅 (不见面开标): one page a trade, live for everyone who may watch, and the place of the acts of an opening.

| file | what |
|---|---|
| `board.py` | the board: what the public log lets everybody see, rendered once for all viewers |
| `steps.py` | the draws, the steps and the journal of the board |
| `tasks.py` | what waits for the one who looks, and what it still waits for |
| `forms.py` | the short forms of the hall and the act that each performs |
| `views.py` | the page, its two fragments, and the acts |
| `live.py` | server-sent events: one poller a process, taken before Django so that a viewer costs no thread |

The board depends on the public log alone. What the law keeps sealed until the deadline stands only in the panel of
the party itself (`tasks.py`), which is never kept and never shared.
"""
