"""Files people attach: noted with the message, fetched by id, checked, cleaned, kept under the seal."""
