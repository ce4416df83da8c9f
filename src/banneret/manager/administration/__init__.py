"""`/admin/`: subscription, users, workspaces, projects, permissions, sign-on and the audit log, by the operations that WSAPI has."""
