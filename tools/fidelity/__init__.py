"""The fidelity ledger: what is known of WSAPI v2.0, from where, what we do, and which test holds it.

The facts are data (`docs/fidelity/*.toml`), the page is generated (`docs/fidelity.md`): `python -m tools.fidelity` writes it,
`--check` compares. tests/docs keeps both together.
"""
