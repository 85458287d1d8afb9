"""What still waits for somebody, however much does."""

from sqlalchemy.orm import Session

from portal.core.paging import PAGE_SIZE
from portal.requests.approvals.queries import has_waiting, list_waiting_for, list_waiting_together
from tests.factories import NOW, make_request
from tests.requests.approvals.conftest import Case


def test_what_waits_of_a_request_is_found_behind_a_full_page_of_others(session: Session, case: Case) -> None:
    version, manager_id, today = case.request.product_version, case.manager.id, NOW.date()
    newest = [make_request(session, case.employee, version) for _ in range(PAGE_SIZE)][-1]
    assert newest.id not in {one.approval.request_id for one in list_waiting_for(session, person_id=manager_id, today=today)}
    assert has_waiting(session, person_id=manager_id, request_id=newest.id, today=today)
    found = list_waiting_together(session, person_id=manager_id, request_id=newest.id, today=today)
    assert {one.approval.request_id for one in found} == {newest.id}
    assert not has_waiting(session, person_id=case.stranger.id, request_id=newest.id, today=today)
