"""Tests: unit, api (on the wire, both databases), property, clients (real ones), storage, docs, lint."""
