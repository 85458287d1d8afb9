"""Roles: what a person does here. A role may be held for one department."""

from enum import StrEnum


class Role(StrEnum):
    """The people of product.md; a person may have several roles."""

    EMPLOYEE = "employee"
    PARTNER = "partner"
    MANAGER = "manager"
    BACK_OFFICE = "back_office"
    DEPARTMENT_MANAGER = "department_manager"
    SERVICE_DESK = "service_desk"
    COORDINATOR = "coordinator"
    CATALOGUE_MANAGER = "catalogue_manager"
    KNOWLEDGE_AUTHOR = "knowledge_author"
    ADMINISTRATOR = "administrator"
