"""Webhooks and what outside systems sent."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLES = ("link_inbound", "link_senders", "link_deliveries", "link_messages", "link_receivers")


def upgrade() -> None:
    """Move the schema on by one revision."""
    _create_receivers()
    _create_messages()
    _create_senders()


def _create_receivers() -> None:
    op.create_table(
        "link_receivers",
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=24), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("merchant_id", sa.String(length=128), nullable=True),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("secret_number", sa.Integer(), nullable=False),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("receiver_id", name=op.f("pk_link_receivers")),
        sa.UniqueConstraint("name", name=op.f("uq_link_receivers_name")),
    )


def _create_messages() -> None:
    op.create_table(
        "link_messages",
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("city_id", sa.String(length=128), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("merchant_id", sa.String(length=128), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("inner", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_link_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_link_messages_key")),
    )
    op.create_index(op.f("ix_link_messages_happened_at"), "link_messages", ["happened_at"])
    op.create_table(
        "link_deliveries",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_answer", sa.Text(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["link_receivers.receiver_id"],
            name=op.f("fk_link_deliveries_receiver_id_link_receivers"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["link_messages.message_id"], name=op.f("fk_link_deliveries_message_id_link_messages")
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_link_deliveries")),
        sa.UniqueConstraint("receiver_id", "message_id", name="uq_link_deliveries_receiver_message"),
    )
    op.create_index("ix_link_deliveries_due", "link_deliveries", ["state", "next_at"])


def _create_senders() -> None:
    op.create_table(
        "link_senders",
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("secret_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("sender_id", name=op.f("pk_link_senders")),
        sa.UniqueConstraint("name", name=op.f("uq_link_senders_name")),
    )
    op.create_table(
        "link_inbound",
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["link_senders.sender_id"], name=op.f("fk_link_inbound_sender_id_link_senders")
        ),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("pk_link_inbound")),
        sa.UniqueConstraint("sender_id", "message_id", name="uq_link_inbound_sender_message"),
    )
    op.create_index(op.f("ix_link_inbound_received_at"), "link_inbound", ["received_at"])


def downgrade() -> None:
    """Take it back."""
    for name in TABLES:
        op.drop_table(name)
