import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("handrail.shell.tests.urls")]


@pytest.fixture
def strict() -> Client:
    return Client(enforce_csrf_checks=True)


def test_words_typed_on_a_page_that_was_open_too_long_are_kept(strict: Client) -> None:
    answer = strict.post("/t/form", {"note": "A hard day, but"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert 'name="note" value="A hard day, but"' in page
    assert 'action="/t/form"' in page


def test_they_can_be_sent_again_from_there(strict: Client) -> None:
    page = strict.post("/t/form", {"note": "x"}, headers={"Sec-Fetch-Site": "same-origin"}).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert strict.post("/t/form", {"note": "x", "csrfmiddlewaretoken": token}).content == b"taken"


@pytest.mark.parametrize(
    ("path", "field"), [("/t/form", "passphrase"), ("/me/sign-in/passphrase", "current"), ("/enter/words", "words")]
)
def test_a_secret_is_never_written_back_into_a_page(strict: Client, path: str, field: str) -> None:
    answer = strict.post(path, {field: "seven blue boats", "note": "x"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert "seven blue boats" not in answer.content.decode()


def test_the_words_of_a_call_for_help_are_no_secret_and_stay(strict: Client) -> None:
    answer = strict.post("/a", {"words": "Can you come?"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert 'name="words" value="Can you come?"' in answer.content.decode()


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_another_site_cannot_put_words_into_somebodys_mouth(strict: Client, site: str | None) -> None:
    answer = strict.post("/t/form", {"note": "planted"}, headers={"Sec-Fetch-Site": site} if site else {})
    assert answer.status_code == 403
    assert "planted" not in answer.content.decode()


def _post_with_token(strict: Client, **headers: str) -> int:
    page = strict.post("/t/form", {"note": "x"}, headers={"Sec-Fetch-Site": "same-origin"}).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    return strict.post("/t/form", {"csrfmiddlewaretoken": token}, headers=headers).status_code


def test_our_own_forms_pass_although_no_referrer_hides_their_origin(strict: Client) -> None:
    assert _post_with_token(strict, **{"Origin": "null", "Sec-Fetch-Site": "same-origin"}) == 200


def test_an_older_browser_is_judged_by_its_token(strict: Client) -> None:
    assert _post_with_token(strict, Origin="null") == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_hidden_origin_from_elsewhere_is_refused_even_with_a_token(strict: Client, site: str) -> None:
    assert _post_with_token(strict, **{"Origin": "null", "Sec-Fetch-Site": site}) == 403
