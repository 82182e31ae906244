"""The gate against burden (减负): forms are short, say what for, and ask for nothing that central rules forbid."""

import re

from yangguang.ledger.catalogue import catalogue

FORBIDDEN = re.compile("积分|打卡|签到|在线时长|点击|排名|名次|轨迹|定位|截图")


def test_no_form_asks_for_points_clocking_in_rankings_or_tracks():
    asked = [
        f"{register.id}.{one.key}"
        for register in catalogue().values()
        for one in register.fields
        if FORBIDDEN.search(one.label)
    ]
    assert asked == []


def test_no_file_is_ever_compulsory():
    required = [one for register in catalogue().values() for one in register.fields if one.required]
    assert [one.key for one in required if re.search("照片|图片|附件|文件$", one.label)] == []


def test_forms_of_integrity_people_and_tasks_are_short():
    groups = {"廉政建设", "意识形态与民族团结", "文明创建与为民服务", "任务与考核"}
    ours = [one for one in catalogue().values() if one.group in groups]
    inputs = {one.id: len(one.asked) + len(one.columns) for one in ours}
    assert max(inputs.values()) <= 8
    assert sum(inputs.values()) / len(ours) < 4
