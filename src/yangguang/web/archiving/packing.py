"""The archive of a trade as one zip file, made when it is first asked for and kept beside the records."""

import zipfile
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from yangguang.trading.archive import export_archive
from yangguang.trading.models import Trade

FOLDER = "archives"
KEPT_DIGITS = 16  # of the head of the trade's chain: a file belongs to exactly this log


def packed_archive(trade: Trade, *, at: datetime) -> Path:
    """The zip file, with the archive as its one folder. Raises `Refused` while the trade runs; OSError."""
    kept = Path(settings.HOME, FOLDER, f"{trade.stream}-{trade.head[:KEPT_DIGITS]}.zip")
    if not kept.is_file():
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        with TemporaryDirectory(dir=kept.parent, prefix=".packing-") as aside:
            folder = export_archive(trade=trade, destination=Path(aside, trade.stream), at=at)
            _pack(folder, into=Path(aside, kept.name)).replace(kept)
    return kept


def _pack(folder: Path, *, into: Path) -> Path:
    """Stored as they are: most of it is encrypted or a PDF and would not get smaller."""
    with zipfile.ZipFile(into, "x") as packed:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                packed.write(file, file.relative_to(folder.parent))
    return into
