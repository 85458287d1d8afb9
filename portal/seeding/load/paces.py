"""What building blocks take lately, worked out again for all of them after very many durations came in at once."""

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.planning.actions import RECENT, renew_pace
from portal.planning.calibration import PROMISED
from portal.planning.models import Duration, Pace
from portal.planning.queries import list_recent


def renew_paces(session: Session) -> None:
    """Set the pace of every block as `record_duration` would have left it, but for what is under way."""
    counted = select(Duration.block_id, func.count(), func.sum(case((Duration.minutes <= Duration.norm_minutes, 1), else_=0))).group_by(
        Duration.block_id
    )
    known = {pace.block_id: pace for pace in session.scalars(select(Pace))}
    for block_id, finished, in_norm in session.execute(counted).all():
        newest = select(Duration).where(Duration.block_id == block_id).order_by(Duration.finished_at.desc()).limit(1)
        last = session.scalars(newest).one()
        pace = known.get(block_id)
        if pace is None:
            pace = Pace(block_id=block_id, level=PROMISED, judged=0)
        pace.department_id, pace.finished, pace.finished_in_norm = last.department_id, finished, in_norm
        recent = list_recent(session, block_id=block_id, department_id=pace.department_id, most=RECENT)
        renew_pace(pace=pace, norm_minutes=last.norm_minutes, recent=recent, running=())
        session.add(pace)
    session.flush()
