"""Who a request is and what it may do. Decides over frozen facts, never fetches: no I/O, no SQL, no web."""
