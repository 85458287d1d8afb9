"""The catalogue as files in the screens: what goes out comes in again, a file changes nothing before a second person agrees."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.catalog.actions import publish_product
from portal.catalog.definition import CatalogueKind
from portal.catalog.exchange.archive import MOST_BYTES, zip_files
from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.exchange.writing import catalogue_as_files
from portal.catalog.models import CatalogueUpload, UpnName
from portal.catalog.queries import list_versions
from portal.catalog.workflow import VersionState
from portal.core.journal import SYSTEM, JournalEntry
from portal.people.roles import Role
from tests.composing.conftest import words_of
from tests.factories import NOW, make_person, sign_in, words

EXCHANGE = "/manage/catalog/exchange"


def send(client: FlaskClient, content: bytes, *, name: str = "catalogue.zip", holds: str = "catalogue") -> TestResponse:
    return client.post(EXCHANGE, data={"holds": holds, "file": (BytesIO(content), name)}, content_type="multipart/form-data")


def files_of(session: Session) -> dict[str, str]:
    """Give the catalogue as files, with another norm of one block and a new product."""
    now = load_catalogue(session)
    product = replace(now.products["newcomer"], code="guest", name=words("guest"))
    files = dict(catalogue_as_files(replace(now, products={**now.products, "guest": product})))
    files["blocks/ict.yaml"] = files["blocks/ict.yaml"].replace("norm: {amount: 1,", "norm: {amount: 3,", 1)
    return files


def test_what_goes_out_comes_in_and_changes_nothing(author: FlaskClient) -> None:
    answer = author.get(f"{EXCHANGE}/catalogue.zip")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert {"blocks/ict.yaml", "products/newcomer.yaml"} <= set(archive.namelist())
    text = words_of(author.get(send(author, answer.data).headers["Location"]))
    assert "There is nothing to review." in text
    for name in ("questions", "blocks", "products"):
        for suffix in ("csv", "xlsx"):
            sheet = author.get(f"{EXCHANGE}/lists/{name}.{suffix}")
            text = words_of(author.get(send(author, sheet.data, name=f"{name}.{suffix}", holds=name).headers["Location"]))
            assert "There is nothing to review." in text, (name, suffix, text)
    assert author.get(f"{EXCHANGE}/lists/secrets.csv").status_code == 404
    assert author.get(f"{EXCHANGE}/lists/blocks.exe").status_code == 404


def test_a_file_is_seen_then_reviewed_by_another(author: FlaskClient, reviewer: FlaskClient, session: Session) -> None:
    address = send(author, zip_files(files_of(session))).headers["Location"]
    text = words_of(author.get(address))
    assert "1 new, 1 changed" in text
    assert "Norm 1 working day 3 working days" in text
    assert "Product: guest (en) (new)" in text
    assert reviewer.get(address).status_code == 404
    assert "A file of yours still waits" in words_of(author.get(EXCHANGE))
    answer = author.post(f"{address}/review", follow_redirects=True)
    assert "2 drafts are in review now." in words_of(answer)
    version = list_versions(session, CatalogueKind.BLOCKS, "account")[0]
    assert (version.number, version.state) == (2, VersionState.IN_REVIEW)
    assert session.scalar(select(CatalogueUpload.id)) is None
    page = "/manage/catalog/blocks/account/2"
    assert author.post(f"{page}/publication", data={"edition": 1}).status_code == 403
    assert reviewer.post(f"{page}/publication", data={"edition": 1}).status_code == 303
    assert reviewer.post("/manage/catalog/products/guest/1/publication", data={"edition": 1}).status_code == 303
    session.expire_all()
    assert load_catalogue(session).blocks["account"].norm.amount == 3
    assert "guest" in load_catalogue(session).products


def test_all_of_it_or_nothing(author: FlaskClient, session: Session) -> None:
    files = files_of(session)
    files["products/guest.yaml"] = files["products/guest.yaml"].replace("block: laptop", "block: moon")
    files["products/newcomer.yaml"] = files["products/newcomer.yaml"].replace("theme: people", "theme: moon")
    files["blocks/ict.yaml"] = files["blocks/ict.yaml"].replace("department: ict", "department: moon", 1)
    address = send(author, zip_files({f"catalogue/{path}": text for path, text in files.items()})).headers["Location"]
    text = words_of(author.get(address))
    line = 1 + files["products/newcomer.yaml"].split("\n").index("theme: moon")
    assert f"products/newcomer.yaml {line} theme Choose one of the possibilities." in text
    assert "department This department does not exist." in text
    assert "This building block is not published." in text
    assert "Send all of it for review" not in text
    answer = author.post(f"{address}/review")
    assert (answer.status_code, "The catalogue changed since you looked." in words_of(answer)) == (409, True)
    assert len(list_versions(session, CatalogueKind.BLOCKS, "account")) == 1
    author.post(f"{address}/removal")
    assert author.get(address).status_code == 404


def test_what_is_on_its_way_is_not_overtaken(author: FlaskClient, reviewer: FlaskClient, session: Session) -> None:
    address = send(author, zip_files(files_of(session))).headers["Location"]
    assert "Send all of it for review" in words_of(author.get(address))
    reviewer.post("/manage/catalog/blocks/account/draft")
    assert "A draft of this is on its way already." in words_of(author.get(address))
    assert author.post(f"{address}/review").status_code == 409


def test_a_list_names_line_and_field(author: FlaskClient) -> None:
    sheet = "code;norm.amount;moon\nlaptop;2;x\n"
    text = words_of(author.get(send(author, sheet.encode(), name="norms.csv", holds="blocks").headers["Location"]))
    assert "norms.csv 1 moon This field does not exist." in text
    sheet = "code;norm.amount\nlaptop;many\ngone;1\n"
    text = words_of(author.get(send(author, sheet.encode(), name="norms.csv", holds="blocks").headers["Location"]))
    assert "norms.csv 2 norm.amount Write a whole number." in text
    assert "norms.csv 3 code This code is not in the catalogue." in text
    sheet = "code;team;notice\nlaptop;moon;soon\n"
    text = words_of(author.get(send(author, sheet.encode(), name="norms.csv", holds="blocks").headers["Location"]))
    assert "norms.csv 2 notice Write a number and a unit: 5 working_days or 4 working_hours." in text
    text = words_of(author.get(send(author, b"code;team\nlaptop;moon\n", name="norms.csv", holds="blocks").headers["Location"]))
    assert "norms.csv 2 team" in text
    sheet = "code;audience\nnewcomer;employee, department:moon\n"
    text = words_of(author.get(send(author, sheet.encode(), name="list.csv", holds="products").headers["Location"]))
    assert "list.csv 2 audience department:moon:" in text
    sheet = "code;norm.amount\nlaptop;2\n"
    address = send(author, sheet.encode(), name="norms.csv", holds="blocks").headers["Location"]
    assert "1 draft is in review now." in words_of(author.post(f"{address}/review", follow_redirects=True))


LOL = "a: &a [x, x]\nb: &b [*a, *a]\n"


def zipped(name: str, content: bytes) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"PK\x03\x04 nonsense", "x.zip", "This cannot be read as a zip file."),
        (zipped("../products/evil.yaml", b"code: evil\n"), "x.zip", "This zip holds no catalogue"),
        (zipped("/products/evil.yaml", b"code: evil\n"), "x.zip", "This zip holds no catalogue"),
        (zipped("readme.txt", b"hello"), "x.zip", "This zip holds no catalogue"),
        (zipped("questions.yaml", b" " * (MOST_BYTES + 1)), "x.zip", "This file holds too much."),
        (zipped("questions.yaml", LOL.encode()), "x.zip", "This file points to other parts of itself"),
        (zipped("questions.yaml", b"[" * 3000), "x.zip", "stand too deep in each other"),
        (zipped("questions.yaml", b"a: [\n"), "x.zip", "This cannot be read"),
        (zipped("questions.yaml", b"\xff\xfe\x00"), "x.zip", "This"),
    ],
)
def test_a_file_that_would_do_harm_is_refused(author: FlaskClient, content: bytes, name: str, sentence: str) -> None:
    text = words_of(author.get(send(author, content, name=name).headers["Location"]))
    assert sentence in text
    assert "Send all of it for review" not in text


@pytest.mark.parametrize(("content", "name"), [(b"\x00\x01", "x.xlsx"), (zipped("a", b" " * (MOST_BYTES + 1)), "x.xlsx"), (b"x", "x.exe")])
def test_a_table_that_is_none_is_refused(author: FlaskClient, content: bytes, name: str) -> None:
    text = words_of(author.get(send(author, content, name=name, holds="blocks").headers["Location"]))
    assert "The file has 1 mistake." in text


def test_without_a_file_nothing_is_kept(author: FlaskClient, session: Session) -> None:
    answer = author.post(EXCHANGE, data={"holds": "catalogue"}, content_type="multipart/form-data")
    assert (answer.status_code, "Choose a file." in words_of(answer)) == (422, True)
    assert (send(author, b"").status_code, send(author, b"x", holds="moon").status_code) == (422, 422)
    assert session.scalar(select(CatalogueUpload.id)) is None


@pytest.mark.usefixtures("product")
def test_only_catalogue_managers_exchange(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_person(session, Role.COORDINATOR))
    for address in (EXCHANGE, f"{EXCHANGE}/catalogue.zip", f"{EXCHANGE}/lists/blocks.csv"):
        assert client.get(address).status_code == 403


UPN_LIST = "UniformeProductnaam;URI\nverhuizing;https://upn.example/move\nbouwen;https://upn.example/build\n"


def send_names(client: FlaskClient, text: str = UPN_LIST) -> str:
    return send(client, text.encode(), name="upl.csv", holds="upn").headers["Location"]


def take(client: FlaskClient, address: str) -> TestResponse:
    """Press the button on the page as it is shown."""
    seen = re.search(r'name="seen"[^>]* value="(\w+)"', client.get(address).text)
    return client.post(address, data={"seen": seen[1] if seen else ""}, follow_redirects=True)


def names_of_now(session: Session) -> dict[str, str]:
    session.expire_all()
    return {one.uri: one.name for one in session.scalars(select(UpnName))}


def test_uniform_names_are_seen_and_then_taken_over_as_a_whole(author: FlaskClient, session: Session) -> None:
    address = send_names(author)
    text = words_of(author.get(address))
    assert "2 new, 0 stay the same." in text
    assert names_of_now(session) == {}
    done = take(author, address)
    assert "The uniform product names are taken over." in words_of(done)
    assert names_of_now(session) == {"https://upn.example/move": "verhuizing", "https://upn.example/build": "bouwen"}
    assert author.post(address).status_code == 404  # a second click finds the file gone
    draft = replace(load_catalogue(session).products["newcomer"], code="guest", upn="https://upn.example/move")
    publish_product(session=session, definition=draft, by=SYSTEM, at=NOW)
    session.commit()
    address = send_names(author, "naam;uri\nbouwen en slopen;https://upn.example/build\n")
    text = words_of(author.get(address))
    assert "1 gone, 1 changed, 0 stay the same." in text
    assert "bouwen → bouwen en slopen" in text
    assert "Products of which the name goes" in text
    assert author.post(address, data={"seen": "another file"}).status_code == 409
    take(author, address)
    assert names_of_now(session) == {"https://upn.example/build": "bouwen en slopen"}
    told = session.scalars(select(JournalEntry).where(JournalEntry.type == "upn_list_replaced").order_by(JournalEntry.id)).all()
    assert [(one.data["new"], one.data["changed"], one.data["gone"]) for one in told] == [(2, 0, 0), (0, 1, 1)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name;uri\n;https://upn.example/a\nb;nowhere\n", "upl.csv 2 name"),
        ("name;uri\nb;nowhere\n", "upl.csv 2 uri"),
        ("name\nb\n", "upl.csv 1 uri"),
        ("name;uri\n", "This list holds no names."),
    ],
)
def test_a_list_of_names_with_a_mistake_changes_nothing(author: FlaskClient, session: Session, text: str, sentence: str) -> None:
    take(author, send_names(author))
    before = names_of_now(session)
    address = send_names(author, text)
    assert sentence in words_of(author.get(address))
    assert take(author, address).status_code == 409
    assert names_of_now(session) == before


def test_a_list_of_names_is_no_catalogue(author: FlaskClient, reviewer: FlaskClient) -> None:
    address = send_names(author)
    assert reviewer.get(address).status_code == 404
    assert author.get(address.removesuffix("/upn")).status_code == 404
    assert author.post(f"{address.removesuffix('/upn')}/review").status_code == 404
    assert f'href="{address}"' in author.get(EXCHANGE).text
    listed = send(author, b"code\nlaptop\n", name="norms.csv", holds="blocks").headers["Location"]
    assert author.get(f"{listed}/upn").status_code == 404
