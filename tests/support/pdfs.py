"""Small PDF files with text, for the reader of bid files."""


def three_pages() -> bytes:
    """A PDF of three pages whose texts are First, Second and Third."""
    words = ("First", "Second", "Third")
    pages = [4 + 2 * number for number in range(len(words))]
    kids = " ".join(f"{number} 0 R" for number in pages)
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(words)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, word in zip(pages, words, strict=True):
        drawn = f"BT /F1 36 Tf 60 700 Td ({word} page of the bid) Tj ET"
        fonts = "/Resources<</Font<</F1 3 0 R>>>>"
        parts += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {number + 1} 0 R{fonts}>>",
            f"<</Length {len(drawn)}>>\nstream\n{drawn}\nendstream",
        ]
    return _file(parts)


def _file(parts: list[str]) -> bytes:
    written, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{part}\nendobj\n".encode()
    start = len(written)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(parts) + 1
    end = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    )
    return written + end.encode()
