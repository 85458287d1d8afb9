"""What building blocks take lately, worked out again for all of them after very many durations came in at once."""

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.planning.actions import RECENT
from portal.planning.forecast import estimate
from portal.planning.models import Duration, Pace


def renew_paces(session: Session) -> None:
    """Set the pace of every block as `record_duration` would have left it."""
    counted = select(Duration.block_id, func.count(), func.sum(case((Duration.minutes <= Duration.norm_minutes, 1), else_=0))).group_by(
        Duration.block_id
    )
    known = {pace.block_id: pace for pace in session.scalars(select(Pace))}
    for block_id, finished, in_norm in session.execute(counted).all():
        newest = select(Duration).where(Duration.block_id == block_id).order_by(Duration.finished_at.desc()).limit(RECENT)
        recent = session.scalars(newest).all()
        forecast = estimate(norm_minutes=recent[0].norm_minutes, recent=[one.minutes for one in recent])
        pace = known.get(block_id)
        if pace is None:
            pace = Pace(block_id=block_id)
            session.add(pace)
        pace.expected_minutes, pace.latest_minutes = forecast.expected_minutes, forecast.latest_minutes
        pace.finished, pace.finished_in_norm = finished, in_norm
    session.flush()
