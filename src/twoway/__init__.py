"""Twoway: the open, self-hosted home for mentoring programmes."""
