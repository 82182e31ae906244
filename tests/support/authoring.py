"""The authoring page as a browser uses it: what its form holds, sent with some fields changed."""

from html.parser import HTMLParser

from support.act_pages import Desk

NOTICE = {
    "address": "示例市示例路1号",
    "contact": "招标办公室 0000-0000000",
    "place": "示例市示例区",
    "scope": "综合楼施工图纸范围内的全部工程。",
    "period": "300 日历天",
    "requirements": "具有建筑工程施工总承包二级以上资质。",
}


class _Fields(HTMLParser):
    """The successful controls of a page's form."""

    def __init__(self):
        super().__init__()
        self.found, self.area, self.select = {}, None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name")
        if tag == "textarea":
            self.area = name
            self.found[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.found[self.select] = [given["value"]]
        elif tag == "input" and name and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self.found.setdefault(name, []).append(given.get("value") or "")

    def handle_data(self, data):
        if self.area:
            self.found[self.area][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.found[self.area][0] = self.found[self.area][0].removeprefix("\n")
            self.area = None


def fields(page):
    """Every field of the page and what it holds."""
    parser = _Fields()
    parser.feed(page.content.decode())
    return parser.found


class AuthorsDesk(Desk):
    """The tenderer or the agency at the authoring page."""

    def place(self, part=""):
        return f"/trades/{self.scene.stream}/document/{part}"

    def send(self, part="", *, page=None, **changed):
        given = fields(page or self.get(self.place()))
        given |= {name: value if isinstance(value, list) else [value] for name, value in changed.items()}
        with self.now():
            return self.client.post(self.place(part), given)

    def complete(self, **changed):
        """Fill in what a new document lacks, as the page's script saves it."""
        answer = self.send("typed/", **NOTICE | changed)
        assert answer.status_code == 200
        return answer
