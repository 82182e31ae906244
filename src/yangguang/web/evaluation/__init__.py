"""评标: the draw of the experts and the evaluation room.

| file | what |
|---|---|
| `drawing.py` | the experts' draw as the page shows it: shares, order, replies; the name of the one who is called |
| `draw_views.py` | the page of the draw and its short acts |
| `seats.py` | who may be in the room: members for themselves, supervision to watch |
| `review.py` | the preliminary review as one member sees it |
| `scoring.py` | the score sheets of one member; after the closing everybody's scores, with outliers |
| `files.py` | the opened files that a member may read now, blind ones under their codes |
| `forms.py` | the sheets as forms |
| `sheets.py` | what is typed, kept while it is typed, for its own member alone |
| `views.py` | the room, its acts, the sheets and the files |

What a page of the room shows follows from the seat of the one who looks. Other members' opinions and scores are not
read from the database at all before the scoring is closed.
"""
