import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from yangguang import cli

ROOT = Path(__file__).resolve().parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
RECORDS = sorted((ROOT / "docs/adr").glob("*.md"))
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
HALF_A_PAGE = 30
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
SETTING = re.compile(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"")


def test_each_command_is_in_both_readmes():
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        assert [name for name in cli.COMMANDS if f"`yangguang {name}`" not in text] == [], readme.name


def test_each_setting_is_in_both_readmes():
    settings = SETTING.findall((ROOT / "src/yangguang/settings.py").read_text(encoding="utf-8"))
    assert settings
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        assert [name for name in settings if f"`{name}`" not in text] == [], readme.name


def test_both_readmes_have_the_same_sections():
    outlines = [re.findall(r"^(#+) ", readme.read_text(encoding="utf-8"), re.MULTILINE) for readme in READMES]
    assert outlines[0] == outlines[1]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_links_of_a_document_resolve(document):
    text = re.sub(r"<!--.*?-->", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    inside = [target for target in LINK.findall(text) if "://" not in target]
    assert [target for target in inside if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_decision_record_is_half_a_page(record):
    lines = record.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= HALF_A_PAGE
    assert max(map(len, lines)) <= 125


def test_decision_records_are_numbered_without_gaps():
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


def test_each_make_target_named_in_the_readmes_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for readme in READMES:
        named = re.findall(r"(?:^|`)make ([a-z]+)", readme.read_text(encoding="utf-8"), re.MULTILINE)
        assert named
        assert set(named) <= targets


def test_help_lists_each_command_that_is_there_with_its_summary():
    result = CliRunner().invoke(cli.main, ["--help"])
    assert result.exit_code == 0
    for name in cli.LazyGroup().list_commands(None):
        assert cli.SUMMARIES[name] in result.output


def test_each_command_has_a_summary():
    assert set(cli.SUMMARIES) == set(cli.COMMANDS)


def test_an_unknown_command_is_refused():
    result = CliRunner().invoke(cli.main, ["nonsense"])
    assert result.exit_code == 2
    assert "nonsense" in result.output
