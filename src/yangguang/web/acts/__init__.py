"""One act, one page pattern: what it is and its ground → inputs → check the answers → done, with its entry.

| file | what |
|---|---|
| `pages.py` | the register: each act's words, its form, and whether another page does it |
| `words.py` | title, explanation and legal ground of each act, in Chinese |
| `forms.py` | the form: fields from the act's own type hints, kept files, papers to be signed |
| `forms_*.py` | forms whose choices come from the trade |
| `views.py` | the three steps |
| `offers.py` | which acts a person may do now, by the stage table and the roles |
"""
