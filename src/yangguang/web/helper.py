"""Where a page that signs may ask the bidder's helper (投标助手, docs/bid-agent.md) on the person's own machine.

One of ten ports: a page has to name in its policy whom it may ask, and ten names are narrower than every port.
"""

from typing import Final

PORTS: Final = range(8765, 8775)

# For `csp_update` of the views whose pages sign or open; no other page may ask anybody but us.
MAY_ASK: Final = {"connect-src": [f"http://127.0.0.1:{port}" for port in PORTS]}
