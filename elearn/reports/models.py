"""The count of changes, by which a report that was counted before is known to hold still."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Base


class ChangeCount(Base):
    """How many changes have been made to the rows that coverage is counted from. The sum of the slots only
    rises. The tables' triggers keep it, so it is right whoever writes, and in the same transaction.

    SQLite has one slot. On PostgreSQL each writer takes a slot that no other transaction holds, so that
    nobody waits for another."""

    __tablename__ = "change_count"

    slot: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(sa.BigInteger)
