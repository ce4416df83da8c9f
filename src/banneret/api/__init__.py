"""The management API and the OpenAPI description of the whole service."""
