"""The list of pages is the table of routes: a page that nobody looks at is a failure."""

from devtools.pages import NO_PAGE, PAGES
from lcps import policy


def test_every_route_that_shows_a_page_is_in_the_list():
    shown = {name for name, rule in policy.TABLE.items() if rule.roles and "GET" in rule.methods}

    assert shown - NO_PAGE.keys() == {page.route for page in PAGES if page.route}


def test_no_route_is_both_walked_and_left_out():
    assert not NO_PAGE.keys() & {page.route for page in PAGES}
    assert NO_PAGE.keys() <= policy.TABLE.keys()
