"""Persons, the departments and places they belong to, their functions, cost centres and roles."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.columns import Id, enum_column
from portal.core.db import PERSONAL, SENSITIVE, Base
from portal.core.texts import LocalText, LocalTextType
from portal.people.audience import PersonFacts, tokens_of
from portal.people.roles import Role
from portal.people.rules import MOST_NAME


class Department(Base):
    """A part of the organisation that does the work, and to which people belong."""

    __tablename__ = "departments"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[LocalText] = mapped_column(LocalTextType)


class Team(Base):
    """People of one department who do the same kind of work; a task can be theirs."""

    __tablename__ = "teams"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[LocalText] = mapped_column(LocalTextType)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)

    department: Mapped[Department] = relationship(lazy="raise_on_sql")


class Location(Base):
    """A place where people work and things are delivered."""

    __tablename__ = "locations"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[LocalText] = mapped_column(LocalTextType)


class Function(Base):
    """What somebody does in the organisation, as it stands beside the name."""

    __tablename__ = "functions"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[LocalText] = mapped_column(LocalTextType)


class CostCentre(Base):
    """Where costs are booked; the budget holder answers for it. One that is not active takes no new costs."""

    __tablename__ = "cost_centres"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[LocalText] = mapped_column(LocalTextType)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    budget_holder_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", use_alter=True))
    is_active: Mapped[bool] = mapped_column(default=True)

    department: Mapped[Department] = relationship(lazy="raise_on_sql")
    budget_holder: Mapped["Person | None"] = relationship(lazy="raise_on_sql", foreign_keys=[budget_holder_id], post_update=True)


class Person(Base):
    """Somebody who can sign in."""

    __tablename__ = "persons"

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(60), unique=True, info=PERSONAL)
    name: Mapped[str] = mapped_column(String(MOST_NAME), info=PERSONAL)
    email: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    phone: Mapped[str] = mapped_column(String(40), default="", info=PERSONAL)
    function_id: Mapped[int | None] = mapped_column(ForeignKey("functions.id"), info=PERSONAL)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    cost_centre_id: Mapped[int | None] = mapped_column(ForeignKey("cost_centres.id"))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    password_hash: Mapped[str] = mapped_column(String(200), info=SENSITIVE)
    is_active: Mapped[bool] = mapped_column(default=True)

    department: Mapped[Department | None] = relationship(lazy="raise_on_sql")
    location: Mapped[Location | None] = relationship(lazy="raise_on_sql")
    function: Mapped[Function | None] = relationship(lazy="raise_on_sql")
    cost_centre: Mapped[CostCentre | None] = relationship(lazy="raise_on_sql", foreign_keys=[cost_centre_id])
    assignments: Mapped[list["RoleAssignment"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="RoleAssignment.id"
    )

    @property
    def tokens(self) -> frozenset[str]:
        """Give the tokens that say to which audiences this person belongs."""
        return tokens_of(
            PersonFacts(
                roles=self.roles,
                department=self.department.code if self.department else None,
                function=self.function.code if self.function else None,
                location=self.location.code if self.location else None,
            )
        )

    @property
    def roles(self) -> frozenset[Role]:
        """Give the roles this person has anywhere."""
        return frozenset(assignment.role for assignment in self.assignments)

    def has_role(self, role: Role, *, department_id: int | None = None) -> bool:
        """Tell whether the person has the role for a department; without one asked, anywhere.

        A role that is held without a department counts for all of them.
        """
        return any(
            assignment.role is role and (department_id is None or assignment.department_id in {None, department_id})
            for assignment in self.assignments
        )

    def departments_with(self, *roles: Role) -> frozenset[int]:
        """Give the ids of the departments for which the person has one of the roles."""
        return frozenset(
            assignment.department_id for assignment in self.assignments if assignment.role in roles and assignment.department_id is not None
        )


class Substitute(Base):
    """A person who stands in for another, from a day until and with another day."""

    __tablename__ = "substitutes"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    deputy: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[deputy_id])


class RoleAssignment(Base):
    """One role of one person, for one department or for all."""

    __tablename__ = "role_assignments"
    __table_args__ = (UniqueConstraint("person_id", "role", "department_id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, length=30))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))

    department: Mapped[Department | None] = relationship(lazy="raise_on_sql")
