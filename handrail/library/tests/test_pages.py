"""The public pages: light, without scripts, the same for everyone, and easy to read."""

import gzip
import re
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from handrail.kernel import clock
from handrail.library.packs import SHIPPED
from handrail.library.queries import lines_for
from tests.accessibility import words

HELP = ["help-now", "help-overdose", "help-naloxone"]
PUBLIC = ["start", "about", "privacy", "words", "accessibility"]
COUNTRIES = ["US", "CA", "GB", "AU"]
BUDGET = 30 * 1024  # bytes, gzip, with everything that the page fetches

pytestmark = pytest.mark.django_db


def show(client, name, **query):
    response = client.get(reverse(name), query)
    assert response.status_code == 200, name
    return response


def weight(html: bytes) -> int:
    """Bytes a browser fetches for a page: itself, and what its head and body name."""
    text = html.decode()
    named = re.findall(r'(?:<link[^>]*\shref|<script[^>]*\ssrc|<img[^>]*\ssrc|<use[^>]*\shref)="/static/([^"#]+)', text)
    return len(gzip.compress(html)) + sum(
        len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in set(named)
    )


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("name", HELP)
def test_a_help_page_fits_its_budget(client, name, country) -> None:
    assert weight(show(client, name, country=country).content) <= BUDGET


def test_the_scale_counts_what_a_page_names() -> None:
    assert weight(b'<link rel="stylesheet" href="/static/shell/app.css">') > 4000


@pytest.mark.parametrize("name", HELP)
def test_a_help_page_has_no_script_and_no_inline_style(client, name) -> None:
    html = show(client, name).content.decode()
    assert not re.search(r"<script|javascript:|\son\w+=|\sstyle=|<style|hx-", html)


@pytest.mark.parametrize("name", HELP)
def test_a_help_page_is_the_same_for_everyone(client, name) -> None:
    response = show(client, name)
    assert response["Cache-Control"] == "public, max-age=3600"
    assert "cookie" not in response.get("Vary", "").lower()
    assert not response.cookies


@pytest.mark.parametrize("name", HELP)
def test_a_help_page_asks_the_database_nothing(client, name, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        show(client, name)


def test_a_page_that_is_no_help_page_may_not_be_kept(client) -> None:
    assert show(client, "about")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_number_of_the_country_can_be_tapped(client, country) -> None:
    html = show(client, "help-now", country=country).content.decode()
    links = [link for line in lines_for(country) for link in (line.call_link, line.text_link) if link]
    assert re.findall(r'href="((?:tel|sms):[^"]+)"', html) == links


def test_a_number_that_is_not_confirmed_says_so_once(client) -> None:
    assert show(client, "help-now", country="US").content.decode().count("We have not confirmed this number.") == 1
    assert "We have not confirmed" not in show(client, "help-now", country="CA").content.decode()


@pytest.mark.parametrize("name", HELP)
def test_a_page_nobody_has_checked_says_so_and_names_its_sources(client, name) -> None:
    html = show(client, name).content.decode()
    assert "Not yet checked by a clinician." in html
    assert 'rel="noreferrer nofollow"' in html


def test_a_page_that_somebody_checked_names_them(client, installed_as, tmp_path) -> None:
    shutil.copytree(SHIPPED / "US", tmp_path / "content" / "US")
    file = tmp_path / "content" / "US" / "overdose.en.toml"
    file.write_text(file.read_text().replace('checked_by = ""', 'checked_by = "R. Osei, emergency physician"'))
    installed_as(home=tmp_path)
    html = show(client, "help-overdose").content.decode()
    assert "Checked by R. Osei, emergency physician on 20 November 2026." in html
    assert "Not yet checked" not in html


def test_the_steps_are_an_ordered_list_so_that_they_are_numbered_without_any_css(client) -> None:
    steps = re.search(r'<ol class="big-steps">(.*?)</ol>', show(client, "help-overdose").content.decode(), re.S)
    assert steps and steps.group(1).count("<h2>") == 6


@pytest.mark.parametrize(("country", "said"), [("US", True), ("CA", True), ("GB", False), ("AU", True)])
def test_the_law_is_named_only_where_a_source_supports_it(client, country, said) -> None:
    assert ("If you are afraid to call" in show(client, "help-overdose", country=country).content.decode()) is said


@pytest.mark.parametrize("country", ["FR", "", "<script>", "us"])
def test_an_unknown_country_shows_the_installs_own_and_says_which(client, country) -> None:
    assert "For: United States." in show(client, "help-now", country=country).content.decode()


@pytest.mark.parametrize("name", HELP + PUBLIC)
def test_a_page_reads_at_grade_six_or_below(client, name) -> None:
    text = words.whole_text(show(client, name).content.decode())
    assert len(text.split()) >= words.LONG
    assert words.grade(text) <= words.HARDEST


@pytest.mark.parametrize("name", HELP + PUBLIC)
def test_a_page_holds_no_word_that_puts_a_person_down(client, name) -> None:
    assert not words.banned_in(words.whole_text(show(client, name).content.decode()))


@pytest.mark.parametrize("name", HELP + PUBLIC)
def test_a_title_gives_nothing_away(client, name) -> None:
    title = re.search("<title>(.*?)</title>", show(client, name).content.decode(), re.S).group(1)
    assert not re.search("recover|overdose|opioid|naloxone|drug|crisis|sober", title, re.I)


def test_the_start_page_offers_both_doors(client) -> None:
    html = show(client, "start").content.decode()
    assert f'href="{reverse("sign-up")}"' in html and f'href="{reverse("enter")}"' in html


def test_the_start_page_of_a_closed_install_asks_for_an_invitation(client, installed_as) -> None:
    installed_as(open_sign_up=False)
    html = show(client, "start").content.decode()
    assert f'href="{reverse("sign-up")}"' not in html and "You need an invitation." in html


def test_an_install_elsewhere_starts_with_its_own_country(client, installed_as) -> None:
    installed_as(country="GB")
    assert "For: United Kingdom." in show(client, "help-now").content.decode()
    assert 'href="/help/overdose?country=US"' in show(client, "help-now", country="US").content.decode()


def test_help_pages_only_answer_to_reading(client) -> None:
    assert client.post(reverse("help-now")).status_code in (403, 405)


@pytest.mark.parametrize("name", HELP)
def test_a_help_page_is_the_same_for_somebody_who_is_signed_in(browse, jo, name) -> None:
    """A public answer that carried a session's cookie could be kept by a cache and handed to the next person."""
    hers = browse(jo)
    with clock.moved_by(hours=2):  # long enough for a private page to renew the cookie
        response = show(hers, name)
    assert "cookie" not in response.get("Vary", "").lower()
    assert not response.cookies
    assert response.content == show(Client(), name).content


def test_somebody_who_is_signed_in_is_led_from_the_start_page_to_their_own(browse, jo) -> None:
    response = browse(jo).get(reverse("start"))
    assert (response.status_code, response["Location"]) == (302, reverse("today"))


@pytest.mark.parametrize("name", [*HELP, "offline"])
def test_whoever_chose_a_country_stays_there_on_every_link_between_help_pages(client, name) -> None:
    html = show(client, name, country="GB").content.decode()
    links = re.findall(r'href="(/help/[^"]*)"', html)
    assert len(links) >= 3
    assert [link for link in links if not link.endswith("?country=GB")] == []


@pytest.mark.parametrize("said", ["US", "us", "", "Elsewhere", '"><b>'])
def test_the_installs_own_country_and_nonsense_need_no_name(client, said) -> None:
    html = show(client, "offline", country=said).content.decode()
    assert "?country" not in html
    assert "<b>" not in html
