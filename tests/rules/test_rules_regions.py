"""Names of regions: known ones by name, those below by their province and code, unknown ones by code."""

import pytest

from yangguang.rules.codes import parse_region
from yangguang.rules.regions import _names, region_in_english, region_name


@pytest.mark.parametrize(
    ("code", "name", "english"),
    [
        ("990100", "示例市", "Example City"),
        ("000000", "全国", "Nationwide"),
        ("320000", "江苏省", "Jiangsu"),
        ("320102", "江苏省 320102", "Jiangsu 320102"),
        ("770100", "770100", "770100"),
    ],
)
def test_a_region_goes_by_its_name_where_there_is_one(code, name, english):
    assert region_name(code) == name
    assert region_in_english(name) == english


def test_every_code_is_one_and_no_name_comes_twice():
    names = _names()
    assert [str(parse_region(code)) for code in names] == sorted(names)
    assert len({name for name, _ in names.values()}) == len({english for _, english in names.values()}) == len(names)
