"""What the JSON answers hold, written once as JSON Schema: the OpenAPI document refers to these records by name."""
