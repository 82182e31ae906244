"""Word documents made by hand, part by part: what word processors write and python-docx has no words for."""

import zipfile
from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def p(*inner: str, style: str = "", properties: str = "") -> str:
    """A paragraph; what is no element is put into a run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(one if one.startswith("<") else r(one) for one in inner)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def listed(number: int, level: int = 0) -> str:
    """The properties of a paragraph in an automatic list."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def write_docx(path: Path, *body: str, namespace: str = W, main: str = "word/document.xml", **parts: str) -> Path:
    """A document with this body; `parts` are the others by kind: `styles`, `numbering`, `footnotes`, `header`…"""
    folder = main.rpartition("/")[0]

    def whole(root: str, inner: str) -> str:
        return f'<?xml version="1.0"?><w:{root} xmlns:w="{namespace}" {OTHERS}>{inner}</w:{root}>'

    roots = {"header": "hdr", "footer": "ftr"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", _relations({"officeDocument": f"/{main}"}))
        archive.writestr(main, whole("document", f"<w:body>{''.join(body)}</w:body>"))
        related = _relations({kind: f"{kind}.xml" for kind in parts})
        archive.writestr(f"{folder}/_rels/{main.rpartition('/')[2]}.rels", related)
        for kind, inner in parts.items():
            archive.writestr(f"{folder}/{kind}.xml", whole(roots.get(kind, kind), inner))
    return path


OTHERS = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def _relations(targets: dict[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{KINDS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'
