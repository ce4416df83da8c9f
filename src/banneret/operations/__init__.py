"""One module a verb: they check, decide and write; the only writers. Every write leaves an event."""
