"""The base forms and what they say about errors."""

import pytest
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, IntegerField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from portal.web.application import Application
from portal.web.forms import BaseForm, RepeatableForm, Required


class Example(BaseForm):
    name = StringField("Name", [Required("Fill in the name.")])
    number = IntegerField("Number", [Required()])
    several = SelectMultipleField("Several", [Required()], choices=[SelectChoice("a", "A")])
    tick = BooleanField("Tick")


def test_empty_fields_are_listed_in_the_order_of_the_form(app: Application) -> None:
    with app.test_request_context():
        form = Example(MultiDict({"name": "  "}), meta={"csrf": False})
        assert not form.validate()
        assert [(id_, label) for id_, label, _ in form.error_list()] == [("name", "Name"), ("number", "Number"), ("several", "Several")]
        assert form.error_list()[0][2] == "Fill in the name."


def test_unreadable_input_has_one_message(app: Application) -> None:
    with app.test_request_context():
        form = Example(MultiDict({"name": "a", "number": "x", "several": "a"}), meta={"csrf": False})
        assert not form.validate()
        assert len(form.number.errors) == 1


def test_what_only_the_action_found_stands_beside_its_field(app: Application) -> None:
    with app.test_request_context():
        form = Example(MultiDict({"name": "a", "number": "1", "several": "a"}), meta={"csrf": False})
        assert form.validate()
        form.add_errors({"name": "This name is taken."})
        assert form.error_list() == [("name", "Name", "This name is taken.")]


@pytest.mark.parametrize(("form", "has_key"), [(BaseForm, True), (RepeatableForm, False)])
def test_the_hidden_fields(app: Application, form: type[FlaskForm], *, has_key: bool) -> None:
    with app.test_request_context():
        hidden = form().hidden_tag()
        assert 'name="csrf_token"' in hidden
        assert ('name="form_key"' in hidden) is has_key


def test_each_form_has_a_key_of_its_own(app: Application) -> None:
    with app.test_request_context():
        assert BaseForm().form_key.data != BaseForm().form_key.data
