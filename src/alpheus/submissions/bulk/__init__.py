"""Bulk intake: a label's catalogue from a folder or a zip with a sheet, row by row, into drafts of releases. It decides nothing about them."""
