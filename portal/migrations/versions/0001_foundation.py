"""The foundation: persons, calendar, catalogue, requests, journal and jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915  every table of the foundation
    """Bring the database to this revision."""
    op.create_table(
        "building_blocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building_blocks")),
        sa.UniqueConstraint("code", name=op.f("uq_building_blocks_code")),
    )
    op.create_table(
        "calendar_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_revision")),
    )
    op.create_table(
        "departments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
        sa.UniqueConstraint("code", name=op.f("uq_departments_code")),
    )
    op.create_table(
        "form_keys",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_keys")),
    )
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_keys_used_at"), ["used_at"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("lane", sa.String(length=60), nullable=True),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column(
            "state", sa.Enum("queued", "running", "done", "quarantined", name="jobstate", native_enum=False, length=20), nullable=False
        ),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=2000), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_lane", ["lane", "state", "id"], unique=False)
        batch_op.create_index("ix_jobs_state_run_at", ["state", "run_at", "id"], unique=False)

    op.create_table(
        "locations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sa.UniqueConstraint("code", name=op.f("uq_locations_code")),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("code", name=op.f("uq_products_code")),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("code", name=op.f("uq_questions_code")),
    )
    op.create_table(
        "throttles",
        sa.Column("bucket", sa.String(length=100), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_throttles")),
    )
    with op.batch_alter_table("throttles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_throttles_window_ends_at"), ["window_ends_at"], unique=False)

    op.create_table(
        "block_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum("draft", "published", "retired", name="versionstate", native_enum=False, length=20), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("norm_amount", sa.Integer(), nullable=False),
        sa.Column("norm_unit", sa.Enum("working_days", "working_hours", name="normunit", native_enum=False, length=20), nullable=False),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["block_id"], ["building_blocks.id"], name=op.f("fk_block_versions_block_id_building_blocks")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_block_versions_department_id_departments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_versions")),
        sa.UniqueConstraint("block_id", "number", name=op.f("uq_block_versions_block_id_number")),
    )
    with op.batch_alter_table("block_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_block_versions_department_id"), ["department_id"], unique=False)
        batch_op.create_index(
            "uq_block_versions_published",
            ["block_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )

    op.create_table(
        "closed_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=True),
        sa.Column("closes_minute", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_closed_days_department_id_departments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
    )
    with op.batch_alter_table("closed_days", schema=None) as batch_op:
        batch_op.create_index("ix_closed_days_on", ["on"], unique=False)

    op.create_table(
        "durations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("norm_minutes", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["building_blocks.id"], name=op.f("fk_durations_block_id_building_blocks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_durations")),
    )
    with op.batch_alter_table("durations", schema=None) as batch_op:
        batch_op.create_index("ix_durations_block_id_finished_at", ["block_id", "finished_at"], unique=False)

    op.create_table(
        "opening_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens_minute < closes_minute", name=op.f("ck_opening_hours_opens_before_closes")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_opening_hours_department_id_departments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
    )
    with op.batch_alter_table("opening_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_hours_department_id"), ["department_id"], unique=False)

    op.create_table(
        "paces",
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("expected_minutes", sa.Integer(), nullable=False),
        sa.Column("latest_minutes", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("finished_in_norm", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["building_blocks.id"], name=op.f("fk_paces_block_id_building_blocks")),
        sa.PrimaryKeyConstraint("block_id", name=op.f("pk_paces")),
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("function", sa.JSON(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_persons_department_id_departments")),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name=op.f("fk_persons_location_id_locations")),
        sa.ForeignKeyConstraint(["manager_id"], ["persons.id"], name=op.f("fk_persons_manager_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("username", name=op.f("uq_persons_username")),
    )
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_persons_department_id"), ["department_id"], unique=False)

    op.create_table(
        "product_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum("draft", "published", "retired", name="versionstate", native_enum=False, length=20), nullable=False),
        sa.Column("kind", sa.Enum("single", "situation", name="productkind", native_enum=False, length=20), nullable=False),
        sa.Column("tier", sa.Enum("basic", "plus", "supplementary", name="tier", native_enum=False, length=20), nullable=False),
        sa.Column("level", sa.Enum("operational", "tactical", "strategic", name="level", native_enum=False, length=20), nullable=False),
        sa.Column(
            "theme",
            sa.Enum(
                "workplace", "people", "meeting", "building", "ict", "communication", "advice", name="theme", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("icon", sa.String(length=30), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["departments.id"], name=op.f("fk_product_versions_owner_id_departments")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_product_versions_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_versions")),
        sa.UniqueConstraint("product_id", "number", name=op.f("uq_product_versions_product_id_number")),
    )
    with op.batch_alter_table("product_versions", schema=None) as batch_op:
        batch_op.create_index(
            "uq_product_versions_published",
            ["product_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )

    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(length=60), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=60), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["persons.id"], name=op.f("fk_journal_actor_id_persons")),
        sa.ForeignKeyConstraint(["on_behalf_of_id"], ["persons.id"], name=op.f("fk_journal_on_behalf_of_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("stream", "sequence", name=op.f("uq_journal_stream_sequence")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_at", ["at"], unique=False)

    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("product_version_id", sa.Integer(), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("beneficiary_id", sa.Integer(), nullable=True),
        sa.Column("beneficiary_name", sa.String(length=120), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted", "in_progress", "suspended", "done", "refused", "cancelled", name="requeststate", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wished_on", sa.Date(), nullable=True),
        sa.Column("first_expected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_latest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.Column("tracking_hash", sa.String(length=64), nullable=False),
        sa.Column("tracking_seed", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["beneficiary_id"], ["persons.id"], name=op.f("fk_requests_beneficiary_id_persons")),
        sa.ForeignKeyConstraint(["owner_id"], ["departments.id"], name=op.f("fk_requests_owner_id_departments")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_requests_product_id_products")),
        sa.ForeignKeyConstraint(
            ["product_version_id"], ["product_versions.id"], name=op.f("fk_requests_product_version_id_product_versions")
        ),
        sa.ForeignKeyConstraint(["requester_id"], ["persons.id"], name=op.f("fk_requests_requester_id_persons")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["persons.id"], name=op.f("fk_requests_submitted_by_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("tracking_hash", name=op.f("uq_requests_tracking_hash")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index("ix_requests_beneficiary_id", ["beneficiary_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_product_id"), ["product_id"], unique=False)
        batch_op.create_index("ix_requests_requester_id", ["requester_id", "id"], unique=False)
        batch_op.create_index("ix_requests_state_latest_at", ["state", "latest_at", "id"], unique=False)

    op.create_table(
        "role_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "employee",
                "manager",
                "back_office",
                "department_manager",
                "service_desk",
                "coordinator",
                "catalogue_manager",
                "knowledge_author",
                "administrator",
                name="role",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_role_assignments_department_id_departments")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_role_assignments_person_id_persons"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
        sa.UniqueConstraint("person_id", "role", "department_id", name=op.f("uq_role_assignments_person_id_role_department_id")),
    )
    with op.batch_alter_table("role_assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_assignments_person_id"), ["person_id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "template",
            sa.Enum("submitted", "dates_changed", "question", "refused", "closed", name="mail", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column(
            "state", sa.Enum("waiting", "queued", "sent", "failed", name="deliverystate", native_enum=False, length=20), nullable=False
        ),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["journal.id"], name=op.f("fk_deliveries_entry_id_journal")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_deliveries_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("entry_id", "person_id", name=op.f("uq_deliveries_entry_id_person_id")),
        sa.UniqueConstraint("message_id", name=op.f("uq_deliveries_message_id")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_state"), ["state"], unique=False)

    op.create_table(
        "order_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("product_version_id", sa.Integer(), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("beneficiary_id", sa.Integer(), nullable=True),
        sa.Column("beneficiary_name", sa.String(length=120), nullable=False),
        sa.Column("tree_answers", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.Column("has_details", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["beneficiary_id"], ["persons.id"], name=op.f("fk_order_drafts_beneficiary_id_persons")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_order_drafts_person_id_persons")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_order_drafts_product_id_products")),
        sa.ForeignKeyConstraint(
            ["product_version_id"], ["product_versions.id"], name=op.f("fk_order_drafts_product_version_id_product_versions")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_order_drafts_request_id_requests")),
        sa.ForeignKeyConstraint(["requester_id"], ["persons.id"], name=op.f("fk_order_drafts_requester_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_drafts")),
        sa.UniqueConstraint("token", name=op.f("uq_order_drafts_token")),
    )
    with op.batch_alter_table("order_drafts", schema=None) as batch_op:
        batch_op.create_index("ix_order_drafts_person_id", ["person_id", "changed_at"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("block_version_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "ready",
                "in_progress",
                "suspended",
                "done",
                "refused",
                "cancelled",
                name="taskstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("norm_minutes", sa.Integer(), nullable=False),
        sa.Column("expected_minutes", sa.Integer(), nullable=False),
        sa.Column("latest_minutes", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("running_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worked_minutes", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "suspend_reason", sa.Enum("customer", "supplier", "other", name="suspendreason", native_enum=False, length=20), nullable=True
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["building_blocks.id"], name=op.f("fk_tasks_block_id_building_blocks")),
        sa.ForeignKeyConstraint(["block_version_id"], ["block_versions.id"], name=op.f("fk_tasks_block_version_id_block_versions")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_tasks_department_id_departments")),
        sa.ForeignKeyConstraint(["handler_id"], ["persons.id"], name=op.f("fk_tasks_handler_id_persons")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_tasks_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tasks_expected",
            ["expected_at"],
            unique=False,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.create_index("ix_tasks_handler", ["handler_id", "state", "due_at", "id"], unique=False)
        batch_op.create_index(
            "ix_tasks_open",
            ["department_id", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.create_index("ix_tasks_queue", ["department_id", "state", "due_at", "id"], unique=False)
        batch_op.create_index("ix_tasks_request_id", ["request_id", "position"], unique=False)

    op.create_table(
        "task_dependencies",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("needs", "order", name="dependencykind", native_enum=False, length=20), nullable=False),
        sa.ForeignKeyConstraint(["after_id"], ["tasks.id"], name=op.f("fk_task_dependencies_after_id_tasks")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_dependencies_task_id_tasks")),
        sa.PrimaryKeyConstraint("task_id", "after_id", name=op.f("pk_task_dependencies")),
    )
    with op.batch_alter_table("task_dependencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_dependencies_after_id"), ["after_id"], unique=False)


def downgrade() -> None:  # noqa: PLR0915  every table of the foundation
    """Go back to the revision before."""
    with op.batch_alter_table("task_dependencies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_dependencies_after_id"))

    op.drop_table("task_dependencies")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_request_id")
        batch_op.drop_index("ix_tasks_queue")
        batch_op.drop_index("ix_tasks_open", sqlite_where=sa.text("finished_at IS NULL"), postgresql_where=sa.text("finished_at IS NULL"))
        batch_op.drop_index("ix_tasks_handler")
        batch_op.drop_index(
            "ix_tasks_expected", sqlite_where=sa.text("finished_at IS NULL"), postgresql_where=sa.text("finished_at IS NULL")
        )

    op.drop_table("tasks")
    with op.batch_alter_table("order_drafts", schema=None) as batch_op:
        batch_op.drop_index("ix_order_drafts_person_id")

    op.drop_table("order_drafts")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_state"))

    op.drop_table("deliveries")
    with op.batch_alter_table("role_assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_assignments_person_id"))

    op.drop_table("role_assignments")
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index("ix_requests_state_latest_at")
        batch_op.drop_index("ix_requests_requester_id")
        batch_op.drop_index(batch_op.f("ix_requests_product_id"))
        batch_op.drop_index("ix_requests_beneficiary_id")

    op.drop_table("requests")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_at")

    op.drop_table("journal")
    with op.batch_alter_table("product_versions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_product_versions_published", sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'")
        )

    op.drop_table("product_versions")
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_persons_department_id"))

    op.drop_table("persons")
    op.drop_table("paces")
    with op.batch_alter_table("opening_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_hours_department_id"))

    op.drop_table("opening_hours")
    with op.batch_alter_table("durations", schema=None) as batch_op:
        batch_op.drop_index("ix_durations_block_id_finished_at")

    op.drop_table("durations")
    with op.batch_alter_table("closed_days", schema=None) as batch_op:
        batch_op.drop_index("ix_closed_days_on")

    op.drop_table("closed_days")
    with op.batch_alter_table("block_versions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_block_versions_published", sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'")
        )
        batch_op.drop_index(batch_op.f("ix_block_versions_department_id"))

    op.drop_table("block_versions")
    with op.batch_alter_table("throttles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_throttles_window_ends_at"))

    op.drop_table("throttles")
    op.drop_table("questions")
    op.drop_table("products")
    op.drop_table("locations")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_state_run_at")
        batch_op.drop_index("ix_jobs_lane")

    op.drop_table("jobs")
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_keys_used_at"))

    op.drop_table("form_keys")
    op.drop_table("departments")
    op.drop_table("calendar_revision")
    op.drop_table("building_blocks")
