"""A page as a screen reader goes by it."""

from html.parser import HTMLParser

from django.urls import reverse


class Outline(HTMLParser):
    """What a screen reader goes by: headings, landmarks, ids, names of controls."""

    def __init__(self, html):
        super().__init__()
        self.h1 = self.mains = 0
        self.ids, self.nameless, self.images = [], [], []
        self._open = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.h1 += tag == "h1"
        self.mains += tag == "main"
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "img" and "alt" not in given:
            self.images.append(given)
        if tag in {"a", "button"}:
            self._open = [tag, given, bool(given.get("aria-label"))]

    def handle_data(self, data):
        if self._open and data.strip():
            self._open[2] = True

    def handle_endtag(self, tag):
        if self._open and tag == self._open[0]:
            hidden = self._open[1].get("aria-hidden") == "true"
            if not self._open[2] and not hidden and "data-now" not in self._open[1]:
                self.nameless.append(self._open[1])
            self._open = None


def html_of(client, name, *args, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()
