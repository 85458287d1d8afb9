"""The addresses of the editors: ONE table."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint

from portal.composing.views import agreements, approval, blocks, exchange, lines, matrix, prices, products, questions, tree, upn, world
from portal.web.answers import Answer

blueprint: Final = Blueprint("compose", __name__, url_prefix="/manage/catalog")

_PRODUCT: Final = "/products/<code>"
_LINE: Final = f"{_PRODUCT}/lines/<group>/<int:at>"
_CELL: Final = "/matrix/<tier>/<level>"
_TREE: Final = f"{_PRODUCT}/tree"
_QUESTION: Final = f"{_TREE}/questions/<question>"
_ANSWER: Final = f"{_QUESTION}/answers/<answer>"
_APPROVAL: Final = "/<kind>/<code>/approval"
_APPROVER: Final = f"{_APPROVAL}/approvers/<int:at>"
_UPLOAD: Final = "/exchange/<int:upload_id>"
_OUTCOME: Final = f"{_TREE}/outcomes/<outcome>"

ADDRESSES: Final[tuple[tuple[str, str, Callable[..., Answer]], ...]] = (
    ("GET", "/world", world.world),
    ("GET", "/new-block", blocks.new_block),
    ("POST", "/new-block", blocks.create_block),
    ("GET", "/blocks/<code>/text", blocks.block),
    ("POST", "/blocks/<code>/text", blocks.save_block),
    ("GET", "/matrix", matrix.matrix),
    ("GET", _CELL, matrix.cell),
    ("POST", _CELL, matrix.save_cell),
    ("POST", f"{_CELL}/removal", matrix.open_cell),
    ("GET", "/blocks/<code>/prices", prices.prices),
    ("POST", "/blocks/<code>/prices", prices.save_prices),
    ("GET", "/blocks/<code>/agreements", agreements.block_agreements),
    ("POST", "/blocks/<code>/agreements", agreements.save_block_agreements),
    ("GET", "/blocks/<code>/questions", agreements.block_questions),
    ("POST", "/blocks/<code>/questions/<question>/up", agreements.move_question_up),
    ("POST", "/blocks/<code>/questions/<question>/down", agreements.move_question_down),
    ("GET", "/exchange", exchange.exchange),
    ("POST", "/exchange", exchange.send_upload),
    ("GET", "/exchange/catalogue.zip", exchange.download_catalogue),
    ("GET", "/exchange/lists/<name>.<suffix>", exchange.download_list),
    ("GET", _UPLOAD, exchange.upload),
    ("GET", f"{_UPLOAD}/upn", upn.upn_upload),
    ("POST", f"{_UPLOAD}/upn", upn.take_upn_upload),
    ("GET", f"{_PRODUCT}/upn-names", agreements.upn_names),
    ("POST", f"{_UPLOAD}/review", exchange.propose_upload),
    ("POST", f"{_UPLOAD}/removal", exchange.remove_upload),
    ("GET", _APPROVAL, approval.approval),
    ("POST", _APPROVAL, approval.save_approval),
    ("POST", f"{_APPROVAL}/approvers", approval.add_approver),
    ("POST", f"{_APPROVER}/up", approval.move_approver_up),
    ("POST", f"{_APPROVER}/down", approval.move_approver_down),
    ("POST", f"{_APPROVER}/removal", approval.remove_approver),
    ("GET", "/questions", questions.questions),
    ("GET", "/questions/new", questions.new_question),
    ("POST", "/questions/new", questions.create_question),
    ("GET", "/questions/<code>", questions.question),
    ("POST", "/questions/<code>", questions.save_question),
    ("GET", "/new-product", products.new_product),
    ("POST", "/new-product", products.create_product),
    ("GET", f"{_PRODUCT}/agreements", agreements.product_agreements),
    ("POST", f"{_PRODUCT}/agreements", agreements.save_product_agreements),
    ("GET", f"{_PRODUCT}/waiting-times", agreements.waiting_times),
    ("POST", f"{_PRODUCT}/waiting-times", agreements.save_waiting_times),
    ("GET", f"{_PRODUCT}/copy", products.copy),
    ("POST", f"{_PRODUCT}/copy", products.create_copy),
    ("GET", f"{_PRODUCT}/text", products.product),
    ("POST", f"{_PRODUCT}/text", products.save_product),
    ("GET", f"{_PRODUCT}/lines", lines.lines),
    ("GET", f"{_PRODUCT}/lines/<group>/new", lines.new_line),
    ("POST", f"{_PRODUCT}/lines/<group>/new", lines.create_line),
    ("GET", _LINE, lines.line),
    ("POST", _LINE, lines.save_line),
    ("POST", f"{_LINE}/up", lines.move_line_up),
    ("POST", f"{_LINE}/down", lines.move_line_down),
    ("POST", f"{_LINE}/removal", lines.remove_line),
    ("GET", _TREE, tree.tree),
    ("GET", _QUESTION, tree.tree_question),
    ("POST", _QUESTION, tree.save_tree_question),
    ("POST", f"{_QUESTION}/removal", tree.remove_tree_question),
    ("GET", _ANSWER, tree.tree_answer),
    ("POST", _ANSWER, tree.save_tree_answer),
    ("POST", f"{_ANSWER}/up", tree.move_tree_answer_up),
    ("POST", f"{_ANSWER}/down", tree.move_tree_answer_down),
    ("POST", f"{_ANSWER}/removal", tree.remove_tree_answer),
    ("GET", _OUTCOME, tree.tree_outcome),
    ("POST", _OUTCOME, tree.save_tree_outcome),
    ("POST", f"{_OUTCOME}/removal", tree.remove_tree_outcome),
)

for _method, _address, _view in ADDRESSES:
    blueprint.add_url_rule(_address, _view.__name__, _view, methods=[_method])
