"""投标: the bidder's own page, sealing in the page, resumable upload, receipts, trial decryption.

| file | what |
|---|---|
| `models.py` | an upload under way or done, a trial decryption; one row each, the bidder's own |
| `storage.py` | the bytes of uploads, by random names under the home |
| `tus.py` | resumable upload over HTTP (tus 1.0: core, creation, expiration, termination) |
| `settling.py` | what a complete upload was made for: the act, once, at the moment of its last byte |
| `own.py` | what an organisation may see of its own: bids, guarantees, receipts; nothing of anybody else |
| `views.py` | the page, the result of an upload, receipts, the own sealed file by slices |

Nothing here asks about others: no query reads more rows when more organisations bid.
"""
