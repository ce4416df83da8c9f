"""Banneret: a self-hosted server that speaks Rally WSAPI v2.0 with API keys."""

__version__ = "0.1.0"
