"""What the catalogue's families are called, in the order in which people look for them."""

FAMILIES = {
    "artifact": "Work items",
    "portfolio": "Portfolio items",
    "timebox": "Timeboxes, milestones and tags",
    "test": "Tests",
    "organisation": "Subscription, workspaces, projects and users",
    "history": "History, discussion, files and preferences",
    "scm": "Source control and builds",
    "objective": "Objectives and key results",
    "planning": "Capacity planning",
    "time": "Time tracking",
    "vsm": "Value streams",
    "metadata": "Types that describe types",
    "page": "Pages and widgets",
    "roots": "Roots of the inheritance",
}
