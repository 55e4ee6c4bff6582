"""The core of edugraph: reads, builds, checks, publishes and queries the graph, and knows no HTTP."""
