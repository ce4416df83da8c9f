"""Scenario files in and out: everything that a server holds, in one YAML file (design 4.3)."""
