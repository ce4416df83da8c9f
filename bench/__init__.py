"""How fast Banneret is, beside a prototype of the same work without a catalogue and permissions; see docs/performance.md."""
