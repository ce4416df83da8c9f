"""WSAPI v2.0 on the wire: addresses, parameters, bodies, envelopes, rendering, error texts. Decides nothing of its own."""
