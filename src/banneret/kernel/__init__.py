"""Ids, refs, clock, field values and the error tree. Nothing of ours lies below; no I/O."""
