# Names of a table against the graph: the best candidate of each.
names <- c("ЮНЕСКО", "UNICEF Kazakhstan")
queries <- setNames(lapply(names, function(name) list(query = name, limit = 1)), seq_along(names))
asked <- URLencode(as.character(jsonlite::toJSON(queries, auto_unbox = TRUE)), reserved = TRUE)
found <- jsonlite::fromJSON(paste0("http://127.0.0.1:8000/reconcile?queries=", asked))
for (number in seq_along(names)) {
  best <- found[[as.character(number)]]$result
  cat(names[number], "->", best$id, best$score, best$match, "\n")
}
