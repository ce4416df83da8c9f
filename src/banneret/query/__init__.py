"""The query language: text to tree to condition, and conditions tried in plain Python. No SQL, no I/O."""
