"""The file itself: a zip whose bytes depend on nothing but its content."""

import io
import zipfile
from datetime import UTC, datetime, time

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT

from yangguang.reports.paper.model import Paper, plain_text

FIRST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
KEPT_PARTS = {RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES, RT.STYLES, RT.SETTINGS, RT.FOOTER}


def pack(document: Document, paper: Paper) -> bytes:
    """The document as bytes; its properties come from the paper, its times are the paper's date."""
    _write_properties(document, paper)
    _drop_parts_of_the_template(document)
    written = io.BytesIO()
    document.save(written)
    return _with_fixed_times(written.getvalue())


def _write_properties(document: Document, paper: Paper) -> None:
    at = datetime.combine(paper.issued_on, time(), tzinfo=UTC)
    properties = document.core_properties
    properties.title = plain_text(paper.title).replace("\n", "")
    properties.author = properties.last_modified_by = plain_text(paper.signer)
    properties.created = properties.modified = at
    properties.comments = properties.keywords = properties.subject = properties.category = ""
    properties.language = "zh-CN"
    properties.revision = 1


def _drop_parts_of_the_template(document: Document) -> None:
    """python-docx's template brings a thumbnail, themes, fonts and the name of another program: not ours."""
    for relations in (document.part.rels, document.part.package.rels):
        for name in [name for name, relation in relations.items() if relation.reltype not in KEPT_PARTS]:
            del relations[name]


def _with_fixed_times(package: bytes) -> bytes:
    """The same members, uncompressed: compression differs from one zlib to the next."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, FIRST_ZIP_DATE)
            member.create_system = 0
            target.writestr(member, source.read(name))
    return packed.getvalue()
