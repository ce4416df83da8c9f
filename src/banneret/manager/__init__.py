"""The pages: log-in, Application Manager, settings. They work without scripts; every form says what is wrong beside its field."""
