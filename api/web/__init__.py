"""The pages that people look at: server-rendered, at the same addresses as the data."""
