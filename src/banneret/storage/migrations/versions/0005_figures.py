"""Figures are worked out when they are read: their columns go. What was never computed before gets the value of an empty one."""

from alembic import op

revision = "0005_figures"
down_revision = "0004_session_notes"

GONE = {
    "artifact": (
        *("childstorypredecessornotscheduled", "childstorypredecessorscheduledinsameorlateriteration"),
        *("closeddefectcount", "directpassingtestcasecount", "hasparent", "passingtestcasecount"),
        *("predecessornotscheduled", "predecessorscheduledinsameorlateriteration", "preliminaryestimatecountvalue"),
        *("preliminaryestimatevalue", "testcasecount", "testcasestatus", "timespent", "totaldefectcount"),
        "totaldirecttestcasecount",
    ),
    "iteration": ("cascadedtochildren", "syncedwithparent"),
    "release": ("cascadedtochildren", "syncedwithparent"),
    "slice": (
        *("acceptedworkitemcount", "acceptedworkitempoints", "closedprojectcount", "percentdonebyworkitemcount"),
        *("percentdonebyworkitempoints", "totalprojectcount", "totalworkitemcount"),
        "totalworkitempoints",
    ),
    "tag": ("usagecount",),
    "useriterationcapacity": ("load", "taskestimates"),
}


def upgrade() -> None:
    """Drop the columns, and say of build definitions that they have no builds where they have none."""
    for table, columns in GONE.items():
        for column in columns:
            op.drop_column(table, column)
    op.execute("UPDATE builddefinition SET laststatus = 'NO BUILDS' WHERE laststatus IS NULL")
