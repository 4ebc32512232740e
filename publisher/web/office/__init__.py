"""The office: the staff console and the API, for those who have come in."""
